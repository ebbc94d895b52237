"""Folds over the event log that several metrics share: each is computed once for a log and forgotten with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine.base.units import NS_PER_S
from engine.domain.orders import Origin
from engine.domain.records import KINDS, Decided, DeskTick, Intent
from engine.kernel.event_log import EventLog
from engine.metrics.denials import is_failure
from engine.metrics.evidence import Evidence
from engine.metrics.series import Basis, Opportunity, Series
from engine.trading.observer import VenueObserver

T = TypeVar("T")
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Fold = Callable[[EventLog], T]

ANSWER_WITHIN_NS = NS_PER_S
"""An order without a decision after this long is unanswered (design part 6)."""
UNDECIDED = -1
"""The time of a decision that never came."""

_KNOWN: WeakKeyDictionary[EventLog, dict[str, tuple[int, Any]]] = WeakKeyDictionary()


def once_per_log(fold: Fold[T]) -> Fold[T]:
    """Remember the result of *fold* as long as the log lives and does not grow."""
    name = f"{fold.__module__}.{fold.__qualname__}"

    @wraps(fold)
    def remembered(log: EventLog) -> T:
        known = _KNOWN.setdefault(log, {})
        if name not in known or known[name][0] != len(log):
            known[name] = (len(log), fold(log))
        result: T = known[name][1]
        return result

    return remembered


@once_per_log
def observer(log: EventLog) -> VenueObserver:
    """The venue observer after the whole log; its ``seq`` are places in the log."""
    return VenueObserver.of(log)


@once_per_log
def places(log: EventLog) -> dict[type[Any], Ints]:
    """For every kind of record, where in the log its records stand."""
    numbers = {kind: number for number, kind in enumerate(KINDS)}
    kinds = np.fromiter(map(numbers.__getitem__, map(type, log)), dtype=np.int8, count=len(log))
    return {kind: np.flatnonzero(kinds == number) for kind, number in numbers.items()}


class Answered(NamedTuple):
    """An instruction of the strategy and the governor's decision on it (None: none was ever received)."""

    intent: Intent
    decided: Decided | None


@once_per_log
def intents(log: EventLog) -> dict[int, Intent]:
    """Every intent by its order id."""
    return {intent.order_id: intent for intent in log.of(Intent)}


@once_per_log
def decisions(log: EventLog) -> dict[int, Decided]:
    """Every decision by its order id; the first, if one order was answered twice."""
    found: dict[int, Decided] = {}
    for decided in log.of(Decided):
        found.setdefault(decided.order_id, decided)
    return found


@dataclass(frozen=True, slots=True)
class QuoteArrivals:
    """The quotes of one symbol that reached the desk: when, and the venue time that each was of."""

    t_ns: Ints
    venue_ns: Ints


@once_per_log
def quote_arrivals(log: EventLog) -> dict[str, QuoteArrivals]:
    """By symbol, the quotes that reached the desk, in order of arrival."""
    times: dict[str, tuple[list[int], list[int]]] = {}
    for tick in log.of(DeskTick):
        arrived, venue = times.setdefault(tick.symbol, ([], []))
        arrived.append(tick.t_ns)
        venue.append(tick.venue_ns)
    return {
        symbol: QuoteArrivals(np.array(arrived, dtype=np.int64), np.array(venue, dtype=np.int64))
        for symbol, (arrived, venue) in times.items()
    }


@once_per_log
def answered_or_not(log: EventLog) -> list[Answered]:
    """Every instruction of the strategy with its decision, in the order in which they were due."""
    known, strategy = decisions(log), Origin.STRATEGY.value
    return [Answered(intent, known.get(intent.order_id)) for intent in log.of(Intent) if intent.origin == strategy]


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """The same as columns: due, the arrival of the tick that caused it (-1: none), decided (:data:`UNDECIDED`: never).

    ``failed`` is where the governor itself failed; ``since_ns`` the intent that the decision names.
    """

    due_ns: Ints
    tick_ns: Ints
    decided_ns: Ints
    since_ns: Ints
    failed: NDArray[np.bool_]

    @property
    def decided(self) -> NDArray[np.bool_]:
        """Which were decided."""
        found: NDArray[np.bool_] = self.decided_ns != UNDECIDED
        return found

    @property
    def known_ns(self) -> Ints:
        """When the latency of each is known: at the decision, or when it should have been there."""
        return np.where(self.decided, self.decided_ns, self.due_ns + ANSWER_WITHIN_NS)

    def only(self, these: NDArray[np.bool_]) -> AnswerTimes:
        """Some of them."""
        return AnswerTimes(
            self.due_ns[these], self.tick_ns[these], self.decided_ns[these], self.since_ns[these], self.failed[these]
        )


@once_per_log
def answer_times(log: EventLog) -> AnswerTimes:
    """Every instruction of the strategy with its decision, in the order in which they were due, as columns."""
    asked = [one.intent for one in answered_or_not(log)]
    answered = [one.decided for one in answered_or_not(log)]
    return AnswerTimes(
        np.array([intent.t_ns for intent in asked], dtype=np.int64),
        np.array([intent.tick_ns for intent in asked], dtype=np.int64),
        np.array([UNDECIDED if one is None else one.t_ns for one in answered], dtype=np.int64),
        np.array([UNDECIDED if one is None else one.intent_ns for one in answered], dtype=np.int64),
        np.array([one is not None and is_failure(one) for one in answered], dtype=np.bool_),
    )


def answers(evidence: Evidence) -> AnswerTimes:
    """Every instruction that the governor had to decide, and could be expected to have decided by the end."""
    times = answer_times(evidence.log)
    return times.only(times.decided | (times.due_ns <= evidence.facts.end_ns - ANSWER_WITHIN_NS))


# ---- windows and series


def window(evidence: Evidence) -> tuple[int, int]:
    """The judged window [start, end]; up to the end of the run if no end is set."""
    return evidence.start_ns, evidence.end_ns or evidence.facts.end_ns


def in_window(evidence: Evidence, t_ns: int) -> bool:
    """Whether *t_ns* lies in the judged window."""
    start_ns, end_ns = window(evidence)
    return start_ns <= t_ns <= end_ns


def count_in_window(evidence: Evidence, t_ns: Iterable[int] | Ints) -> int:
    """How many of *t_ns* lie in the judged window."""
    start_ns, end_ns = window(evidence)
    times = np.asarray(t_ns if isinstance(t_ns, np.ndarray) else list(t_ns), dtype=np.int64)
    return int(((times >= start_ns) & (times <= end_ns)).sum())


def modelled(evidence: Evidence) -> Basis:
    """The basis of a latency or load: modelled in a simulated run, measured in a live one."""
    return Basis.MEASURED if evidence.facts.live else Basis.MODELLED


def series(
    samples: list[tuple[int, float]],
    unit: str,
    basis: Basis,
    opportunities: tuple[Opportunity, ...] = (),
    note: str = "",
    first: str = "",
) -> Series:
    """A series of (t_ns, value) pairs, put in order of time."""
    t_ns = np.array([t for t, _ in samples], dtype=np.int64)
    value = np.array([v for _, v in samples], dtype=np.float64)
    return replace(columns(t_ns, value, unit, basis, opportunities, note), first=first)


def columns(
    t_ns: Ints, value: Floats, unit: str, basis: Basis, opportunities: tuple[Opportunity, ...] = (), note: str = ""
) -> Series:
    """A series of two columns, put in order of time. A NaN is a mistake in a metric and is never passed on."""
    assert not np.isnan(value).any(), f"a metric in {unit} made a NaN"
    if len(t_ns) and (np.diff(t_ns) < 0).any():
        order = np.argsort(t_ns, kind="stable")
        t_ns, value = t_ns[order], value[order]
    return Series(t_ns, value, unit, basis, opportunities, note)


def step_at(t_ns: Ints, value: Floats, at_ns: Ints, before: float = 0.0) -> Floats:
    """A step function at each instant of *at_ns*: the last value at or before it, *before* if there is none."""
    found: Floats = np.concatenate(([before], value))[np.searchsorted(t_ns, at_ns, side="right")]
    return found
