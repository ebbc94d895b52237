"""Tests of the model ``mixed``: several markets side by side, told apart by symbol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.orders import Instrument, NewOrder, Side
from engine.domain.ports import NEVER_NS, Execution, Levers, MarketEvent
from engine.domain.quotes import Quote, Trade
from engine.kernel.world import World
from engine.market import models
from engine.market.mixed import LookingMarket, Mixed, MixedMarket, mixed_of
from engine.market.model_document import MarketError, document_of, levers_of, model_word, parts_of
from engine.market.reduced import Reduced, ReducedInstrument
from engine.market.replay import Replay, ReplayTape

from .samples import BUY, CALM, MS, SELL, S, at_market, limit, play, reduced, replay, write_tape


@dataclass
class Scripted:
    """A market that says what it was told to say, and keeps what is done to it."""

    symbol: str
    script: list[MarketEvent] = field(default_factory=list)
    until_ns: int = NEVER_NS
    done: list[tuple[Any, ...]] = field(default_factory=list)
    now_ns: int = -1

    def __post_init__(self) -> None:
        self.pulled = Levers()

    @property
    def instruments(self) -> tuple[Instrument, ...]:
        """Its one symbol."""
        return (Instrument(self.symbol, 100_000_000, 10_000),)

    @property
    def wants_until_ns(self) -> int:
        """As told."""
        return self.until_ns

    def next_ns(self) -> int:
        """The next event of the script."""
        return next((event.t_ns for event in self.script if event.t_ns > self.now_ns), NEVER_NS)

    def advance(self, t_ns: int) -> tuple[MarketEvent, ...]:
        """The events since the last time."""
        since_ns, self.now_ns = self.now_ns, t_ns
        return tuple(event for event in self.script if since_ns < event.t_ns <= t_ns)

    def quote(self, symbol: str) -> Quote:
        """A quote that names it."""
        return Quote(self.now_ns, symbol, 1, 1, 2, 1)

    def levers(self, symbol: str) -> Levers:
        """Its levers."""
        return self.pulled

    def set_bands(self, symbol: str, lower_micros: int, upper_micros: int) -> None:
        """Keep it."""
        self.done.append(("bands", symbol, lower_micros, upper_micros))

    def set_trading(self, symbol: str, *, trading: bool) -> None:
        """Keep it."""
        self.done.append(("trading", symbol, trading))

    def uncross(self, orders: tuple[NewOrder, ...], symbol: str, reference_micros: int) -> tuple[MarketEvent, ...]:
        """Keep it."""
        self.done.append(("uncross", [order.order_id for order in orders], symbol, reference_micros))
        return (trade(self.now_ns, symbol),)

    def submit(self, order: NewOrder) -> tuple[Execution, ...]:
        """Keep it."""
        self.done.append(("submit", order.order_id))
        return ()

    def cancel(self, order_id: int) -> int:
        """Keep it: a hundred shares were left."""
        self.done.append(("cancel", order_id))
        return 100


def trade(t_ns: int, symbol: str, qty: int = 1) -> Trade:
    """Somebody bought."""
    return Trade(t_ns, symbol, 100_000_000, qty, Side.BUY)


def one(symbol: str, **changes: Any) -> Reduced:
    """A reduced document of one symbol."""
    return Reduced(instruments=(ReducedInstrument(symbol=symbol, price=100.0),), **changes)


def build(*parts: Any, seed: int = 1) -> MixedMarket:
    """The market of these documents."""
    return Mixed(parts=parts).build(World(seed), open_s=34_200, find=Path)


def of(symbol: str, events: Sequence[MarketEvent]) -> list[MarketEvent]:
    """The events of one symbol."""
    return [event for event in events if event.symbol == symbol]


def test_the_model_is_registered_under_its_word() -> None:
    """``model: mixed`` finds this document."""
    assert models.get("mixed") is Mixed


def test_events_come_in_time_order_and_at_the_same_instant_by_part() -> None:
    """Whatever the parts' own order within an instant is, it stays; the earlier part comes first."""
    a = Scripted("A", [trade(1, "A"), trade(3, "A", 1), trade(3, "A", 2), trade(9, "A")])
    b = Scripted("B", [trade(2, "B"), trade(3, "B", 3), trade(9, "B")])
    events = MixedMarket([a, b]).advance(5)
    swapped = MixedMarket([replaced(b), replaced(a)]).advance(5)

    assert [(event.t_ns, event.symbol, event.qty) for event in events if isinstance(event, Trade)] == [
        (1, "A", 1),
        (2, "B", 1),
        (3, "A", 1),
        (3, "A", 2),
        (3, "B", 3),
    ]
    assert [event.symbol for event in swapped] == ["A", "B", "B", "A", "A"]


def replaced(part: Scripted) -> Scripted:
    """The same script from its beginning."""
    return Scripted(part.symbol, part.script)


def test_it_wakes_for_the_next_change_of_any_part_and_ends_with_the_first() -> None:
    """Next is the earliest, the data end where one part's do."""
    market = MixedMarket([Scripted("A", [trade(7, "A")], until_ns=50), Scripted("B", [trade(4, "B")])])

    assert (market.next_ns(), market.wants_until_ns) == (4, 50)
    market.advance(4)
    assert market.next_ns() == 7
    market.advance(7)
    assert market.next_ns() == NEVER_NS


def test_time_does_not_go_back() -> None:
    """Asking for an earlier instant is an error of the caller."""
    market = MixedMarket([Scripted("A")])
    market.advance(10)

    with pytest.raises(ValueError, match="stands at 10 ns and was asked to go back to 9 ns"):
        market.advance(9)


def test_everything_goes_to_the_part_that_trades_the_symbol() -> None:
    """Orders, cancels, halts, bands and auctions; the other part hears nothing."""
    a, b = Scripted("A"), Scripted("B")
    market = MixedMarket([a, b])
    market.submit(limit(1, BUY, 100, 99.0, symbol="B"))
    market.set_trading("B", trading=False)
    market.set_bands("B", 90, 110)
    events = market.uncross((limit(2, SELL, 10, 99.0, symbol="B"),), "B", 100)

    assert (market.cancel(1), market.cancel(2), market.cancel(2), market.cancel(3)) == (100, 100, 0, 0)
    assert events == (trade(-1, "B"),)
    assert a.done == []
    assert b.done == [
        ("submit", 1),
        ("trading", "B", False),
        ("bands", "B", 90, 110),
        ("uncross", [2], "B", 100),
        ("cancel", 1),
        ("cancel", 2),
    ]


def test_quotes_and_levers_are_those_of_the_part() -> None:
    """Pulling a lever of one symbol leaves the other's alone."""
    a, b = Scripted("A"), Scripted("B")
    market = MixedMarket([a, b])
    market.levers("B").depth_factor = 0.5

    assert (a.pulled.depth_factor, b.pulled.depth_factor) == (1.0, 0.5)
    assert (market.quote("A").symbol, market.quote("B").symbol) == ("A", "B")
    assert [each.symbol for each in market.instruments] == ["A", "B"]
    assert parts_of(market) == (a, b)
    assert parts_of(a) == (a,)


def test_a_symbol_moves_as_it_would_alone() -> None:
    """A part more changes no draw of the others."""
    alone = play(one("SPY").build(World(1), open_s=0, find=Path), 30 * S)
    together = play(build(one("QQQ"), one("SPY", step_ms=100)), 30 * S)

    assert of("SPY", together) == alone


@pytest.mark.parametrize(("other_step_ms", "low", "high"), [(100, 0.98, 1.0), (50, -0.15, 0.15)])
def test_parts_share_a_common_factor_if_they_share_the_step(other_step_ms: float, low: float, high: float) -> None:
    """At other steps the draws would belong to other times, so they are others."""
    changes = {"correlation": 1.0, "step_ms": 100}
    market = build(one("AAA", **changes), one("BBB", **(changes | {"step_ms": other_step_ms})))
    moves: list[list[int]] = []
    for second in range(0, 3_000, 3):
        market.advance(second * S)
        moves.append([round(market.quote(symbol).mid_micros or 0) for symbol in ("AAA", "BBB")])
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(moves)]
    x, y = zip(*steps, strict=True)

    assert low <= correlation(x, y) <= high


def correlation(x: Sequence[float], y: Sequence[float]) -> float:
    """Pearson's."""
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    cov = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    var_x, var_y = sum((a - mean_x) ** 2 for a in x), sum((b - mean_y) ** 2 for b in y)
    return float(cov / (var_x * var_y) ** 0.5)


# ---- a part that finds out by playing when it changes


@dataclass
class Looking(Scripted):
    """A market that knows its next event only when it has played up to it."""

    looked: list[int] = field(default_factory=list)

    def next_ns(self) -> int:
        """It does not know."""
        return NEVER_NS

    @property
    def pending(self) -> bool:
        """Whether it has come to an event."""
        return self.done[-1:] == [("pending",)]

    def look_ahead(self, limit_ns: int) -> int:
        """Up to its next event, if that comes first."""
        self.looked.append(limit_ns)
        reached_ns = min(super().next_ns(), limit_ns)
        if reached_ns < limit_ns:
            self.done.append(("pending",))
        return reached_ns


def test_the_part_that_looks_ahead_does_so_for_all() -> None:
    """Only where there is one; a market of others has nothing to look for."""
    market = mixed_of([Scripted("A", [trade(4, "A")]), looking := Looking("B", [trade(3, "B")])])

    assert isinstance(market, LookingMarket)
    assert market.next_ns() == 4
    assert (market.look_ahead(2), market.pending) == (2, False)
    assert (market.look_ahead(4), market.pending) == (3, True)
    assert looking.looked == [2, 4]
    assert [event.symbol for event in market.advance(3)] == ["B"]
    assert not hasattr(mixed_of([Scripted("A")]), "look_ahead")


def test_only_one_part_may_look_ahead() -> None:
    """The first would have played on, past what the second then does."""
    with pytest.raises(MarketError, match="parts 1 and 3 of the market both play order books") as refused:
        mixed_of([Looking("A"), Scripted("B"), Looking("C")])

    assert refused.value.instruction == "put their instruments into one part"


# ---- two reduced parts, and a tape beside a reduced part, however time is cut


def pair(tape: Path | None, seed: int) -> MixedMarket:
    """SPY reduced beside QQQ reduced, or beside a tape."""
    other = replay(tape) if tape is not None else reduced(seed, ["QQQ"], volatility_bps_per_sqrt_s=4)
    return MixedMarket([reduced(seed, ["SPY"], volatility_bps_per_sqrt_s=4), other])


@pytest.fixture(scope="module")
def tape(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of trades at 100.02, some at the instants at which the reduced part steps."""
    rows = [((t / 10, 4, 10, 100.02, -1), CALM) for t in (1, 3.3, 20, 20, 41, 70.5, 99)]
    return write_tape(tmp_path_factory.mktemp("tape"), rows)


CUTS = st.lists(st.integers(0, 10_000 * MS), max_size=12)
ORDERS = st.lists(
    st.tuples(st.integers(0, 9_000 * MS), st.integers(0, 1), st.integers(1, 2_000), st.booleans()), max_size=5
)
Planned = list[tuple[int, int, int, bool]]


def script(market: MixedMarket, orders: Planned, cuts: Sequence[int]) -> list[MarketEvent]:
    """Send orders at their times, read at *cuts* beside it, and keep all that happened, in order."""
    symbols = [each.symbol for each in market.instruments]
    events: list[MarketEvent] = []
    acts = {when: (number, *what) for number, (when, *what) in enumerate(orders, 1)}
    for t_ns in sorted({*acts, *cuts, 10_000 * MS}):
        events += market.advance(t_ns)
        if t_ns in cuts:
            market.next_ns()
            assert [market.quote(symbol).symbol for symbol in symbols] == symbols
        if t_ns in acts:
            number, place, qty, buys = acts[t_ns]
            events += market.submit(at_market(number, BUY if buys else SELL, qty, symbols[place]))
            events += market.advance(t_ns)
    return events


@settings(max_examples=40, deadline=None)
@given(st.booleans(), st.integers(0, 2**32), ORDERS, CUTS)
def test_events_do_not_depend_on_how_time_is_cut(
    tape: Path, with_tape: bool, seed: int, orders: Planned, cuts: list[int]
) -> None:
    """With reads between or in one go: the same events in the same order, and never back in time."""
    folder = tape if with_tape else None
    events = script(pair(folder, seed), orders, cuts)

    assert events == script(pair(folder, seed), orders, [])
    assert [event.t_ns for event in events] == sorted(event.t_ns for event in events)


def test_a_tape_plays_beside_a_reduced_market(tape: Path) -> None:
    """Each symbol's events are those that it has alone; the tape's data end, and with them the run."""
    events = play(pair(tape, 5), 10 * S)
    spy, test = reduced(5, ["SPY"], volatility_bps_per_sqrt_s=4), replay(tape)

    assert of("SPY", events) == play(spy, 10 * S)
    assert of("TEST", events) == play(test, 10 * S)
    assert pair(tape, 5).wants_until_ns == test.wants_until_ns < NEVER_NS


# ---- the document


def test_it_says_what_it_trades_if_all_parts_do() -> None:
    """A tape whose symbol only its file knows keeps the answer open."""
    named, unnamed = Replay(tape="t", symbol="AMZN"), Replay(tape="t")

    assert Mixed(parts=(one("SPY"), named)).symbols == ("SPY", "AMZN")
    assert Mixed(parts=(one("SPY"), unnamed)).symbols == ()


def test_a_symbol_leads_to_its_part() -> None:
    """To the one that names it, else to the one that leaves it to its data; alone a document is its own."""
    spy, qqq, unnamed = one("SPY"), one("QQQ"), Replay(tape="t")
    mixed = Mixed(parts=(spy, unnamed, qqq))

    assert [document_of(mixed, symbol) for symbol in ("SPY", "QQQ", "AMZN")] == [spy, qqq, unnamed]
    assert document_of(Mixed(parts=(spy,)), "AMZN") is None
    assert document_of(spy, "AMZN") is spy
    assert [model_word(each) for each in (mixed, spy, unnamed)] == ["mixed", "reduced", "replay"]
    with pytest.raises(LookupError, match="a registered model was expected, was object"):
        model_word(object())
    assert levers_of(spy) == {"price_factor", "depth_factor", "spread_factor", "volume_factor"}
    assert levers_of(object()) == frozenset()


@pytest.mark.parametrize(
    ("second", "at"),
    [
        (one("SPY"), ("parts", 1, "instruments", 0, "symbol")),
        (Replay(tape="t", symbol="SPY"), ("parts", 1, "symbol")),
        (
            Replay(tapes=(ReplayTape(tape="a", symbol="QQQ"), ReplayTape(tape="b", symbol="SPY"))),
            ("parts", 1, "tapes", 1, "symbol"),
        ),
    ],
)
def test_a_symbol_in_two_parts_is_refused_at_its_place(second: Any, at: tuple[str | int, ...]) -> None:
    """As soon as the document is read."""
    with pytest.raises(MarketError, match="parts 1 and 2 of the market both trade SPY") as refused:
        Mixed(parts=(one("SPY"), second))

    assert refused.value.at == at


def test_a_tape_that_holds_another_parts_symbol_is_refused(tape: Path) -> None:
    """Only its file knows, so the market cannot be built."""
    documents = Mixed(parts=(one("TEST"), Replay(tape="day")))

    with pytest.raises(MarketError, match="parts 1 and 2 of the market both trade TEST"):
        documents.build(World(1), open_s=34_200, find=lambda _path: tape)


def test_every_registered_model_says_which_levers_it_obeys() -> None:
    """By their names in Levers; the mixed one has those of its parts."""
    known = set(Levers.__dataclass_fields__)

    assert [word for word, document in models if not levers_of(document) and document is not Mixed] == []
    assert all(levers_of(document) <= known for _, document in models)
