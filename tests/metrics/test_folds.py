"""Shared folds are computed once per log, and series are made in order."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from engine.domain.records import PhaseStarted
from engine.kernel.event_log import EventLog
from engine.metrics.folds import observer, once_per_log, places, series
from engine.metrics.series import Basis

from .logs import S, Script

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
