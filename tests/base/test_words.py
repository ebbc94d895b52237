"""Words: the nearest one that is known, lists and counts that read well."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.words import counted, listing, nearest

KNOWN = ("price_shock", "feed_delay", "depth_collapse", "SPY")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("price_shok", "price_shock"),
        ("Feed_Delay", "feed_delay"),
        ("spy", "SPY"),
        ("depth", None),
        ("zzz", None),
        ("", None),
    ],
)
def test_a_misspelt_word_finds_its_neighbour(word: str, expected: str | None) -> None:
    """Case does not matter; a word like none of them has no neighbour."""
    assert nearest(word, KNOWN) == expected


@given(st.sampled_from(KNOWN))
def test_a_known_word_is_its_own_neighbour(word: str) -> None:
    """Nothing is nearer than the word itself."""
    assert nearest(word, KNOWN) == word


def test_nothing_is_near_when_nothing_is_known() -> None:
    """An empty catalogue has no suggestion."""
    assert nearest("price_shock", ()) is None


def test_a_list_says_how_many_it_left_out() -> None:
    """Twelve are shown, unless another number is asked for."""
    letters = [chr(ord("a") + place) for place in range(15)]

    assert listing([]) == ""
    assert listing(letters[:2]) == "a, b"
    assert listing(letters[:12]) == "a, b, c, d, e, f, g, h, i, j, k, l"
    assert listing(letters).endswith("k, l and 3 more")
    assert listing(letters, most=1) == "a and 14 more"


@pytest.mark.parametrize(
    ("n", "noun", "plural", "expected"),
    [
        (0, "gate", "", "0 gates"),
        (1, "gate", "", "1 gate"),
        (2, "gate", "", "2 gates"),
        (155_935, "message", "", "155,935 messages"),
        (1, "breach", "breaches", "1 breach"),
        (3, "breach", "breaches", "3 breaches"),
    ],
)
def test_counts_are_words_with_their_number(n: int, noun: str, plural: str, expected: str) -> None:
    """One is singular, everything else plural."""
    assert counted(n, noun, plural) == expected
