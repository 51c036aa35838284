"""Names of streams: TAG:index:name."""

import re

import pytest

from tryon.errors import GraphError
from tryon.tag_map import TagIndexName, TagMap, parse_tag_index


@pytest.mark.parametrize(
    ("entries", "keys"),
    [
        (["a", "b"], {0: "a", 1: "b", ("", 1): "b"}),
        (["IMAGE:a"], {"IMAGE": "a", ("IMAGE", 0): "a"}),
        (["A:1:y", "A:0:x", "z"], {"A": "x", ("A", 1): "y", 0: "z"}),
    ],
)
def test_keys(entries: list[str], keys: dict[str | int | tuple[str, int], str]) -> None:
    tags = TagMap(entries)
    assert {key: tags.entries[tags.position(key)].name for key in keys} == keys


@pytest.mark.parametrize(
    ("entries", "message"),
    [
        (["In"], 'TAG:index:name is invalid, "In" does not match'),
        (["1in"], '"1in" does not match'),
        (["tag:in"], '"tag:in" does not match'),
        (["A:00:in"], '"A:00:in" does not match'),
        ([""], '"" does not match'),
        (["A:x", "A:y"], 'tag "A" index 0 already had a name "x" but is being reassigned a name "y"'),
        (
            ["A:0:x", "A:2:y"],
            'Not all indexes were assigned names.  Tag "A" has the following:\n'
            'index 0 name "x"\nindex 1 name <missing>\nindex 2 name "y"',
        ),
        (["A:9999:x"], "index 3 name <missing>\n...\nindex 9996 name <missing>"),
        (["A:10001:x"], 'The index in "A:10001:x" is larger than 10000.'),
        (["A:" + "9" * 5000 + ":x"], "is larger than 10000."),
        (["A:0:x", "A:0:x"], 'tag "A" index 0 already had a name "x" but is being reassigned a name "x"'),
    ],
)
def test_exception(entries: list[str], message: str) -> None:
    with pytest.raises(GraphError, match=re.escape(message)):
        TagMap(entries)


def test_all_problems_at_once() -> None:
    with pytest.raises(GraphError) as error:
        TagMap(["In", "Out"])
    assert '"In"' in str(error.value)
    assert '"Out"' in str(error.value)


def test_missing_key_says_what_there_is() -> None:
    with pytest.raises(GraphError, match=r'Failed to get tag "MASK" index 0 \(there are: IMAGE, :0\)'):
        TagMap(["IMAGE:a", "b"]).position("MASK")


@pytest.mark.parametrize(
    ("text", "key"), [("LOOP", ("LOOP", 0)), ("LOOP:2", ("LOOP", 2)), (":1", ("", 1)), ("", ("", 0))]
)
def test_tag_index(text: str, key: tuple[str, int]) -> None:
    assert parse_tag_index(text) == key


@pytest.mark.parametrize("text", ["loop", "LOOP:x", "LOOP:00", "LOOP ", "1", ":\u00b2", "LOOP:out"])
def test_tag_index_exception(text: str) -> None:
    with pytest.raises(GraphError, match=re.escape(f'TAG:index is invalid, "{text}" does not match')):
        parse_tag_index(text)


def test_key_text() -> None:
    entries = [TagIndexName("A", 0, "x"), TagIndexName("A", 1, "x"), TagIndexName("", 2, "x")]
    assert [entry.key_text for entry in entries] == ["A", "A:1", ":2"]
