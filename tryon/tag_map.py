"""The names of a node's streams and side packets: "name", "TAG:name", "TAG:index:name"."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from tryon.errors import GraphError

PATTERN = "([A-Z_][A-Z0-9_]*:((0|[1-9][0-9]*):)?)?[a-z_][a-z0-9_]*"
_TAG_INDEX_NAME = re.compile(r"(?:([A-Z_][A-Z0-9_]*):(?:(0|[1-9][0-9]*):)?)?([a-z_][a-z0-9_]*)")

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
        GraphError: the text does not have that form.
    """
    match = _TAG_INDEX_NAME.fullmatch(text)
    if match is None:
        raise GraphError(
            f'TAG:index:name is invalid, "{text}" does not match "{PATTERN}" '
            '(examples: "TAG:name" "VIDEO:2:name_b", "longer_name").'
        )
    tag, index, name = match.groups()
    return TagIndexName(tag or "", int(index or 0) if tag else -1, name)


def parse_tag_index(text: str) -> tuple[str, int]:
    """Reads "TAG", "TAG:index" or ":index", as in InputStreamInfo.tag_index."""
    tag, _, index = text.partition(":")
    return tag, int(index) if index.isdigit() else 0


class TagMap:
    """The entries of one node's input streams (or output streams, or side packets), in config order.

    Raises:
        GraphError: an entry is malformed, an index is given twice or left out; lists all problems.
    """

    def __init__(self, entries: Iterable[str]) -> None:
        self.entries: list[TagIndexName] = []
        problems: list[str] = []
        names: dict[tuple[str, int], str] = {}
        untagged = 0
        for text in entries:
            try:
                entry = parse_tag_index_name(text)
            except GraphError as error:
                problems.append(str(error))
                continue
            tag, index, name = entry.tag, entry.index, entry.name
            if not tag:
                index, untagged = untagged, untagged + 1
            taken = names.setdefault((tag, index), name)
            if taken != name or TagIndexName(tag, index, name) in self.entries:
                problems.append(
                    f'tag "{tag}" index {index} already had a name "{taken}" '
                    f'but is being reassigned a name "{name}"'
                )
                continue
            self.entries.append(TagIndexName(tag, index, name))
        for tag in dict.fromkeys(entry.tag for entry in self.entries):
            indexes = sorted(entry.index for entry in self.entries if entry.tag == tag)
            if indexes != list(range(len(indexes))) and not problems:
                given = ", ".join(f'"{tag}:{index}"' for index in indexes)
                problems.append(f"Not all indexes were assigned names. Only have the following: {given}.")
        if problems:
            raise GraphError("\n".join(problems))
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
            tag, index = key if isinstance(key, tuple) else (key, 0) if isinstance(key, str) else ("", key)
            have = ", ".join(entry.key_text for entry in self.entries) or "none"
            raise GraphError(f'Failed to get tag "{tag}" index {index} (there are: {have})') from None
