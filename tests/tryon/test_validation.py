"""Validation: every problem at once, with place and the nearest valid name."""

import pytest

from tryon.config import parse_graph
from tryon.errors import GraphError
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
