"""The line between the desk's end of the order session and the broker's: what passes it, and what is lost on it."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from engine.kernel.world import World
from engine.trading.stages import Link


class Down(StrEnum):
    """Why nothing passes; several may hold at once."""

    CUT = "cut"
    SILENT = "silent"
    """It looks up at both ends."""
    GIVEN_UP = "given_up"
    """Both ends have heard nothing for too long."""
    LOGGED_OUT = "logged_out"
    """The desk has left for good."""
    CLOSED = "closed"
    """The broker has ended the session."""


class Line:
    """Two links, one each way. What is on the wire when the line goes down is lost."""

    def __init__(self, world: World, order_link: Link, ack_link: Link) -> None:
        self._world = world
        self._order_link = order_link
        self._ack_link = ack_link
        self._down: set[Down] = set()
        self._epoch = 0
        """Counts drops and restores; a message of an earlier epoch was on the wire then, and is lost."""
        self.losses: list[Callable[[], bool]] = []
        """Faults: each is asked of every numbered message to the desk whether it is lost on the wire."""

    @property
    def extra_delay_ns(self) -> int:
        """What is added to the delay of every message sent from now on, each way. Raise ValueError below 0."""
        return self._order_link.extra_delay_ns

    @extra_delay_ns.setter
    def extra_delay_ns(self, delay_ns: int) -> None:
        if delay_ns < 0:
            raise ValueError(f"a broker delay of 0 ns or more was expected, was {delay_ns}")
        self._order_link.extra_delay_ns = self._ack_link.extra_delay_ns = delay_ns

    @property
    def connected(self) -> bool:
        """Whether messages pass now."""
        return not self._down

    def is_down(self, why: Down) -> bool:
        """Whether nothing passes for this reason, whatever other reasons there are."""
        return why in self._down

    def block(self, why: Down) -> bool:
        """Let nothing pass, and lose what is on the wire; whether messages passed until now."""
        passed = self.connected
        self._down.add(why)
        if passed:
            self._epoch += 1
        return passed

    def unblock(self, why: Down) -> None:
        """Take this reason away."""
        self._down.discard(why)

    def begin(self) -> None:
        """A new connection: nothing of an old one arrives any more."""
        self._epoch += 1

    def unchanged(self) -> Callable[[], bool]:
        """Whether the line is still the one of now, to be asked later."""
        epoch = self._epoch
        return lambda: epoch == self._epoch

    def to_venue(self, do: Callable[[], None]) -> None:
        """Carry a message to the venue that calls *do* on arrival."""
        epoch = self._epoch
        self._order_link.carry(lambda: do() if epoch == self._epoch else None)

    def to_desk(self, do: Callable[[], None]) -> None:
        """Carry a message to the desk that calls *do* on arrival."""
        epoch = self._epoch
        self._ack_link.carry(lambda: do() if epoch == self._epoch else None)

    def numbered(self, do: Callable[[], None]) -> None:
        """Carry a numbered message to the desk, if the line is up and no fault loses it."""
        lost = [lose() for lose in self.losses]  # each fault counts every message, also one that another has lost
        if self.connected and not any(lost):
            self.to_desk(do)

    def heartbeat(self, do: Callable[[], None]) -> None:
        """Carry a word to the desk behind the last message, if the line is up."""
        if self.connected:
            epoch = self._epoch
            self._ack_link.follow(lambda: do() if epoch == self._epoch else None)
