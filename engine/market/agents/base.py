"""What every reacting agent has: hands in one book under a number of its own, eyes on it, and a clock to wake by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.config.bind import BindError, bind
from engine.domain.orders import Side
from engine.domain.records import AgentLooked, AgentsChanged, VenueTrader
from engine.kernel.streams import Uniforms
from engine.kernel.world import Event, Process, World
from engine.market.model_document import MarketError

if TYPE_CHECKING:
    from engine.market.simulated_book import SimulatedBook

FIRST_OWNER = 2
"""Owner 0 is the background flow, 1 the desk."""
IDS_PER_OWNER = 1 << 40
"""An agent's orders are numbered from here times its owner number on, so that nobody else has such a number."""
FIXED = frozenset({"id", "symbol", "count"})
"""What no fault may change at any agent: who it is."""


class Hands:
    """One agent in one book. Prices are ticks, quantities shares.

    While trading is halted nothing is sent; what rests may still be taken out.
    """

    def __init__(self, world: World, book: SimulatedBook, owner: int) -> None:
        self.world = world
        self.book = book
        self.owner = owner
        self._next_id = owner * IDS_PER_OWNER
        self._resting: list[tuple[int, int]] = []
        """Number and side of what it has let rest."""

    @property
    def position(self) -> int:
        """Shares bought less shares sold so far."""
        return self.book.positions.get(self.owner, 0)

    @property
    def halted(self) -> bool:
        """Whether nobody may trade now."""
        return self.book.halted

    def write_down(self) -> None:
        """Let the venue write down what its book has this agent trade so far, and everybody."""
        symbol, volume = self.book.instrument.symbol, self.book.volume
        self.world.record(VenueTrader(self.world.now_ns, symbol, self.owner, self.position, volume))

    def top(self) -> tuple[int, int]:
        """The best bid and ask in ticks; 0 for an empty side."""
        return self.book.best()

    def mid_ticks(self) -> float | None:
        """The mid in ticks, None while a side is empty."""
        bid, ask = self.book.best()
        return (bid + ask) / 2 if bid and ask else None

    def others_mid_ticks(self) -> float | None:
        """The mid without this agent's own orders, at most one on each side; None while nobody else is on a side."""
        bid, ask = self.book.best()
        for order_id, side in self._resting:
            if side > 0:
                bid = self.book.book.best_besides(order_id, side)
            else:
                ask = self.book.book.best_besides(order_id, side)
        return (bid + ask) / 2 if bid and ask else None

    def take(self, side: Side, qty: int, limit_tick: int | None = None) -> int:
        """Trade up to *qty* shares at once, at *limit_tick* or better (None: any price): the shares traded."""
        if qty <= 0 or self.book.halted or (limit_tick is not None and limit_tick <= 0):
            return 0
        self._next_id += 1
        matches = self.book.enter(self.world.now_ns, self.owner, self._next_id, int(side), qty, limit_tick, rests=False)
        return sum(match.qty for match in matches)

    def rest(self, side: Side, qty: int, tick: int) -> None:
        """Let an order rest, or trade what it reaches. Nothing is sent for no shares, or below the lowest price."""
        if qty <= 0 or tick <= 0 or self.book.halted:
            return
        self._next_id += 1
        self.book.enter(self.world.now_ns, self.owner, self._next_id, int(side), qty, tick, rests=True)
        self._resting.append((self._next_id, int(side)))

    def cancel_all(self) -> None:
        """Take every resting order of this agent out."""
        resting, self._resting = self._resting, []
        for order_id, _ in resting:
            self.book.cancel(self.world.now_ns, order_id)


class Seat:
    """Where one agent block sits in a run: its settings in force, which a fault may change, and its world."""

    def __init__(self, document: Agent, world: World) -> None:
        self.document = document
        self.world = world
        self._settings: Any = document
        self._changes: dict[str, float] = {}
        self._to_look: set[int] = set()

    @property
    def settings(self) -> Any:
        """The settings in force: those of the document, with what faults have changed.

        Raise MarketError if those are left together that contradict each other.
        """
        if self._settings is None:
            self._settings = changed(self.document, self._changes) if self._changes else self.document
        return self._settings

    def change(self, changes: Mapping[str, float]) -> None:
        """Let *changes* be in force from the agents' next look on, beside those that are already.

        Raise LookupError or MarketError, and change nothing, if the agents cannot have such settings.
        """
        together = {**self._changes, **changes}
        self._exchange(together, changed(self.document, together))

    def restore(self, names: Mapping[str, float]) -> None:
        """Let the settings *names* be as the document says again.

        What is left is put together when somebody looks: of two changes that end in one instant, one ends first.
        """
        self._exchange({name: value for name, value in self._changes.items() if name not in names}, None)

    def _exchange(self, changes: dict[str, float], settings: Any) -> None:
        self._changes, self._settings = changes, settings
        self._to_look = set(range(self.document.count))
        self.world.record(AgentsChanged(self.world.now_ns, self.document.id, said(changes), self.document.count))

    def look(self, number: int) -> Any:
        """The settings in force, as the agent *number* looks at the market now. Its first look at them is recorded."""
        if number in self._to_look:
            self._to_look.discard(number)
            self.world.record(AgentLooked(self.world.now_ns, self.document.id, number))
        return self.settings

    def chance(self, number: int) -> Uniforms:
        """The random stream of the agent *number* of this block."""
        name = f"market/agent/{self.document.symbol}/{self.document.id}/{number}"
        return Uniforms(self.world.stream(name), block=256)

    def doze(self, chance: Uniforms) -> Event:
        """Sleep for a time between 0 and twice ``wake_s``: agents of one block do not wake together."""
        return self.world.wait_ns(max(int(2 * self.settings.wake_s * NS_PER_S * chance.draw()), 1))

    def delay(self) -> Event:
        """Sleep for the time from seeing to acting."""
        return self.world.wait_ns(round(self.settings.latency_ms * NS_PER_MS))


class Agent(Protocol):
    """One kind of agent: a frozen document that can be started. Its module's name is its name in YAML.

    It may name in a class variable ``fixed`` what it reads only once, so that no fault may change it.
    """

    @property
    def id(self) -> str:
        """Name of the block."""
        ...

    @property
    def symbol(self) -> str:
        """The symbol that it trades."""
        ...

    @property
    def count(self) -> int:
        """How many agents the block has."""
        ...

    def live(self, seat: Seat, hands: Hands, number: int) -> Process:
        """The life of one agent of the block, the *number*th from 0, from time 0 on.

        It asks ``seat.look(number)`` for its settings after each wake, so that a fault may change them meanwhile.
        """
        ...


def fixed_of(document: Agent) -> frozenset[str]:
    """The keys of *document* that no fault may change."""
    more: frozenset[str] = getattr(document, "fixed", frozenset())
    return FIXED | more


def changed(document: Agent, changes: Mapping[str, float]) -> Any:
    """*document* with *changes* made. Raise LookupError if it has no such key, and MarketError if it refuses them."""
    data = asdict(document)  # type: ignore[call-overload]
    unknown = sorted(changes.keys() - data.keys())
    if unknown:
        raise LookupError(f"settings of the agents '{document.id}' were expected, were {', '.join(unknown)}")
    try:
        return bind(type(document), {**data, **changes})
    except BindError as refused:
        raise MarketError(refused.reason, refused.instruction, at=refused.path) from refused


def said(changes: Mapping[str, float]) -> str:
    """*changes* as one text, in the order of their names: ``half_spread_ticks=8, widen=0``; empty if there are none."""
    return ", ".join(f"{name}={value:.12g}" for name, value in sorted(changes.items()))


def expect_at_most(what: str, value: float, most_name: str, most: float) -> None:
    """Raise MarketError if the setting *what* is above that of *most_name*."""
    if value > most:
        raise MarketError(
            f"a {what} of at most {most_name} ({most:g}) was expected, was {value:g}",
            f"lower {what}, or raise {most_name}",
            at=(what,),
        )
