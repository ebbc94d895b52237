"""Which plain scalars are numbers, words or texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.config.scalars import Refused, is_plain_safe, scalar


@pytest.mark.parametrize(
    "text",
    [
        "16:00",
        "09:30",
        "12:30:00",
        "on",
        "off",
        "yes",
        "no",
        "NO",
        "ON",
        "y",
        "2025-08-05",
        "1_000",
        "0x1F",
        "0o17",
        "0b1",
        "1e",
        "e3",
        "+",
        "-",
        ".",
        "1.2.3",
        "nullish",
        "tRUE",
        ".infinity",
        "nan",
        "inf",
        "1,000",
        "15%",
    ],
)
def test_what_other_readers_take_for_something_else_stays_text(text: str) -> None:
    """Times, YAML 1.1 booleans, dates and odd numbers are texts."""
    assert scalar(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("-0", 0),
        ("17", 17),
        ("+5", 5),
        ("-3", -3),
        ("1e3", 1000.0),
        ("1.0e3", 1000.0),
        ("1E-2", 0.01),
        (".5", 0.5),
        ("5.", 5.0),
        ("-.5", -0.5),
        ("540.00", 540.0),
        ("0.1", 0.1),
        ("9223372036854775807", 2**63 - 1),
    ],
)
def test_numbers_are_those_of_yaml_1_2(text: str, value: float) -> None:
    """Whole numbers are int, the rest float."""
    assert (scalar(text), type(scalar(text))) == (value, type(value))


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("FALSE", False), ("null", None)])
def test_words_are_only_true_false_and_null(text: str, value: bool | None) -> None:
    """YAML 1.2 knows three words."""
    assert scalar(text) is value


@pytest.mark.parametrize("text", ["", "~", "Null", "NULL"])
def test_nothing_is_null(text: str) -> None:
    """An empty value and the tilde are null."""
    assert scalar(text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("017", "Y111"),
        ("-09", "Y111"),
        ("00", "Y111"),
        (".nan", "Y112"),
        (".NaN", "Y112"),
        (".inf", "Y112"),
        ("-.INF", "Y112"),
        ("+.Inf", "Y112"),
        ("1e999", "Y113"),
        ("9223372036854775808", "Y113"),
        ("1" * 5000, "Y113"),
    ],
)
def test_a_number_that_cannot_be_meant_is_refused(text: str, code: str) -> None:
    """Leading zeros, NaN, infinity and what does not fit have a code each."""
    refused = scalar(text)

    assert isinstance(refused, Refused)
    assert refused.code == code


@given(st.text())
def test_a_text_that_is_safe_unquoted_reads_as_itself(text: str) -> None:
    """The writer relies on it."""
    assert not is_plain_safe(text) or scalar(text) == text


@pytest.mark.parametrize("text", ["on", "16:00", "1_000", "0x1F", "2025-08-05", "017", "1e3", "n", ""])
def test_what_two_readers_read_differently_is_not_safe_unquoted(text: str) -> None:
    """Each of these is something else in YAML 1.1."""
    assert not is_plain_safe(text)
