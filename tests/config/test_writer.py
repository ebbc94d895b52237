"""Writing YAML and JSON."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from engine.config.node import plain
from engine.config.problems import Problems
from engine.config.reader import read_text
from engine.config.writer import write_json, write_yaml

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20)
    | st.sampled_from(
        ["on", "NO", "16:00", "1_000", "0x1F", "017", "1e3", "null", "~", "", "a: b", "a #b", "- a", "<<"]
    )
    | st.sampled_from(
        ["2025-08-05", "=", "${x}", "a'b", '"', "a\nb", "\u2028", "\ufeff", "\x85", " a", "a ", "!x", "&a"]
    )
)
DOCUMENTS = st.dictionaries(
    st.text(min_size=1, max_size=10) | st.sampled_from(["on", "1", "true", "a b", "<<", "null"]),
    st.recursive(
        SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    min_size=1,
    max_size=4,
)


def read_back(text: str) -> Any:
    """What our reader makes of *text*."""
    problems = Problems()
    node = read_text(text, "f.yaml", problems)
    assert node is not None, problems.render()
    assert len(problems) == 0, problems.render()
    return plain(node)


def same(one: Any, two: Any) -> bool:
    """Equal in value, type and order of keys (1 is not 1.0 and not true)."""
    return repr(one) == repr(two)


@given(DOCUMENTS)
def test_what_is_written_reads_back_identically(document: Any) -> None:
    """Value, type and order, without a warning."""
    assert same(read_back(write_yaml(document)), document)


@given(DOCUMENTS)
def test_yaml_1_1_readers_read_the_same(document: Any) -> None:
    """An effective document may be opened by any tool."""
    assert same(yaml.load(write_yaml(document), Loader=yaml.CSafeLoader), document)


@given(DOCUMENTS)
def test_writing_is_stable(document: Any) -> None:
    """Written, read and written again is the same text."""
    text = write_yaml(document)

    assert write_yaml(read_back(text)) == text


def test_yaml_is_block_style_with_quotes_where_readers_differ() -> None:
    """It is for people."""
    document = {
        "scenario": "crash",
        "start": "16:00",
        "on": "NO",
        "list": [{"a": 1, "b": [1, [2]]}, "x y", {}],
        "none": None,
        "price": 540.0,
        "tiny": 1e-07,
        "empty": [],
    }

    assert (
        write_yaml(document)
        == """\
scenario: crash
start: "16:00"
"on": "NO"
list:
  - a: 1
    b:
      - 1
      -
        - 2
  - x y
  - {}
none: null
price: 540.0
tiny: 1.0e-07
empty: []
"""
    )


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_written(value: float) -> None:
    """Neither as YAML nor as JSON."""
    with pytest.raises(ValueError, match="finite"):
        write_yaml({"a": value})
    with pytest.raises(ValueError, match="JSON compliant"):
        write_json({"a": [value]})


@pytest.mark.parametrize("value", [object(), {1, 2}, b"x"])
def test_only_plain_values_are_written(value: Any) -> None:
    """A document holds nothing else."""
    with pytest.raises(TypeError, match="a plain value was expected"):
        write_yaml({"a": value})


def test_only_texts_are_keys() -> None:
    """As when reading."""
    with pytest.raises(TypeError, match="a key must be a text"):
        write_yaml({1: "a"})  # type: ignore[dict-item]


def test_json_keeps_the_order_unless_it_is_to_be_sorted() -> None:
    """Results keep it, hashes sort."""
    assert write_json({"b": 1, "a": "é"}) == '{\n  "b": 1,\n  "a": "é"\n}\n'
    assert list(json.loads(write_json({"b": 1, "a": 2}, sort_keys=True))) == ["a", "b"]


def test_an_empty_document_is_written_as_such() -> None:
    """It is YAML too."""
    assert write_yaml({}) == "{}\n"
