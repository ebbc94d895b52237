"""The deck: chance that keeps its share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.faults.deck import CARDS, Deck
from engine.kernel.streams import stream


def picks(share: float, things: int, seed: int = 1) -> list[bool]:
    """Which of so many things are picked."""
    deck = Deck(share, stream(seed, "deck"))
    return [deck.draw() for _ in range(things)]


@given(st.floats(0, 1), st.integers(1, 30), st.integers(0, 1000))
def test_every_deck_keeps_the_share(share: float, decks: int, seed: int) -> None:
    """After any number of whole decks the picks are those of the share, give or take one."""
    assert abs(sum(picks(share, decks * CARDS, seed)) - share * decks * CARDS) <= 1 + 1e-6


def test_nothing_and_everything() -> None:
    """0 picks nothing, 1 picks all."""
    assert sum(picks(0, 1000)) == 0
    assert sum(picks(1, 1000)) == 1000


def test_each_place_is_as_likely_as_another() -> None:
    """Over many seeds the first thing is picked as often as the last of its deck."""
    first, last = (sum(picks(0.2, CARDS, seed)[place] for seed in range(2000)) for place in (0, CARDS - 1))

    assert first == pytest.approx(400, abs=60)
    assert last == pytest.approx(400, abs=60)


def test_a_small_share_does_not_begin_at_the_same_place() -> None:
    """Of 1 % the first pick comes anywhere in the first hundred."""
    firsts = [picks(0.01, 200, seed).index(True) for seed in range(200)]

    assert min(firsts) < 15
    assert max(firsts) > 85
