"""Reading protobuf text into a graph; what is wrong with it, as much as possible at once."""

import re

from google.protobuf import text_format

from tryon.proto import calculator_pb2
from tryon.proto.pool import POOL
from tryon.registry import calculator_names, find_calculator, nearest_name
from tryon.text_scan import DEEPEST, Scan

Config = calculator_pb2.CalculatorGraphConfig

MOST_PROBLEMS = 20
_SHOWN = 110
_BACKSLASHES = "\\" * 1000

_NO_FIELD = re.compile(r'Message type "([^"]+)" has no field named "([^"]+)"')
_NO_VALUE = re.compile(r'Enum type "([^"]+)" has no value named (\S+?)\.')
_NO_EXTENSION = re.compile(r'Extension "([^"]+)" not registered')
_NO_TYPE = re.compile(r"Type (\S+) not found in descriptor pool")
_TWICE = re.compile(r'should not have multiple "([^"]+)"')
_NO_STRING = re.compile(r"Expected string but found: '([A-Za-z_][\w./:]*)'")
_NO_END = "String missing ending quote"
_EXTENSION_HELP = re.compile(r"\. Did you import the _pb2 module.*", re.DOTALL)


def read_text(text: str) -> tuple[Config, Scan, list[str]]:
    """Parses text; the last item lists what is wrong: "line:column: Failed to parse: ..." each."""
    scan = Scan(text)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        return Config(), scan, [_problem(scan, error.start, "This is no character of a text.")]
    if scan.depth > DEEPEST:
        return Config(), scan, [_problem(scan, 0, f"Messages are nested more than {DEEPEST} deep.")]
    if _BACKSLASHES in text:  # protobuf's time for a row of them grows with its square
        return (
            Config(),
            scan,
            [_problem(scan, text.index(_BACKSLASHES), "This is a long row of backslashes.")],
        )
    problems: list[str] = []
    rest = scan
    while True:
        config = Config()
        try:
            text_format.Parse(rest.text, config, descriptor_pool=POOL)
        except text_format.ParseError as error:
            offset, reason = _what(error, rest)
            sentence = reason if reason.endswith(".") else f"{reason}."
            problems.append(_problem(scan, offset, sentence + _hint(reason, scan, offset)))
        else:
            return config, scan, problems
        broken = rest.around(offset)
        is_torn = scan.open or scan.stray is not None or reason.startswith(_NO_END)
        if is_torn or not broken or len(problems) == MOST_PROBLEMS:
            return config, scan, problems
        rest = Scan(_without(rest.text, broken[0].start, broken[0].end))


def _without(text: str, start: int, end: int) -> str:
    """The text with a part blanked out, so that the rest keeps its place."""
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def _what(error: text_format.ParseError, scan: Scan) -> tuple[int, str]:
    """Where the error is and what it says."""
    line, column = error.GetLine(), error.GetColumn()
    reason = re.sub(r"^\d+:\d+ : ", "", str(error))
    if line is None or column is None:
        unknown = _NO_TYPE.search(reason)
        return (max(scan.text.find(unknown[1]), 0) if unknown else 0), reason
    shown = scan.text.split("\n")[line - 1]
    for said in (f"'{shown}': ", f"'{shown} ': ", "'': "):
        reason = reason.removeprefix(said)
    return scan.offset(line, column), _EXTENSION_HELP.sub("", reason)


def _problem(scan: Scan, offset: int, reason: str) -> str:
    line, column = scan.place(offset)
    shown = scan.text.split("\n")[line - 1].rstrip("\r")
    first = max(0, min(column - 1 - _SHOWN // 2, len(shown) - _SHOWN))
    part = shown[first : first + _SHOWN]
    part = "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in part)
    pointer = re.sub(r"[^\t]", " ", part[: column - 1 - first]) + "^"
    return f"{line}:{column}: Failed to parse: {reason}\n{part}\n{pointer}"


def _hint(reason: str, scan: Scan, offset: int) -> str:
    if scan.open:
        unclosed = scan.open[-1]
        return f' The "{{" of "{unclosed.name}" in line {scan.place(unclosed.value)[0]} is never closed.'
    if scan.stray is not None:
        line, column = scan.place(scan.stray)
        return f' The "{scan.text[scan.stray]}" in line {line}, column {column} closes nothing.'
    for pattern, hint in (
        (_NO_FIELD, _field_hint),
        (_NO_VALUE, _value_hint),
        (_NO_EXTENSION, _extension_hint),
        (_NO_TYPE, _type_hint),
        (_TWICE, _twice_hint),
        (_NO_STRING, lambda match, scan, offset: f' Strings stand in quotes: "{match[1]}".'),
    ):
        match = pattern.search(reason)
        if match:
            return hint(match, scan, offset)
    return _other_hint(scan, offset)


def _field_hint(match: re.Match[str], scan: Scan, offset: int) -> str:
    try:
        names = [field.name for field in POOL.FindMessageTypeByName(match[1]).fields]
    except KeyError:
        return ""
    text = scan.text.strip()
    if text.endswith(".pbtxt") and not re.search(r"[\s:{]", text):
        return f' This is a file\'s name: give Path("{text}").'
    outer = [
        Config.DESCRIPTOR,
        *(Config.Node.DESCRIPTOR for item in scan.around(offset) if item.name == "node"),
    ]
    if any(match[2] in kind.fields_by_name and match[1] != kind.full_name for kind in outer):
        return ' Is a "}" missing before it?'
    nearest = nearest_name(match[2], names)
    return f' Did you mean "{nearest}"?' if nearest else f" Its fields: {', '.join(names) or 'none'}."


def _value_hint(match: re.Match[str], scan: Scan, offset: int) -> str:
    names = [known.name for known in POOL.FindEnumTypeByName(match[1]).values]
    nearest = nearest_name(match[2], names)
    return f' Did you mean "{nearest}"?' if nearest else f" Its values: {', '.join(names)}."


def _extension_hint(match: re.Match[str], scan: Scan, offset: int) -> str:
    name = match[1].removesuffix(".ext")
    known = _options_types()
    if name in known:
        return f" Write node_options {{ [type.googleapis.com/{name}] {{ }} }}."
    nearest = nearest_name(name, known)
    if nearest is None:
        return " No calculator known here has such options."
    return f' Did you mean "{nearest}{match[1][len(name) :]}"?'


def _type_hint(match: re.Match[str], scan: Scan, offset: int) -> str:
    nearest = nearest_name(match[1], _options_types())
    return f' Did you mean "{nearest}"?' if nearest else " No calculator known here has such options."


def _options_types() -> list[str]:
    calculators = filter(None, map(find_calculator, calculator_names()))
    return sorted({kind.Options.DESCRIPTOR.full_name for kind in calculators if kind.Options})


def _twice_hint(match: re.Match[str], scan: Scan, offset: int) -> str:
    around = scan.around(offset)
    if not around:
        return ""
    path = around[0].path
    first = next((item for item in scan.fields if item.path == (*path[:-1], 0)), None)
    return f" The first is in line {scan.place(first.start)[0]}." if first else ""


def _other_hint(scan: Scan, offset: int) -> str:
    if scan.text.startswith("/", offset):
        return ' Comments begin with "#".'
    around = scan.around(offset)
    if around and around[0].name.startswith("[") and "/" not in around[0].name:
        return f" In node_options write [type.googleapis.com/{around[0].name[1:]}."
    return ""
