"""The names of a node's streams and side packets: "name", "TAG:name", "TAG:index:name"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from tryon.errors import GraphError

PATTERN = "([A-Z_][A-Z0-9_]*:((0|[1-9][0-9]*):)?)?[a-z_][a-z0-9_]*"
KEY_PATTERN = "([A-Z_][A-Z0-9_]*)?(:(0|[1-9][0-9]*))?"
MAX_INDEX: Final = 10_000
_TAG_INDEX_NAME = re.compile(r"(?:([A-Z_][A-Z0-9_]*):(?:(0|[1-9][0-9]*):)?)?([a-z_][a-z0-9_]*)")
_TAG_INDEX = re.compile(r"([A-Z_][A-Z0-9_]*)?(?::(0|[1-9][0-9]*))?")
_LISTED = 8

Key: TypeAlias = str | int | tuple[str, int]


@dataclass(frozen=True, slots=True)
class TagIndexName:
    """One entry: its tag ("" when untagged), its index within the tag, and the stream's name."""

    tag: str
    index: int
    name: str

    @property
    def key_text(self) -> str:
        """The entry's place as messages show it: "TAG", "TAG:1" or ":0"."""
        if not self.tag:
            return f":{self.index}"
        return f"{self.tag}:{self.index}" if self.index else self.tag


def parse_tag_index_name(text: str) -> TagIndexName:
    """Reads "name", "TAG:name" or "TAG:index:name"; an untagged name gets index -1.

    Raises:
        GraphError: the text does not have that form, or the index is larger than MAX_INDEX.
    """
    match = _TAG_INDEX_NAME.fullmatch(text)
    if match is None:
        raise GraphError(
            f'TAG:index:name is invalid, "{text}" does not match "{PATTERN}" '
            '(examples: "TAG:name" "VIDEO:2:name_b", "longer_name").'
        )
    tag, index, name = match.groups()
    return TagIndexName(tag or "", _read_index(index, text) if tag else -1, name)


def parse_tag_index(text: str) -> tuple[str, int]:
    """Reads "TAG", "TAG:index" or ":index", as in InputStreamInfo.tag_index.

    Raises:
        GraphError: the text does not have that form, or the index is larger than MAX_INDEX.
    """
    match = _TAG_INDEX.fullmatch(text)
    if match is None:
        raise GraphError(
            f'TAG:index is invalid, "{text}" does not match "{KEY_PATTERN}" (examples: "TAG" "VIDEO:2").'
        )
    tag, index = match.groups()
    return tag or "", _read_index(index, text)


def _read_index(index: str | None, text: str) -> int:
    if index and (len(index) > len(str(MAX_INDEX)) or int(index) > MAX_INDEX):
        raise GraphError(f'The index in "{text}" is larger than {MAX_INDEX}.')
    return int(index or 0)


def as_tag_index(key: Key) -> tuple[str, int]:
    """The (tag, index) that "TAG", an untagged index, or ("TAG", index) stands for."""
    if isinstance(key, tuple):
        return key
    return (key, 0) if isinstance(key, str) else ("", key)


def find_problems(entries: Iterable[str]) -> list[tuple[int, str]]:
    """What is wrong with the entries of a node: (position of the entry, message)."""
    return _read(entries)[1]


def _read(entries: Iterable[str]) -> tuple[list[TagIndexName], list[tuple[int, str]]]:
    read: dict[tuple[str, int], TagIndexName] = {}
    problems: list[tuple[int, str]] = []
    positions: dict[str, int] = {}
    untagged = 0
    for position, text in enumerate(entries):
        try:
            entry = parse_tag_index_name(text)
        except GraphError as error:
            problems.append((position, str(error)))
            continue
        tag, index, name = entry.tag, entry.index, entry.name
        positions.setdefault(tag, position)
        if not tag:
            index, untagged = untagged, untagged + 1
        if (tag, index) in read:
            problems.append(
                (
                    position,
                    f'tag "{tag}" index {index} already had a name "{read[tag, index].name}" '
                    f'but is being reassigned a name "{name}"',
                )
            )
        else:
            read[tag, index] = TagIndexName(tag, index, name)
    by_tag: dict[str, dict[int, str]] = {}
    for entry in read.values():
        by_tag.setdefault(entry.tag, {})[entry.index] = entry.name
    for tag, names in by_tag.items():
        if max(names) >= len(names) and not problems:
            problems.append((positions[tag], _gaps(tag, names)))
    return list(read.values()), problems


def _gaps(tag: str, names: dict[int, str]) -> str:
    count = max(names) + 1
    lines = [f"index {i} name " + (f'"{names[i]}"' if i in names else "<missing>") for i in range(count)]
    if count > _LISTED:
        lines[_LISTED // 2 : -_LISTED // 2] = ["..."]
    return "\n".join([f'Not all indexes were assigned names.  Tag "{tag}" has the following:', *lines])


class TagMap:
    """The entries of one node's input streams (or output streams, or side packets), in config order.

    Raises:
        GraphError: an entry is malformed, an index is given twice or left out; lists all problems.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries, problems = _read(entries)
        if problems:
            raise GraphError("\n".join(message for _, message in problems))
        self.keys: dict[Key, int] = {}
        for position, entry in enumerate(self.entries):
            tag, index = entry.tag, entry.index
            self.keys[tag, index] = position
            if not tag:
                self.keys[index] = position
            elif index == 0:
                self.keys[tag] = position

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[TagIndexName]:
        return iter(self.entries)

    def __contains__(self, key: Key) -> bool:
        return key in self.keys

    def count(self, tag: str) -> int:
        """How many entries have this tag ("" counts the untagged ones)."""
        return sum(entry.tag == tag for entry in self.entries)

    def position(self, key: Key) -> int:
        """The place in config order of "TAG", an untagged index, or ("TAG", index).

        Raises:
            GraphError: the node has no such entry.
        """
        try:
            return self.keys[key]
        except KeyError:
            tag, index = as_tag_index(key)
            have = ", ".join(entry.key_text for entry in self.entries) or "none"
            raise GraphError(f'Failed to get tag "{tag}" index {index} (there are: {have})') from None
