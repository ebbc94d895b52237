"""The likeliest mend of a wrong value: what a person meant to write."""

from __future__ import annotations

from typing import Any

import pytest

from engine.config.mend import mend, mend_form


@pytest.mark.parametrize(
    ("key", "value", "help"),
    [
        ("for_s", "60 s", "write 60; 'for_s' is in seconds"),
        ("for_s", "1 min", "write 60; 'for_s' is in seconds"),
        ("for_s", "five minutes", "write a number, in seconds"),
        ("for_s", True, "write a number, in seconds"),
        ("capital_usd", "2,000,000", "write 2000000"),
        ("capital_usd", "2.000.000", "write 2000000"),
        ("capital_usd", "2 000 000", "write 2000000"),
        ("capital_usd", "2'000'000.50", "write 2000000.50"),
        ("capital_usd", "$2,000,000", "write 2000000; 'capital_usd' is in US dollars"),
        ("capital_usd", "2m", "write 2000000; 'capital_usd' is in US dollars"),
        ("capital_usd", "5 EUR", "write the number in US dollars"),
        ("collar_pct", "0,5", "write 0.5"),
        ("fail_from", "15%", "write 15"),
        ("fail_from", "15", "remove the quotes"),
        ("fail_from", "15 apples", "write the number alone"),
        ("drop_pct", "$drop_pct", "a parameter is written ${drop_pct}"),
        ("fail_from", "", "write a number"),
    ],
)
def test_where_a_number_is_wanted(key: str, value: Any, help: str) -> None:
    """Units, signs and the commas of many countries."""
    assert mend(value, ["number"], key, {}) == help


@pytest.mark.parametrize(
    ("value", "schema", "help"),
    [
        ("a, b", {}, "write [a, b], or '- ...' lines below the key"),
        ("-a", {}, "write a space after each dash: '- a'"),
        ({"crash": 1}, {}, "begin each item with a dash: '- crash'"),
        (
            {"crash": 1},
            {"items": {"type": "object", "properties": {"id": {}}}},
            "begin each item with a dash: '- id: crash'",
        ),
        (
            {"id": 1},
            {"items": {"type": "object", "properties": {"id": {}}}},
            "begin each item with a dash: '- id: ...'",
        ),
    ],
)
def test_where_a_list_is_wanted(value: Any, schema: dict[str, Any], help: str) -> None:
    """The dash is what people forget."""
    assert mend(value, ["array"], "gates", schema) == help


@pytest.mark.parametrize(
    ("value", "schema", "help"),
    [
        ([1], {"properties": {"gates": {}}, "type": "object"}, "write its keys below it, without dashes: gates"),
        (
            15,
            {"properties": {"default": {}}, "required": ["default"], "type": "object"},
            "write it below the key: 'default: 15'",
        ),
        ("SPY", {"examples": [{"SPY": 7400}]}, "write lines such as 'SPY: 7400' below it"),
        ("SPY", {}, "write lines such as 'name: value' below it"),
    ],
)
def test_where_a_mapping_is_wanted(value: Any, schema: dict[str, Any], help: str) -> None:
    """The keys that it has, or how a line looks."""
    assert mend(value, ["object"], "x", schema) == help


def test_where_a_text_or_a_mapping_is_wanted_a_list_is_unpacked() -> None:
    """A list in a list."""
    assert mend(["a"], ["string", "object"], "gates", {}) == "give each entry a line of its own: '- name'"


@pytest.mark.parametrize(
    ("value", "pattern", "help"),
    [
        ("09:35", r"^\d\d:\d\d:\d\d$", 'write "09:35:00"'),
        ("9:35", r"^\d\d:\d\d:\d\d$", 'write "09:35:00"'),
        ("\u201c09:35:00\u201d", r"^\d\d:\d\d:\d\d$", 'write "09:35:00"'),
        ("01.08.2025", r"^\d{4}-\d{2}-\d{2}$", 'write "2025-08-01"'),
        ("Flash Crash", r"^[a-z][a-z0-9_]*$", "write flash_crash"),
        ("soon", r"^\d\d:\d\d:\d\d$", ""),
        (5, r"^\d\d:\d\d:\d\d$", ""),
    ],
)
def test_a_text_is_brought_into_its_form(value: object, pattern: str, help: str) -> None:
    """If only seconds, quotes or the order of a day are wrong."""
    assert mend_form(value, pattern) == help
