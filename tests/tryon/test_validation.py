"""Validation: every problem at once, with place and the nearest valid name."""

import re

import pytest

from tryon.config import parse_graph
from tryon.errors import GraphError, GraphWarning
from tryon.validation import validate

PASS = 'node { calculator: "TestPassCalculator" input_stream: "%s" output_stream: "%s" }\n'


def problems(text: str) -> str:
    with pytest.raises(GraphError) as error:
        validate(parse_graph(text, "g"))
    return str(error.value)


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            'node { calculator: "TestPasCalculator" output_stream: "o" }',
            [
                "g:1:20: No registered object with name: TestPasCalculator; Unable to find Calculator",
                'Did you mean "TestPassCalculator"?',
            ],
        ),
        ('node { output_stream: "o" }', ['Unable to find Calculator ""']),
        (
            'input_stream: "video"\n' + PASS % ("vido", "out"),
            [
                'g:2:55: Input Stream "vido" for node with sorted index 0 name TestPassCalculator does not '
                'have a corresponding output stream. Did you mean "video"?'
            ],
        ),
        (
            'input_stream: "in"\n' + PASS % ("in", "out") + PASS % ("in", "out"),
            ['g:3:75: Output Stream "out" defined twice.'],
        ),
        ('input_stream: "in" input_stream: "out"\n' + PASS % ("in", "out"), ['"out" defined twice.']),
        (
            PASS % ("y", "x") + PASS % ("x", "y"),
            [
                "stream cycle detected in graph: [TestPassCalculator_1, TestPassCalculator_2]",
                "back_edge: true",
            ],
        ),
        (PASS % ("x", "x"), ["stream cycle detected in graph: [TestPassCalculator]"]),
        (
            'input_stream: "in"\nnode { calculator: "TestEvenCalculator" input_stream: "in" '
            'input_stream: "in" output_stream: "o" }',
            ['Tag "" index 1 was not expected. (g:2:74)', "tryon inspect TestEvenCalculator"],
        ),
        (
            'input_stream: "in"\nnode { calculator: "TestPrevCalculator" input_stream: "MAIN:in" '
            'output_stream: "PAIR:p" }',
            ["TestPrevCalculator::GetContract failed to validate", 'Failed to get tag "LOOP" index 0'],
        ),
        (
            'input_stream: "In"\nnode { calculator: "TestPassCalculator" input_stream: "In" '
            'output_stream: "o" }',
            ["Unable to initialize TagMaps for node.", '"In" does not match', "For calculator:"],
        ),
        ('node { calculator: "TestBadContractCalculator" }', ["ZeroDivisionError: contract"]),
        (
            'input_stream: "in"\nnode { calculator: "TestEvenCalculator" input_stream: "in" '
            'output_stream: "n" }\nnode { calculator: "TestBoundsCalculator" input_stream: "n" '
            'output_stream: "b" }\nnode { calculator: "TestEvenCalculator" input_stream: "b" '
            'output_stream: "m" }',
            [
                'Input stream "b" of calculator',
                'type "int" but the connected output stream will contain packets of type "bool"',
            ],
        ),
        (
            'input_stream: "in"\nnode { calculator: "TestBoundsCalculator" input_stream: "in" '
            'output_stream: "b" }\n' + PASS % ("b", "c") + 'node { calculator: "TestEvenCalculator" '
            'input_stream: "c" output_stream: "m" }',
            ['contain packets of type "[Same Type As bool]"'],
        ),
        ("num_threads: 2 executor { }", ["should not both be specified"]),
        ('executor { name: "gpu" }', ['"gpu" is a reserved executor name.']),
        ('executor { name: "x" type: "ThreadPool" }', ['Unable to find Executor "ThreadPool"']),
        (
            'input_stream: "in"\nnode { calculator: "TestPassCalculator" input_stream: "in" '
            'output_stream: "o" executor: "x" }',
            ['The executor "x" is not declared in an ExecutorConfig.'],
        ),
        (
            'input_stream: "in" input_stream_handler { input_stream_handler: "ImmediateInputHandler" }'
            + PASS % ("in", "out"),
            ['Did you mean "ImmediateInputStreamHandler"?'],
        ),
        ('status_handler { status_handler: "Nope" }', ['Unable to find StatusHandler "Nope"']),
    ],
)
def test_exception(text: str, messages: list[str]) -> None:
    found = problems(text)
    assert [message for message in messages if message not in found] == [], found


def test_all_problems_at_once() -> None:
    found = problems(
        'node { calculator: "NopeCalculator" output_stream: "o" }\n'
        + PASS % ("nowhere", "x")
        + PASS % ("o", "x")
    )
    assert 'Unable to find Calculator "NopeCalculator"' in found
    assert 'Input Stream "nowhere"' in found
    assert 'Output Stream "x" defined twice.' in found
    assert 'Input Stream "o"' not in found


@pytest.mark.parametrize(
    ("info", "message"),
    [
        (
            'tag_index: "NOPE" back_edge: true',
            '"NOPE" requested in InputStreamInfo but is not an input stream',
        ),
        (
            'tag_index: "LOOP" back_edge: true } input_stream_info { tag_index: "LOOP" back_edge: true',
            '"LOOP" has more than one InputStreamInfo.',
        ),
    ],
)
def test_back_edges(info: str, message: str) -> None:
    assert message in problems(
        'input_stream: "in"\nnode { calculator: "TestPrevCalculator" input_stream: "MAIN:in" '
        f'input_stream: "LOOP:in" output_stream: "PAIR:p" input_stream_info {{ {info} }} }}'
    )


def test_nodes_come_in_topological_order() -> None:
    graph = validate(parse_graph('input_stream: "in"\n' + PASS % ("b", "c") + PASS % ("in", "b"), "g"))
    assert [list(info.node.output_stream) for info in graph.nodes] == [["b"], ["c"]]
    assert graph.producers == {"in": -1, "c": 1, "b": 0}


@pytest.mark.parametrize("text", ["", 'output_stream: "nobody_makes_this"', 'input_side_packet: "s"'])
def test_nothing_to_complain_about(text: str) -> None:
    assert validate(parse_graph(text, "g")).nodes == []


SUBGRAPH = """type: "Twice"
input_stream: "I:i"
output_stream: "O:o"
node { calculator: "TestPasCalculator" input_stream: "i" output_stream: "m" }
node { calculator: "TestPassCalculator" input_stream: "nix" output_stream: "o" }
"""
BROKEN = """executor { name: "gpu" type: "ThreadPoolExecutor" }
input_stream: "in"
node { calculator: "Twice" input_stream: "NOPE:in" output_stream: "O:a" }
node { calculator: "Twice" input_stream: "I:in" output_stream: "O:b" name: "second" }
node { calculator: "TestPassCalculator" input_stream: "a" output_stream: "c" }
node { calculator: "TestPassCalculator" input_stream: "d" output_stream: "c" }
node { calculator: "GateCalculator" input_stream: "c" input_stream: "ALOW:b" output_stream: "g" }
node { calculator: "TestPassCalculator" input_stream: "y" output_stream: "x" }
node { calculator: "TestPassCalculator" input_stream: "x" output_stream: "y" executor: "slow" }
node { calculator: "In" input_stream: "I-n" }
"""


def test_problems_of_every_kind_at_once() -> None:
    with pytest.raises(GraphError) as error:
        validate(parse_graph(BROKEN, "main"), [parse_graph(SUBGRAPH, "sub")])
    lines = [line for line in str(error.value).splitlines() if re.match(r"main:|sub:", line)]
    starts = [
        'main:1:1: "gpu" is a reserved executor name.',
        "main:1:1: num_threads is not specified in ThreadPoolExecutorOptions.",
        'main:9:88: The executor "slow" is not declared',
        "main:3:42: while processing the input streams of subgraph node Twice: ; "
        'Tag "NOPE" does not exist in the subgraph config.',
        "main:7:1: GateCalculator::GetContract failed to validate:",
        "main:10:20: No registered object with name: In;",
        "main:10:1: Unable to initialize TagMaps for node.",
        'main:10:39: TAG:index:name is invalid, "I-n"',
        "sub:4:20: [in second, used at main:4:1] No registered object with name: TestPasCalculator",
        'main:6:74: Output Stream "c" defined twice. (The first: main:5:74.)',
        'main:6:55: Input Stream "d" for node with sorted index 1 name TestPassCalculator_2 does not',
        'sub:5:55: [in second, used at main:4:1] Input Stream "second__nix" for node',
        "main:8:1: Generator side packet cycle or calculator stream cycle detected in graph: "
        "[TestPassCalculator_1, TestPassCalculator_2] (the nodes at main:8:1, main:9:1;",
    ]
    assert len(lines) == len(starts), str(error.value)
    assert [line[: len(start)] for line, start in zip(lines, starts, strict=True)] == starts
    assert 'Did you mean "ALLOW"?' in str(error.value)


@pytest.mark.parametrize(
    ("node", "lines"),
    [
        (
            'calculator: "PreviousLoopbackCalculator"',
            [
                "For input streams ValidatePacketTypeSet failed:",
                'Failed to get tag "LOOP" index 0',
                'Failed to get tag "MAIN" index 0',
                "For output streams ValidatePacketTypeSet failed:",
                'Failed to get tag "PREV_LOOP" index 0',
            ],
        ),
        (
            'calculator: "GateCalculator" input_stream: "NOPE:in" output_stream: "NADA:o" '
            'input_side_packet: "SNOPE:s" output_side_packet: "SNADA:t"',
            [
                "For input streams ValidatePacketTypeSet failed:",
                'Tag "NOPE" index 0 was not expected. (g:2:51)',
                "For output streams ValidatePacketTypeSet failed:",
                'Tag "NADA" index 0 was not expected. (g:2:76)',
                "For input side packets ValidatePacketTypeSet failed:",
                'Tag "SNOPE" index 0 was not expected. (g:2:104)',
                "For output side packets ValidatePacketTypeSet failed:",
                'Tag "SNADA" index 0 was not expected. (g:2:134)',
            ],
        ),
    ],
)
def test_all_missing_and_unexpected_tags(node: str, lines: list[str]) -> None:
    found = problems(f'input_stream: "in"\nnode {{ {node} }}').splitlines()
    assert found[1].startswith("g:2:1: ")
    assert found[1].endswith("::GetContract failed to validate: ")
    assert found[2:-1] == lines


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("executor { } executor { }", "ExecutorConfig for the default executor is duplicate."),
        ('executor { name: "x" }', 'ExecutorConfig for "x" does not have a "type" field.'),
        ('executor { name: "__x" type: "ThreadPoolExecutor" }', '"__x" is a reserved executor name.'),
        ('executor { name: "x" type: "ApplicationThreadExecutor" }', "it can only be the default executor"),
        (
            'executor { type: "ThreadPoolExecutor" }',
            "num_threads is not specified in ThreadPoolExecutorOptions.",
        ),
        (
            "executor { options { [mediapipe.ThreadPoolExecutorOptions.ext] { "
            "num_threads: 0 stack_size: -1 } } }",
            "num_threads field in ThreadPoolExecutorOptions should be positive but is 0",
        ),
        ("num_threads: -2", "g:1:14: The num_threads field in ThreadPoolExecutorOptions should be positive"),
        ('input_stream: "A:1:a"', 'Not all indexes were assigned names.  Tag "A" has the following:'),
        ('input_stream: "A:a" input_stream: "A:b"', 'tag "A" index 0 already had a name "a"'),
        ('output_stream: "Out"', 'g:1:16: TAG:index:name is invalid, "Out"'),
        ('packet_generator { packet_generator: "G" output_side_packet: "B-d" }', 'invalid, "B-d"'),
        (
            'input_stream: "in" node { calculator: "PassThroughCalculator" input_stream: "in" '
            'output_stream: "o" max_in_flight: -1 }',
            "max_in_flight is -1",
        ),
        (
            'input_stream: "in" node { calculator: "PassThroughCalculator" input_stream: "in" '
            'output_stream: "o" output_stream_handler { output_stream_handler: "InOrder" } }',
            '"InOrder" is not a registered output stream handler.',
        ),
        (
            'input_stream: "in" node { calculator: "PassThroughCalculator" input_stream: "in" '
            'output_stream: "o" input_stream_handler { input_stream_handler: "" } }',
            '"" is not a registered input stream handler.',
        ),
        (
            'input_stream: "in" node { calculator: "PassThroughCalculator" input_stream: "in" '
            'output_stream: "o" input_stream_handler { input_stream_handler: "SyncSetInputStreamHandler" '
            "options { [mediapipe.SyncSetInputStreamHandlerOptions.ext] { "
            'sync_set { tag_index: "a b" } } } } }',
            'PassThroughCalculator: TAG:index is invalid, "a b" does not match',
        ),
        (
            'input_stream: "in" node { calculator: "GateCalculator" input_stream: "in" output_stream: "o" '
            'node_options { type_url: "t/mediapipe.GateCalculatorOptions" value: "\\377\\377" } }',
            "The bytes in node_options are no mediapipe.GateCalculatorOptions.",
        ),
        (
            'input_stream: "f" node { name: "second" calculator: "TestEvenCalculator" input_stream: "b" '
            'output_stream: "c" } node { calculator: "TestBoundsCalculator" input_stream: "f" '
            'output_stream: "b" }',
            'Input stream "b" of calculator "second" expects packets of type "int" but the connected output '
            'stream will contain packets of type "bool"',
        ),
        (
            'input_stream: "f" node { calculator: "TestEvenCalculator" input_stream: "f" '
            'output_stream: "c" } node { calculator: "GateCalculator" input_stream: "f" '
            'input_stream: "ALLOW:f" output_stream: "g" }',
            'expects packets of type "bool" but the connected output stream will contain packets of type '
            '"[Same Type As int]"',
        ),
    ],
)
def test_more_problems(text: str, message: str) -> None:
    assert message in problems(text)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('input_stream: "a"\noutput_stream: "b"', 2, 'No node makes the output_stream "b" of the graph.'),
        ('packet_factory { packet_factory: "F" }', 1, 'The packet_factory "F" has no effect.'),
        (
            'input_stream: "in"\nnode { calculator: "PassThroughCalculator" input_stream: "in" '
            'output_stream: "o"\n'
            "node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { } } }",
            3,
            "PassThroughCalculator has no options: those of type mediapipe.GateCalculatorOptions have no "
            "effect.",
        ),
        (
            'input_stream: "in"\nnode { calculator: "GateCalculator" input_stream: "in" output_stream: "o"\n'
            "options { [mediapipe.GateCalculatorOptions.ext] { allow: true } }\n"
            "node_options { [type.googleapis.com/mediapipe.GateCalculatorOptions] { } } }",
            4,
            "GateCalculator has options in options { }: these have no effect.",
        ),
    ],
)
def test_warnings_have_the_place_in_the_graph(text: str, line: int, message: str) -> None:
    with pytest.warns(GraphWarning, match=re.escape(message)) as caught:
        validate(parse_graph(text, "g.pbtxt"))
    assert [(str(warning.filename), warning.lineno) for warning in caught] == [("g.pbtxt", line)]


def test_what_mediapipe_accepts_is_no_problem() -> None:
    validate(
        parse_graph(
            'input_stream: "x" input_side_packet: "x" input_side_packet: "S" input_side_packet: "x"'
            'input_stream_handler { input_stream_handler: "Unknown" }',
            "g",
        )
    )


def test_types_flow_through_nodes_that_take_anything() -> None:
    graph = validate(
        parse_graph(
            'input_stream: "in" input_side_packet: "s"\n'
            + PASS % ("in", "a")
            + PASS % ("a", "b")
            + 'node { calculator: "TestEvenCalculator" input_stream: "b" output_stream: "c" }\n'
            'node { calculator: "PassThroughCalculator" input_side_packet: "s" output_side_packet: "t" }\n'
            'node { calculator: "TestSideCalculator" input_side_packet: "N:t" '
            'output_side_packet: "TWICE:u" }',
            "g",
        )
    )
    for name in ("in", "a", "b", "c"):
        kind = graph.stream_type(name)
        assert kind is not None
        assert kind.resolved() == (int,)


def test_the_graphs_policy_stands_in_every_node() -> None:
    graph = validate(
        parse_graph(
            'input_stream: "in" '
            'input_stream_handler { input_stream_handler: "ImmediateInputStreamHandler" }\n'
            + PASS
            % ("in", "a"),
            "g",
        )
    )
    handler = graph.config.node[0].input_stream_handler.input_stream_handler
    assert handler == "ImmediateInputStreamHandler"


def test_what_broken_nodes_read_is_checked_too() -> None:
    with pytest.raises(GraphError) as error:
        text = (
            'input_stream: "in"\n'
            'node { calculator: "NopeCalculator" input_stream: "inn" output_stream: "a" }\n'
            'node { calculator: "TestPassCalculator" input_stream: "a" input_stream: "b" output_stream: "c" }'
        )
        validate(parse_graph(text, "g"))
    message = str(error.value)
    assert 'Unable to find Calculator "NopeCalculator"' in message
    assert 'g:2:51: Input Stream "inn"' in message
    assert 'Did you mean "in"?' in message
    assert '"b"' in message
    assert 'Input Stream "a"' not in message
