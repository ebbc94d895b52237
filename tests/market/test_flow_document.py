"""The flow as a document: what contradicts itself is refused, and the dials are what is written."""

from __future__ import annotations

import numpy as np
import pytest

from engine.market import flow_arrays as dial
from engine.market.flow_document import Activity, Bursts, FlowDocument, Impact, Sizes, Uncertainty, by_minute
from engine.market.model_document import MarketError


@pytest.mark.parametrize(
    ("parts", "blamed", "words"),
    [
        ({"bursts": Bursts(fast_branching=0.8, slow_branching=0.3)}, "bursts", "never end"),
        (
            {"impact": Impact(memory_trades=(1.0, 2.0), memory_weights=(0.5,))},
            "impact.memory_trades",
            "as many memory_weights as memory_trades were expected, were 1 and 2",
        ),
        ({"impact": Impact(memory_trades=(0.5,), memory_weights=(0.5,))}, "impact.memory_trades", "at least 1"),
        (
            {"impact": Impact(memory_trades=(1.0, 9.0), memory_weights=(0.6, 0.5))},
            "impact.memory_weights",
            "more than itself",
        ),
        ({"impact": Impact(memory_trades=(), memory_weights=())}, "impact.memory_trades", "one to 6 figures"),
        (
            {"impact": Impact(memory_trades=(1.0,), memory_weights=(0.1,) * 7)},
            "impact.memory_weights",
            "one to 6 figures were expected, were 7",
        ),
        ({"activity": Activity(half_hours=())}, "activity.half_hours", "half_hours"),
        ({"activity": Activity(half_hours=(1.0, 0.0))}, "activity.half_hours", "half_hours above 0"),
        ({"uncertainty": Uncertainty(half_hours=(1.0, -1.0))}, "uncertainty.half_hours", "half_hours"),
        ({"sizes": Sizes(lot_pct=60, odd_pct=50)}, "sizes", "at most 100 together were expected, were 110"),
    ],
)
def test_figures_that_contradict_each_other_are_refused(parts: dict[str, object], blamed: str, words: str) -> None:
    """With words that say which and why, and where it stands: a wrong scenario is no bug."""
    with pytest.raises(MarketError, match=words) as caught:
        FlowDocument(**parts)  # type: ignore[arg-type]
    assert ".".join(map(str, caught.value.at)) == blamed


def test_the_base_rate_leaves_room_for_what_is_excited() -> None:
    """Messages in all are those that nothing excites over one less the branching."""
    document = FlowDocument(messages_per_s=10.0, bursts=Bursts(fast_branching=0.5, slow_branching=0.25))
    assert document.dials()[dial.RATE] == pytest.approx(2.5)


def test_a_kick_of_trades_counts_in_the_branching() -> None:
    """Trades that excite twice as many: the mean over all messages, of which they are a part."""
    document = FlowDocument(bursts=Bursts(fast_branching=0.4, slow_branching=0.1, trade_kick=2.0))
    assert document.excited_share == pytest.approx(0.4 * (1 + document.takers.share_pct / 100) + 0.1)


def test_fewer_memories_leave_the_rest_at_zero() -> None:
    """One to six averages; those that are not given weigh nothing."""
    dials = FlowDocument(impact=Impact(memory_trades=(4.0,), memory_weights=(0.7,))).dials()
    gains = dials[dial.GAIN_1 : dial.GAIN_1 + dial.MEMORIES]
    weights = dials[dial.WEIGHT_1 : dial.WEIGHT_1 + dial.MEMORIES]
    assert gains.tolist() == [0.25, 0, 0, 0, 0, 0]
    assert weights.tolist() == [0.7, 0, 0, 0, 0, 0]


def test_every_dial_has_a_place_of_its_own() -> None:
    """No two names of a dial stand for the same place in the memory of the flow, and none lies beyond them."""
    names = list(vars(dial))
    dials = [name for name in names[names.index("RATE") : names.index("DIALS")] if name != "MEMORIES"]
    places = [getattr(dial, name) for name in dials]
    assert len(dials) > 40
    assert len(set(places)) == len(places)
    assert max(places) == dial.DIALS - 1
    assert len(set(range(dial.DIALS)) - set(places)) == 2 * (dial.MEMORIES - 1)  # rows of the memories


def test_shapes_have_a_mean_of_one_and_go_straight_between_the_middles() -> None:
    """Half hours of 3 and 1: 3 up to minute 15, 1 from minute 45 on, 2 half way; over their mean."""
    shape = by_minute((3.0, 1.0), 61)
    assert shape.mean() == pytest.approx(1)
    scaled = shape / shape[60]
    assert scaled[[0, 15, 30, 45, 60]].tolist() == pytest.approx([3, 3, 2, 1, 1])


def test_both_shapes_are_as_long_as_the_longer_one() -> None:
    """A flat activity and an uncertainty of two half hours: an hour of minutes for both."""
    document = FlowDocument(activity=Activity(half_hours=(1.0,)), uncertainty=Uncertainty(half_hours=(2.0, 1.0)))
    activity, width = document.shapes()
    assert len(activity) == len(width) == 61
    assert np.ptp(activity) == 0
    assert width[0] > width[-1]
