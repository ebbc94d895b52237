"""Chance by deck: a share of things is picked at random, and yet the share is kept in every small number of them."""

from __future__ import annotations

from math import floor

from numpy.random import Generator

CARDS = 20
"""Cards of one deck: of so many things in a row as many are picked as the share says, give or take one."""


class Deck:
    """Picks a *share* (0 to 1) of the things it is asked about, each equally likely.

    Coins would do, but of 100 coins at 20 % one run in fifteen gives fewer than 14: a fault's own check would fail for
    nothing but chance. So cards are drawn from a shuffled deck, and what a deck rounds off the next ones make good.
    """

    def __init__(self, share: float, chance: Generator) -> None:
        self._per_deck = share * CARDS
        self._chance = chance
        self._owed = float(chance.random())  # so that a share of less than one card does not always begin empty
        self._cards: list[bool] = []

    def draw(self) -> bool:
        """Whether the next thing is picked."""
        if not self._cards:
            self._owed += self._per_deck
            picked = min(floor(self._owed), CARDS)
            self._owed -= picked
            places = set(self._chance.permutation(CARDS)[:picked].tolist())
            self._cards = [place in places for place in range(CARDS)]
        return self._cards.pop()
