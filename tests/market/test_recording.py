"""Recordings: one form for real and simulated days."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from engine.market.recording import DepthSamples, Recording, recording_of_tape
from engine.market.tape import tape_in

from .recordings import ADD, CALM, HIDDEN, VISIBLE, S, recording
from .samples import CALM as CALM_ROW
from .samples import Row, Say, write_tape

OPEN_NS = 34_200 * S
ROWS: list[tuple[Say, Row]] = [
    ((0.5, 1, 100, 100.00, 1), CALM_ROW),
    ((1.0, 4, 20, 100.02, -1), ((100.02, 280), *CALM_ROW[1:])),
    ((2.0, 5, 30, 100.015, 1), ((100.02, 280), *CALM_ROW[1:])),
    ((2.5, 7, 0, -1, -1), ((100.02, 280), *CALM_ROW[1:])),
    ((3.0, 1, 10, 99.0, 1), ((0, 0), CALM_ROW[1], (0, 0), CALM_ROW[3])),
]


def test_a_tape_becomes_a_recording(tmp_path: Path) -> None:
    """Kinds, sides and sizes as they are, prices in ticks, 0/0 for an empty side; the halt, no order, is left out."""
    found = recording_of_tape(tape_in(write_tape(tmp_path, ROWS)))

    assert (found.open_ns, found.close_ns) == (OPEN_NS, 57_600 * S)
    assert (found.t_ns - OPEN_NS).tolist() == [S // 2, S, 2 * S, 3 * S]
    assert found.kind.tolist() == [ADD, VISIBLE, HIDDEN, ADD]
    assert found.side.tolist() == [1, -1, 1, 1]
    assert found.qty.tolist() == [100, 20, 30, 10]
    assert found.tick.tolist() == [10_000, 10_002, 10_002, 9_900]
    assert (found.bid_tick.tolist(), found.bid_qty.tolist()) == ([10_000] * 4, [200] * 4)
    assert (found.ask_tick.tolist(), found.ask_qty.tolist()) == ([10_002] * 3 + [0], [300, 280, 280, 0])


def test_the_levels_of_a_tape_are_sampled_at_whole_seconds(tmp_path: Path) -> None:
    """The book that stands at each second after the first message, best level first."""
    depth = recording_of_tape(tape_in(write_tape(tmp_path, ROWS))).depth

    assert depth is not None
    assert (depth.t_ns - OPEN_NS).tolist() == [S, 2 * S, 3 * S]
    assert depth.bid.tolist() == [[200, 500]] * 3
    assert depth.ask.tolist() == [[280, 400], [280, 400], [0, 0]]


def test_the_mid_is_not_known_while_a_side_is_empty() -> None:
    """NaN, not half of a price."""
    found = recording([(0, ADD, 1, 1, 1, 1), (1, ADD, 2, 1, 1, 1)], [CALM, (9_999, 100, 0, 0)])

    assert found.two_sided.tolist() == [True, False]
    assert found.mid_ticks()[0] == 10_000
    assert np.isnan(found.mid_ticks()[1])


def test_a_recording_can_begin_later() -> None:
    """What comes at the very instant is in; the session stays as it was."""
    whole = recording([(second, ADD, 1, 1, 1, 1) for second in range(5)])
    part = whole.since(2)

    assert (part.t_ns - OPEN_NS).tolist() == [2 * S, 3 * S, 4 * S]
    assert (part.open_ns, part.close_ns) == (whole.open_ns, whole.close_ns)
    assert len(whole.since(100)) == 0
    assert whole.since(0) is whole


def test_the_last_message_before_an_instant_is_found() -> None:
    """That at the instant counts; before the first there is none."""
    found = recording([(1, ADD, 1, 1, 1, 1), (2, ADD, 1, 1, 1, 1), (2, ADD, 1, 1, 1, 1)])

    assert found.at(OPEN_NS + np.array([0, S, S + 1, 2 * S, 9 * S])).tolist() == [-1, 0, 0, 2, 2]


def test_a_broken_recording_is_refused() -> None:
    """Falling times, arrays of unequal length, a session that ends before it begins."""
    good = recording([(0, ADD, 1, 1, 1, 1), (1, ADD, 1, 1, 1, 1)])
    values = {name: getattr(good, name) for name in Recording.__dataclass_fields__}

    with pytest.raises(ValueError, match="times that never fall"):
        Recording(**values | {"t_ns": good.t_ns[::-1]})
    with pytest.raises(ValueError, match="2 entries were expected in qty"):
        Recording(**values | {"qty": good.qty[:1]})
    with pytest.raises(ValueError, match="a session that ends after it begins"):
        Recording(**values | {"close_ns": good.open_ns})


def test_broken_depth_samples_are_refused() -> None:
    """A row for each instant, and as many levels on both sides."""
    t_ns, two, three = np.arange(3), np.ones((3, 2), np.int64), np.ones((3, 3), np.int64)

    with pytest.raises(ValueError, match="3 rows of as many levels each"):
        DepthSamples(t_ns=t_ns, bid=two, ask=three)
    with pytest.raises(ValueError, match="2 rows of as many levels each"):
        DepthSamples(t_ns=t_ns[:2], bid=two, ask=two)
