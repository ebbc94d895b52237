"""The fit of a flow: days of our own with known figures are found again, and what a tape does not say is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from engine.market.calibrate_flow import (
    KNOBS,
    MOST_EXCITED,
    Fitted,
    distance,
    figure,
    fit,
    told_directly,
    turned,
    with_figure,
)
from engine.market.calibrate_moments import MOMENTS, moments, without_hidden
from engine.market.calibrate_signs import fit_signs, same_metaorder, sign_memory
from engine.market.calibrate_yaml import block
from engine.market.flow_document import Bursts, FlowDocument
from engine.market.order_book_laboratory import BookLaboratory
from engine.market.recording import Recording, recording_of_tape
from engine.market.tape import Tape
from engine.market.tape_at import tape_at
from tests.market.flow_samples import changed
from tests.market.real_data import real

KNOWN = replace(
    changed(
        changed(
            changed(FlowDocument(), "takers", share_pct=12.0, metaorder_exponent=1.5, lone_pct=5.0),
            "sizes",
            lot_pct=60.0,
            odd_pct=25.0,
        ),
        "makers",
        half_spread_ticks=3.0,
        near_ticks=2.0,
        lag_ticks=2.0,
    ),
    messages_per_s=9.0,
    bursts=Bursts(fast_branching=0.5, fast_ms=0.5, slow_branching=0.3, slow_s=0.3),
)
"""A flow that is none of the shipped one's, where the day tells it."""


@pytest.fixture(scope="module")
def day() -> Recording:
    """A day of it."""
    return BookLaboratory(KNOWN, "KNOWN", 5_000).day(77)


@pytest.fixture(scope="module")
def fitted(day: Recording) -> Fitted:
    """What is found on that day."""
    return fit(day, lambda _text: None)


@pytest.mark.parametrize(
    ("path", "rel"),
    [
        ("messages_per_s", 0.15),
        ("takers.share_pct", 0.10),
        ("bursts.fast_branching", 0.10),
        ("bursts.fast_ms", 0.25),
        ("bursts.slow_branching", 0.20),
        ("sizes.lot_pct", 0.02),
        ("sizes.odd_pct", 0.03),
        ("makers.half_spread_ticks", 0.35),
    ],
)
def test_known_figures_are_found_again(fitted: Fitted, path: str, rel: float) -> None:
    """Rates, mix, sizes and excitement, each within its tolerance: a day is one sample of its flow."""
    assert figure(fitted.document, path) == pytest.approx(figure(KNOWN, path), rel=rel)


def test_the_length_of_metaorders_is_found_again(fitted: Fitted) -> None:
    """From the memory of the signs, of some 30,000 aggressive orders."""
    assert fitted.document.takers.metaorder_exponent == pytest.approx(1.5, abs=0.2)


def test_branching_is_found_again(fitted: Fitted) -> None:
    """How many messages each message causes in all."""
    assert fitted.document.excited_share == pytest.approx(KNOWN.excited_share, abs=0.06)


def test_the_figures_that_are_searched_for_are_reached(fitted: Fitted) -> None:
    """On other days than those of the search, all together within a seventh."""
    assert distance(fitted.achieved, fitted.target) < 0.15


def test_the_same_day_gives_the_same_block(day: Recording) -> None:
    """No clock and no chance of its own."""
    one, other = (fit(day, lambda _text: None, rounds=2) for _ in range(2))
    assert one.document == other.document
    assert block(one, "a day") == block(other, "a day")


def test_each_round_is_told(day: Recording) -> None:
    """So that nobody waits in the dark."""
    heard: list[str] = []
    assert fit(day, heard.append, rounds=2).rounds == 2
    assert [text.split(":")[0] for text in heard] == ["round 1 of 2", "round 2 of 2"]


def test_the_block_says_what_was_aimed_at_and_reached(fitted: Fitted) -> None:
    """A line for each figure at the top, and a comment at each knob."""
    text = block(fitted, "a day")
    aimed = f"{fitted.target['spread_ticks_mean']:.4g}"
    assert sum(line.startswith("# ") for line in text.splitlines()) == 2 + len(MOMENTS)
    assert f"# spread_ticks_mean: tape {aimed}, reached" in text
    assert text.count("from the memory of the aggressors' sides") == 1


def test_a_short_day_is_refused(day: Recording) -> None:
    """Too few messages to say anything: with both numbers."""
    few = day.since(23_390)
    with pytest.raises(ValueError, match=r"at least 5,000 messages and 300 aggressive orders was expected"):
        fit(few, lambda _text: None)


# ---- the parts of it


def test_hidden_executions_are_no_messages_of_the_book(day: Recording) -> None:
    """Our book has no hidden orders: a day with them is fitted without them."""
    hidden = replace(day, kind=np.where(np.arange(len(day)) % 10 == 0, 5, day.kind).astype(np.int8))
    assert len(without_hidden(hidden)) == len(day) - math.ceil(len(day) / 10)
    assert without_hidden(day) is day


def test_every_knob_turns_a_figure_that_is_measured() -> None:
    """Both ends exist, and the shipped flow lies within each knob's ends."""
    for knob in KNOBS:
        assert knob.moment in MOMENTS
        assert all(knob.low <= figure(FlowDocument(), path) <= knob.high for path in knob.paths)


def test_a_knob_is_turned_towards_its_aim_and_not_too_far() -> None:
    """Half of the spread that is wanted: half as wide again at most, however far it is off."""
    target = dict.fromkeys(MOMENTS, 1.0)
    wide = turned(FlowDocument(), {**target, "spread_ticks_mean": 0.8}, target, damping=1.0)
    assert wide.makers.half_spread_ticks == pytest.approx(4.7 / 0.8, rel=1e-3)
    wider = turned(FlowDocument(), {**target, "spread_ticks_mean": 0.01}, target, damping=1.0)
    assert wider.makers.half_spread_ticks == pytest.approx(4.7 * 1.6, rel=1e-3)
    assert turned(FlowDocument(), {**target, "spread_ticks_mean": math.nan}, target, damping=1.0) == FlowDocument()


def test_branching_never_reaches_the_point_where_it_does_not_end() -> None:
    """However bursty the tape: the search stays below one message per message."""
    target, document = dict.fromkeys(MOMENTS, 1.0), FlowDocument()
    for _ in range(20):
        document = turned(
            document,
            {**target, "messages_fano_1000ms": 0.1, "gap_share_below_1000us": 0.1},
            target,
            damping=1.0,
        )
    assert document.excited_share <= MOST_EXCITED + 1e-3


def test_a_figure_at_a_path_is_read_and_written() -> None:
    """At the top, and within a part."""
    other = with_figure(with_figure(FlowDocument(), "messages_per_s", 12.34567), "makers.lag_ticks", 7.0)
    assert (figure(other, "messages_per_s"), figure(other, "makers.lag_ticks")) == (12.35, 7.0)


@pytest.mark.parametrize(("exponent", "lone_pct"), [(1.3, 0.0), (1.5, 15.0), (1.8, 30.0)])
def test_signs_tell_the_metaorders_that_made_them(exponent: float, lone_pct: float) -> None:
    """The memory of known metaorders gives them back."""
    memory = sign_memory(same_metaorder(exponent, 1000), lone_pct / 100)
    found = fit_signs({lag: float(memory[lag]) for lag in (1, 2, 3, 5, 10, 100)}, 1000)
    assert (found.exponent, found.lone_pct) == (exponent, lone_pct)


def test_the_memory_of_signs_is_that_of_simulated_ones() -> None:
    """A million signs of metaorders with lone orders between them, against the formula."""
    chance = np.random.default_rng(5)
    lengths = np.minimum(np.ceil((1 - chance.random(400_000)) ** (-1 / 1.5)), 1000).astype(int)
    children = np.repeat(np.where(chance.random(len(lengths)) < 0.5, 1, -1), lengths)
    lone = chance.random(len(children)) < 0.2
    signs = np.where(lone, np.where(chance.random(len(lone)) < 0.5, 1, -1), children[np.cumsum(~lone) - 1])
    expected = sign_memory(same_metaorder(1.5, 1000), 0.2)
    for lag in (1, 2, 5, 20):
        assert float(np.mean(signs[lag:] * signs[:-lag])) == pytest.approx(expected[lag], abs=0.015)


def test_no_lag_within_reach_is_refused() -> None:
    """There is nothing to fit to."""
    with pytest.raises(ValueError, match="a lag below 200"):
        fit_signs({500: 0.1}, 1000)


def test_a_day_without_orders_has_no_figures() -> None:
    """NaN, never a zero that means nothing."""
    empty = np.zeros(0, np.int64)
    names = ("t_ns", "kind", "order_id", "side", "qty", "tick", "bid_tick", "bid_qty", "ask_tick", "ask_qty")
    nothing = Recording(open_ns=0, close_ns=10**9, **dict.fromkeys(names, empty))  # type: ignore[arg-type]
    found = moments(nothing)
    assert found["messages_per_s"] == 0
    assert math.isnan(found["aggressive_share"])
    assert math.isnan(found["return_std_1s_bps"])


# ---- real days


@pytest.mark.long
@pytest.mark.parametrize("name", ["AMZN", "AAPL"])
def test_a_real_day_is_fitted_to(name: str) -> None:
    """Every figure that is searched for within a third on other days, all together within an eighth."""
    tape = tape_at(real(name))
    assert isinstance(tape, Tape)
    recording = recording_of_tape(tape)
    fitted = fit(recording, lambda _text: None)
    off = {
        knob.moment: fitted.achieved[knob.moment] / fitted.target[knob.moment]
        for knob in KNOBS
        if not 0.7 < fitted.achieved[knob.moment] / fitted.target[knob.moment] < 1.35
    }
    assert off == {}
    assert distance(fitted.achieved, fitted.target) < 0.125
    assert told_directly(without_hidden(recording)).sizes == replace(
        fitted.document.sizes, maker_multiple=FlowDocument().sizes.maker_multiple
    )
