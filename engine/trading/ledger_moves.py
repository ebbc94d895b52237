"""The moves of one symbol in the order in which they were booked, and the holding that they make.

A move that is taken back is left out, and everything after it is done again: from the last milestone before it, since
what is taken back is mostly young.
"""

from __future__ import annotations

from copy import copy

from engine.trading.holding import Holding

MOVES_PER_MILESTONE = 64


class Moves:
    """Signed shares and price of every move, by the number of its execution, beside the *holding* that they made."""

    def __init__(self) -> None:
        self._moves: list[tuple[int, int] | None] = []
        self._places: dict[int, int] = {}
        self._milestones: list[Holding] = []
        """The holding before every 64th move."""

    def add(self, exec_id: int, delta: int, price_micros: int, holding: Holding) -> tuple[int, int]:
        """Move *holding*: the profit realised and the change of the cost, both in micro-dollars."""
        self._places[exec_id] = len(self._moves)
        if not len(self._moves) % MOVES_PER_MILESTONE:
            self._milestones.append(copy(holding))
        self._moves.append((delta, price_micros))
        holding.signed_fills += delta
        return holding.trade(delta, price_micros)

    def take_back(self, exec_id: int, mark_micros: float) -> Holding:
        """The holding without the move of that execution. Raise KeyError if there is none."""
        place = self._places.pop(exec_id)
        self._moves[place] = None
        first = place // MOVES_PER_MILESTONE
        holding = copy(self._milestones[first])
        del self._milestones[first:]
        for number, move in enumerate(self._moves[first * MOVES_PER_MILESTONE :]):
            if not number % MOVES_PER_MILESTONE:
                self._milestones.append(copy(holding))
            if move is not None:
                holding.trade(*move)
                holding.signed_fills += move[0]
        holding.mark_micros = mark_micros
        return holding
