"""Every calculator's docstring is held against its contract and its options message.

The example must load as it stands; each documented tag and option must exist; each tag and option that
exists must be documented. To find out which tags a contract knows, the example is loaded with one entry
more for every tag that the calculator's module has a constant for.
"""

import sys

import pytest
from google.protobuf.descriptor import Descriptor

from tryon.calculator import Calculator
from tryon.config import parse_graph
from tryon.contract import CalculatorContract, Node
from tryon.docstring import STREAM_SECTIONS, CalculatorDocstring, parse_docstring
from tryon.errors import GraphError
from tryon.registry import calculator_names, find_calculator

SECTION_OF = {field: section for section, field in STREAM_SECTIONS.items()}


def stock_calculators() -> list[type[Calculator]]:
    found = [find_calculator(name) for name in calculator_names()]
    return [
        calculator for calculator in found if calculator and calculator.__module__.startswith("calculators.")
    ]


CALCULATORS = stock_calculators()
every_calculator = pytest.mark.parametrize("calculator", CALCULATORS, ids=lambda c: c.__name__)


def example_node(calculator: type[Calculator]) -> Node:
    docstring = parse_docstring(calculator.__doc__)
    config = parse_graph(docstring.example, f"the example of {calculator.__name__}").config
    assert len(config.node) == 1, "the example is one node"
    return config.node[0]


def split_entry(entry: str) -> tuple[str, str]:
    """("TAG", "stream") or ("", "stream")."""
    tag, _, name = entry.rpartition(":")
    return tag.partition(":")[0], name


def documented_tag(entry: str) -> str:
    """The tag under which the docstring documents a node's entry; untagged entries are "0", "1" ..."""
    return split_entry(entry)[0] or "0"


def accepts(calculator: type[Calculator], node: Node, field: str, tag: str) -> bool:
    """True when the contract of `node` can be made and declares the first entry of `tag`."""
    try:
        contract = CalculatorContract(node)
        calculator.get_contract(contract)
    except GraphError:
        return False
    types = {
        "input_stream": contract.inputs,
        "output_stream": contract.outputs,
        "input_side_packet": contract.input_side_packets,
        "output_side_packet": contract.output_side_packets,
    }[field]
    key = int(tag) if tag.isdigit() else tag
    return key in types and types[key].is_set


def with_tag(node: Node, field: str, tag: str) -> list[Node]:
    """Nodes that have an entry of the tag, one of which loads where the contract knows the tag.

    The entry is added; added on the other side, too (what passes through); or takes the place of another or
    of the options.
    """
    if any(documented_tag(entry) == tag for entry in getattr(node, field)):
        return [node]
    entry = "extra_entry" if tag.isdigit() else f"{tag}:extra_entry"
    count = 3 + sum(len(getattr(node, f)) for f in SECTION_OF)
    _, passed, bare, *replaced = candidates = [Node() for _ in range(count)]
    for changed in candidates:
        changed.CopyFrom(node)
    del bare.node_options[:]
    twin = field.replace("input", "output") if "input" in field else field.replace("output", "input")
    getattr(passed, twin).append(entry)
    places = [(side, index) for side in SECTION_OF for index in range(len(getattr(node, side)))]
    for changed, (side, index) in zip(replaced, places, strict=True):
        del getattr(changed, side)[index]
    for changed in candidates:
        getattr(changed, field).append(entry)
    return candidates


def module_tags(calculator: type[Calculator]) -> set[str]:
    """The tags that the calculator's module has constants for, and "0"."""
    constants = vars(sys.modules[calculator.__module__]).values()
    return {value for value in constants if isinstance(value, str) and value.isupper()} | {"0"}


def takes(calculator: type[Calculator], node: Node, field: str, tag: str) -> bool:
    """True when the node with the tag loads, alone or together with one more entry that it needs."""
    candidates = with_tag(node, field, tag)
    if any(accepts(calculator, candidate, field, tag) for candidate in candidates):
        return True
    for candidate in candidates:
        for side in SECTION_OF:
            for other in module_tags(calculator) - {"0"}:
                both = Node()
                both.CopyFrom(candidate)
                getattr(both, side).append(f"{other}:needed_entry")
                if accepts(calculator, both, field, tag):
                    return True
    return False


def known_tags(calculator: type[Calculator], node: Node, field: str) -> set[str]:
    """The tags that the calculator takes in `field`: those of its module's constants that load."""
    return {
        tag
        for tag in module_tags(calculator)
        if any(accepts(calculator, n, field, tag) for n in with_tag(node, field, tag))
    }


@every_calculator
def test_docstring_is_complete(calculator: type[Calculator]) -> None:
    docstring = parse_docstring(calculator.__doc__)
    assert docstring.summary.endswith("."), "the docstring begins with one sentence"
    assert docstring.example, "the docstring has an example"


@every_calculator
def test_example_loads(calculator: type[Calculator]) -> None:
    node = example_node(calculator)
    assert node.calculator == calculator.__name__
    contract = CalculatorContract(node)
    calculator.get_contract(contract)
    sides = (contract.inputs, contract.outputs, contract.input_side_packets, contract.output_side_packets)
    assert [kind.label for types in sides for kind in types if not kind.is_set] == []


@every_calculator
@pytest.mark.parametrize("field", SECTION_OF)
def test_documented_tags_are_the_contract(calculator: type[Calculator], field: str) -> None:
    node = example_node(calculator)
    documented = set(parse_docstring(calculator.__doc__).streams[field])
    missing = {tag for tag in documented if not takes(calculator, node, field, tag)}
    assert missing == set(), f'"{SECTION_OF[field]}:" documents what the contract does not take'
    undocumented = known_tags(calculator, node, field) | {documented_tag(e) for e in getattr(node, field)}
    assert undocumented - documented == set(), f'"{SECTION_OF[field]}:" leaves out what the contract takes'


@every_calculator
def test_documented_options_are_the_message(calculator: type[Calculator]) -> None:
    docstring = parse_docstring(calculator.__doc__)
    if calculator.Options is None:
        assert (docstring.options_type, docstring.options) == ("", {})
        return
    descriptor = calculator.Options.DESCRIPTOR
    assert docstring.options_type == descriptor.full_name
    assert {path for path in docstring.options if not has_field(descriptor, path)} == set()
    assert set(descriptor.fields_by_name) - set(docstring.options) == set(), "undocumented options"


def has_field(descriptor: Descriptor | None, path: str) -> bool:
    name, _, rest = path.partition(".")
    field = descriptor.fields_by_name.get(name) if descriptor else None
    return field is not None and (not rest or has_field(field.message_type, rest))


def test_parse_docstring() -> None:
    """The form that the tests above rely on."""
    text = """Does one thing
    in one sentence.

    More about it.

    Inputs:
        IMAGE: frames,
            of any size.
        0: anything.

    Options:
        tryon.Foo
        gain: factor.

    Example:
        node {
          calculator: "Foo"
        }
    """
    assert parse_docstring(text) == CalculatorDocstring(
        summary="Does one thing in one sentence.",
        description="More about it.",
        streams={
            "input_stream": {"IMAGE": "frames, of any size.", "0": "anything."},
            "output_stream": {},
            "input_side_packet": {},
            "output_side_packet": {},
        },
        options_type="tryon.Foo",
        options={"gain": "factor."},
        example='node {\n  calculator: "Foo"\n}',
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Foo.\n\nInput:\n    A: b.", 'Unknown section "Input:"'),
        ("Foo.\n\nInputs:\n    A: b.\n\nInputs:\n    C: d.", 'The section "Inputs:" is given twice.'),
        ("Foo.\n\nInputs:\n    A: b.\n    A: c.", '"A" is given twice'),
        ("Foo.\n\nInputs:\n    what comes in", '"what comes in" in the section "Inputs:" is not of the form'),
        ("Foo.\n\nInputs:\n    A: b.\n\nMore text.", '"More text." stands outside of the sections.'),
    ],
)
def test_parse_docstring_problems(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_docstring(text)
