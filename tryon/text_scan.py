"""Where the fields of protobuf text stand."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TypeAlias

FieldPath: TypeAlias = tuple[str | int, ...]

DEEPEST = 90  # protobuf itself does not read messages back that are nested deeper than 100
_TOKEN = re.compile(
    r"""#[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[A-Za-z_][\w.]*|[-+\w.]+|\S""", re.MULTILINE
)
_QUOTES = "\"'"
_CLOSERS = {"}": "{", ">": "<"}


@dataclass(frozen=True)
class Field:
    """One value of a field: `text[start:end]` from the field's name to the end of the value.

    Attributes:
        path: its place, as in ("node", 0, "input_stream", 1).
        name: the field's name; an extension's in brackets.
        value: where the value begins; a message's brace.
    """

    path: FieldPath
    name: str
    start: int
    value: int
    end: int


@dataclass
class Scan:
    """What a simple scan of protobuf text finds; text that protobuf refuses is scanned as far as it goes.

    Attributes:
        fields: in the order in which they end.
        open: the messages that never end, outermost first.
        stray: where a brace closes nothing, None when none does.
        depth: how deep messages are nested; the scan ends where it is more than DEEPEST.
    """

    text: str
    fields: list[Field] = field(default_factory=list)
    open: list[Field] = field(default_factory=list)
    stray: int | None = None
    depth: int = 0

    def __post_init__(self) -> None:
        self._lines = [0, *(match.end() for match in re.finditer("\n", self.text))]
        self._run()

    def place(self, offset: int) -> tuple[int, int]:
        """The (line, column), from 1, of an offset."""
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset of a (line, column)."""
        return min(self._lines[min(line, len(self._lines)) - 1] + column - 1, len(self.text))

    def positions(self) -> dict[FieldPath, tuple[int, int]]:
        """(line, column) of each field: a scalar's is its value's, a message's that of its name."""
        return {
            item.path: self.place(item.start if self.text[item.value] in "{<" else item.value)
            for item in self.fields
        }

    def around(self, offset: int) -> list[Field]:
        """The fields that an offset lies in, the innermost first."""
        found = [item for item in (*self.fields, *self.open) if item.start <= offset < item.end]
        return sorted(found, key=lambda item: item.end - item.start)

    def _run(self) -> None:
        stack: list[tuple[FieldPath, dict[str, int]]] = [((), {})]
        name, name_start = "", 0
        in_list = after_colon = False
        tokens = (match for match in _TOKEN.finditer(self.text) if not match[0].startswith("#"))

        def begin(match: re.Match[str]) -> Field:
            path, counts = stack[-1]
            number = counts.get(name, 0)
            counts[name] = number + 1
            return Field((*path, name, number), name, name_start, match.start(), len(self.text))

        def end(item: Field, offset: int) -> None:
            self.fields.append(Field(item.path, item.name, item.start, item.value, offset))

        following = next(tokens, None)
        while following:
            match, following = following, next(tokens, None)
            token = match[0]
            if token in "{<":
                item = begin(match)
                self.open.append(item)
                stack.append((item.path, {}))
                self.depth = max(self.depth, len(self.open))
                if self.depth > DEEPEST:
                    return
                after_colon = in_list = False
            elif token in _CLOSERS:
                if self.open and self.text[self.open[-1].value] == _CLOSERS[token]:
                    end(self.open.pop(), match.end())
                    stack.pop()
                elif self.stray is None:
                    self.stray = match.start()
                after_colon = False
            elif token == ":":
                after_colon = True
            elif token == "[" and after_colon:
                in_list = True
            elif token == "[":
                name_start, last = match.start(), match
                while following and last[0] != "]":
                    last, following = following, next(tokens, None)
                name = self.text[name_start : last.end()]
            elif token == "]":
                in_list = after_colon = False
            elif token in ",;":
                pass
            elif after_colon:
                last = match
                while token[0] in _QUOTES and following and following[0][0] in _QUOTES:
                    last, following = following, next(tokens, None)  # "a" "b" is one string
                end(begin(match), last.end())
                after_colon = in_list
            else:
                name, name_start = token, match.start()
