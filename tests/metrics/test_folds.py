"""Shared folds are computed once per log, and series are made in order."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.records import PhaseStarted
from engine.kernel.event_log import EventLog
from engine.metrics.folds import (
    ANSWER_WITHIN_NS,
    answers,
    count_in_window,
    in_window,
    observer,
    once_per_log,
    places,
    series,
)
from engine.metrics.series import Basis

from .logs import END, MS, S, Script

_CALLS: list[int] = []


@once_per_log
def _length(log: EventLog) -> int:
    _CALLS.append(len(log))
    return len(log)


def test_a_fold_is_computed_once_until_the_log_grows() -> None:
    """Two logs do not share a result."""
    first, second = Script().trade(S, 1).log(), Script().trade(S, 1).trade(S, 2).log()
    _CALLS.clear()
    said = [_length(first), _length(first), _length(second)]
    first.append(PhaseStarted(S, "end"))

    assert [*said, _length(first)] == [1, 1, 2, 2]
    assert _CALLS == [1, 2, 2]


def test_a_fold_is_forgotten_with_its_log() -> None:
    """The memory holds no log alive."""
    log = Script().trade(S, 1).log()
    observer(log)
    gone = weakref.ref(log)
    del log
    gc.collect()

    assert gone() is None


def test_places_are_positions_in_the_log() -> None:
    """By kind, in order."""
    log = Script().trade(S, 1).tick(S, S).trade(S, 2).log()

    assert [places(log)[type(record)].tolist() for record in log] == [[0, 2], [1], [0, 2]]


def test_samples_of_one_instant_keep_their_order() -> None:
    """Sorting by time is stable."""
    made = series([(2, 1.0), (1, 5.0), (2, 0.0)], "x", Basis.EXACT)

    assert (made.t_ns.tolist(), made.value.tolist()) == ([1, 2, 2], [5.0, 1.0, 0.0])


def test_a_nan_is_never_passed_on() -> None:
    """It is a mistake of ours and stops the run."""
    with pytest.raises(AssertionError, match="made a NaN"):
        series([(1, np.nan)], "x", Basis.EXACT)


@given(st.lists(st.integers(0, 6 * S), max_size=20), st.integers(0, 6 * S), st.integers(0, 6 * S))
def test_times_are_counted_within_the_window_and_at_its_ends(t_ns: list[int], start_ns: int, end_ns: int) -> None:
    """As one by one; an end that is not set is the end of the run."""
    evidence = Script().evidence(start_ns=start_ns, end_ns=end_ns)

    assert count_in_window(evidence, t_ns) == sum(in_window(evidence, t) for t in t_ns)
    assert count_in_window(evidence, np.array(t_ns, dtype=np.int64)) == count_in_window(evidence, iter(t_ns))


def test_answers_are_those_that_came_or_could_have_come() -> None:
    """Of three instructions one is decided, one never was, and one is too young to have been."""
    script = Script().intent(S, 1, tick_ns=S - MS).decided(S + MS, 1, intent_ns=S).intent(2 * S, 2).intent(END, 3)
    asked = answers(script.evidence())

    assert asked.due_ns.tolist() == [S, 2 * S]
    assert asked.decided.tolist() == [True, False]
    assert asked.known_ns.tolist() == [S + MS, 2 * S + ANSWER_WITHIN_NS]
