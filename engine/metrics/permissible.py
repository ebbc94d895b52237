"""Orders that nothing forbade: no hard limit, hold or stop, by the venue observer's books and the limits document.

Reckoned without looking at what the governor answered, and on the safe side: where two readings are possible the order
counts as forbidden, so that a governor is never blamed for a denial that could be right.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator

import numpy as np

from engine.base.units import MICROS_PER_USD, NS_PER_MS, NS_PER_S
from engine.domain.orders import OrderState, TimeInForce
from engine.domain.ports import NEVER_NS
from engine.domain.quotes import MarketState
from engine.domain.records import Decided, DeskOrder, Intent, Sent, VenueState
from engine.kernel.event_log import EventLog
from engine.metrics.causes import Causes
from engine.metrics.evidence import Evidence
from engine.metrics.exposure import exposures, gross_micros
from engine.metrics.folds import Floats, Ints, decisions, intents, observer, once_per_log, places, quote_arrivals
from engine.metrics.holds import Hold, Stretches, holds
from engine.trading.limits import Bound, InstrumentLimits

Step = Callable[[int], float]

_ENDED = frozenset({OrderState.REJECTED.value, OrderState.CANCELLED.value, OrderState.FILLED.value})
_OVER = frozenset({OrderState.REJECTED.value, OrderState.CANCELLED.value})


def permissible(evidence: Evidence) -> Iterator[tuple[Intent, Decided]]:
    """Every new order of the strategy that was decided and that nothing forbade, in order of decision."""
    known, state, limits = intents(evidence.log), _State(evidence), evidence.facts.limits
    first = decisions(evidence.log)
    for seq, decided in zip(places(evidence.log)[Decided].tolist(), evidence.log.of(Decided), strict=True):
        intent = known.get(decided.order_id)
        if intent is None or intent.action != "new" or first[decided.order_id] is not decided:
            continue
        own = limits.instrument.get(intent.symbol)
        if own is not None and state.allows(intent, decided, seq, own):
            yield intent, decided


class _State:
    """What stood at each place of the log: exposure, gross value, marks, quote times, holds, approvals."""

    def __init__(self, evidence: Evidence) -> None:
        log = evidence.log
        self._firm = evidence.facts.limits.firm
        self._holds = holds(log)
        self._causes = Causes(evidence)
        self._excused: dict[str, Stretches] = {}
        self._worst = {symbol: _steps(one.seq, one.shares) for symbol, one in exposures(log).items()}
        self._gross = _by_time(*gross_micros(log))
        self._marks = _marks(log)
        self._quoted = {symbol: _by_time(one.t_ns, one.venue_ns) for symbol, one in quote_arrivals(log).items()}
        known = intents(log)
        asked = [one.t_ns for one in log.of(Decided) if one.approved and _counts(known.get(one.order_id))]
        self._approved_ns = asked
        self._waiting = _waiting(log)
        self._own_meets = _meeting_own(log)
        self._stops = _stops(log)

    def allows(self, intent: Intent, decided: Decided, seq: int, own: InstrumentLimits) -> bool:
        """Whether no limit and no hold stood in the way of this order."""
        mark = self._marks[intent.symbol][seq]
        if mark <= 0 or self._held(intent.symbol, decided.t_ns):
            return False
        if intent.order_id in self._own_meets or self._stopped(intent.symbol, decided.t_ns):
            return False
        price = max(intent.limit_micros, mark)
        off_pct = 100 * abs(intent.limit_micros - mark) / mark if intent.limit_micros else 0.0
        return (
            _within(own.order_qty_shares, intent.qty)
            and _within(own.order_notional_usd, intent.qty * price / MICROS_PER_USD)
            and _within(own.price_collar_pct, off_pct)
            and _within(self._firm.order_rate_per_s, self._rate(decided.t_ns))
            and (not intent.increasing or self._room(intent, decided, seq, own, mark))
        )

    def _held(self, symbol: str, t_ns: int) -> bool:
        """Whether a hold or stop was in effect that something seen from outside excuses."""
        if symbol not in self._excused:
            self._excused[symbol] = Stretches(map(self._excused_ns, (one for one in self._holds if one.covers(symbol))))
        return t_ns in self._excused[symbol]

    def _excused_ns(self, hold: Hold) -> tuple[int, int]:
        """The stretch, without its ends, in which *hold* was in effect and excused."""
        effect_ns, end_ns = hold.stretch_ns
        return max(effect_ns, self._causes.excused_from_ns(hold) - 1), end_ns

    def _stopped(self, symbol: str, t_ns: int) -> bool:
        """Whether the venue had said that the symbol is not simply open; the word is a moment on its way."""
        return any(begin <= t_ns < end + NS_PER_S for begin, end in self._stops.get(symbol, ()))

    def _room(self, intent: Intent, decided: Decided, seq: int, own: InstrumentLimits, mark: float) -> bool:
        """Whether an increasing order kept the limits on position and gross value, on a quote that was fresh."""
        shares = self._worst[intent.symbol](seq) if intent.symbol in self._worst else 0.0
        asked = intent.qty + (self._waiting[intent.symbol](seq) if intent.symbol in self._waiting else 0.0)
        gross_usd = (self._gross(decided.t_ns) + asked * mark) / MICROS_PER_USD
        age_ms = (decided.t_ns - self._quoted[intent.symbol](decided.t_ns)) / NS_PER_MS
        return (
            _within(own.position_shares, shares + asked)
            and _within(self._firm.gross_notional_usd, gross_usd)
            and _within(self._firm.quote_age_ms, age_ms)
        )

    def _rate(self, t_ns: int) -> int:
        """New orders and replaces approved in the second before, with this one."""
        return bisect_left(self._approved_ns, t_ns) - bisect_left(self._approved_ns, t_ns - NS_PER_S) + 1


def _counts(intent: Intent | None) -> bool:
    return intent is not None and intent.action != "cancel"


def _within(bound: Bound | None, value: float) -> bool:
    """Whether *value* keeps the hard limit; a limit that is missing forbids."""
    return bound is not None and bound.hard is not None and value <= bound.hard


@once_per_log
def _marks(log: EventLog) -> dict[str, dict[int, float]]:
    """By symbol and place of each decision, the mark in micro-dollars; 0 before the first quote."""
    seqs, books = places(log)[Decided], observer(log)
    made: dict[str, dict[int, float]] = {}
    for symbol in sorted({intent.symbol for intent in log.of(Intent)}):
        marks = books.account(symbol).marks_micros(seqs)
        made[symbol] = dict(zip(seqs.tolist(), marks.tolist(), strict=True))
    return made


@once_per_log
def _meeting_own(log: EventLog) -> frozenset[int]:
    """Orders that would have met one of the desk's own that was approved and not over by the desk's books."""
    known, where = intents(log), places(log)
    said: list[tuple[int, Decided | DeskOrder]] = [
        *zip(where[Decided].tolist(), log.of(Decided), strict=True),
        *zip(where[DeskOrder].tolist(), log.of(DeskOrder), strict=True),
    ]
    resting: dict[tuple[str, int], dict[int, int]] = {}
    found: set[int] = set()
    for _, one in sorted(said, key=lambda pair: pair[0]):
        intent = known.get(one.order_id)
        if intent is None or intent.action == "cancel":
            continue
        own = resting.setdefault((intent.symbol, intent.side), {})
        if isinstance(one, DeskOrder):
            if one.state in _ENDED:
                own.pop(one.order_id, None)
            continue
        others = resting.get((intent.symbol, -intent.side), {})
        if any(
            not intent.limit_micros or intent.side * (intent.limit_micros - price) >= 0 for price in others.values()
        ):
            found.add(one.order_id)
        if one.approved and intent.limit_micros and intent.tif != TimeInForce.IOC:
            own[one.order_id] = intent.limit_micros
    return frozenset(found)


@once_per_log
def _stops(log: EventLog) -> dict[str, list[tuple[int, int]]]:
    """By symbol, from when to when it was not simply open at the venue."""
    found: dict[str, list[tuple[int, int]]] = {}
    since: dict[str, int] = {}
    for one in log.of(VenueState):
        if one.state != MarketState.OPEN:
            since.setdefault(one.symbol, one.t_ns)
        elif one.symbol in since:
            found.setdefault(one.symbol, []).append((since.pop(one.symbol), one.t_ns))
    for symbol, t_ns in since.items():
        found.setdefault(symbol, []).append((t_ns, NEVER_NS))
    return found


@once_per_log
def _waiting(log: EventLog) -> dict[str, Step]:
    """By symbol, shares of orders that were approved and neither sent nor refused yet: the venue has not seen them."""
    known, where = intents(log), places(log)
    sent = [(seq, one.order_id) for seq, one in zip(where[Sent].tolist(), log.of(Sent), strict=True)]
    orders = zip(where[DeskOrder].tolist(), log.of(DeskOrder), strict=True)
    gone: dict[int, int] = {}
    for seq, order_id in sorted([*sent, *((seq, one.order_id) for seq, one in orders if one.state in _OVER)]):
        gone.setdefault(order_id, seq)
    changes: dict[str, list[tuple[int, int]]] = {}
    for seq, decided in zip(where[Decided].tolist(), log.of(Decided), strict=True):
        intent = known.get(decided.order_id)
        if decided.approved and intent is not None and intent.action != "cancel":
            steps = changes.setdefault(intent.symbol, [])
            steps.append((seq, intent.qty))
            if decided.order_id in gone:
                steps.append((gone[decided.order_id], -intent.qty))
    made: dict[str, Step] = {}
    for symbol, found in changes.items():
        seqs, shares = zip(*sorted(found), strict=True)
        made[symbol] = _steps(np.array(seqs, dtype=np.int64), np.cumsum(shares, dtype=np.int64))
    return made


def _steps(seq: Ints, value: Ints) -> Step:
    """The value in force just before a place of the log. Lists, because one place is asked at a time."""
    places, padded = seq.tolist(), [0.0, *value.astype(np.float64).tolist()]
    return lambda at: padded[bisect_left(places, at)]


def _by_time(t_ns: Ints, value: Ints | Floats) -> Step:
    """The value in force at a time; 0 before the first."""
    times, padded = t_ns.tolist(), [0.0, *value.astype(np.float64).tolist()]
    return lambda at: padded[bisect_right(times, at)]
