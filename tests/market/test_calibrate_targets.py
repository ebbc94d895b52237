"""The moments that an order flow is fitted to: what was published of two real days, and by hand on small ones."""

from __future__ import annotations

from functools import cache

import pytest

from engine.market.calibrate_orders import add_distances, order_lives_s
from engine.market.calibrate_targets import targets
from engine.market.recording import recording_of_tape
from engine.market.tape import tape_in

from .real_data import real
from .recordings import ADD, CALM, CUT, DELETE, HIDDEN, VISIBLE, Message, Top, poisson_day, recording

PUBLISHED = {
    "AMZN": {
        "add_share": "0.4962",
        "partial_cancel_share": "0.0029",
        "delete_share": "0.4276",
        "execution_share": "0.0575",
        "hidden_share": "0.0157",
        "messages_per_s": "6.66",
        "gap_share_below_100us": "0.243",
        "gap_share_below_1000us": "0.526",
        "messages_fano_1000ms": "25.3",
        "messages_per_s_acf_lag1": "0.21",
        "messages_per_s_acf_lag5": "0.09",
        "add_shares_mean": "83.8",
        "add_shares_median": "100",
        "add_shares_q99": "400",
        "add_share_round_lot": "0.478",
        "add_share_odd_lot": "0.421",
        "aggressive_orders": "6591",
        "aggressive_shares_mean": "93",
        "aggressive_shares_median": "100",
        "aggressive_shares_q95": "232",
        "aggressive_share_several_fills": "0.229",
        "add_share_inside": "0.176",
        "add_share_at_best": "0.184",
        "add_share_behind": "0.640",
        "order_life_q05_s": "0.0005",
        "order_life_q25_s": "0.031",
        "order_life_q50_s": "0.70",
        "order_life_q75_s": "3.85",
        "order_life_q95_s": "18.5",
        "order_life_share_short": "0.279",
        "added_share_executed": "0.081",
        "next_add_after_add": "0.428",
        "next_cancel_after_add": "0.524",
        "next_execution_after_execution": "0.422",
        "next_hidden_after_hidden": "0.273",
        "trade_sign_acf_lag2": "0.443",
        "trade_sign_acf_lag3": "0.340",
        "trade_sign_acf_lag5": "0.218",
        "realised_volatility_1s_bps": "135",
        "realised_volatility_60s_bps": "142",
        "realised_volatility_300s_bps": "136",
        "messages_half_hour_01": "13689",
        "messages_half_hour_13": "17535",
        "volatility_half_hour_01_bps": "1.49",
        "volatility_half_hour_08_bps": "0.59",
    },
    "AAPL": {
        "add_share": "0.4626",
        "delete_share": "0.2400",
        "hidden_share": "0.0956",
        "messages_per_s": "5.06",
        "gap_share_below_100us": "0.264",
        "gap_share_below_1000us": "0.481",
        "add_shares_mean": "88.3",
        "add_share_round_lot": "0.550",
        "aggressive_orders": "18016",
        "aggressive_shares_mean": "102.5",
        "aggressive_share_several_fills": "0.216",
        "add_share_inside": "0.625",
        "add_share_at_best": "0.375",
        "order_life_q50_s": "0.17",
        "order_life_q95_s": "4.19",
        "order_life_share_short": "0.341",
        "added_share_executed": "0.216",
        "trade_sign_acf_lag2": "0.452",
        "realised_volatility_1s_bps": "92",
        "realised_volatility_300s_bps": "88",
    },
}
"""By another program, before this one was written; in its rounding (a half may go either way)."""


@cache
def found_in(name: str) -> dict[str, float | int | None]:
    """The targets of a real day."""
    return {each.name: each.value for each in targets(recording_of_tape(tape_in(real(name))))}


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_real_day_has_the_published_targets(name: str) -> None:
    """To the digits published."""
    found = found_in(name)

    for target, published in PUBLISHED[name].items():
        half = 0.5 * 10 ** -len(published.partition(".")[2])
        assert found[target] == pytest.approx(float(published), abs=half * 1.02), target


def test_the_levels_of_a_real_day_hold_what_was_published() -> None:
    """Sampled every second instead of weighted with time: within 2 %."""
    found = found_in("AMZN")
    asks = [found[f"depth_ask_level_{level}_shares"] for level in range(1, 6)]
    bids = [found[f"depth_bid_level_{level}_shares"] for level in range(1, 6)]

    assert asks == pytest.approx([129, 93, 88, 102, 121], rel=0.02)
    assert bids == pytest.approx([228, 132, 128, 141, 154], rel=0.02)


def test_the_distance_of_an_add_is_from_the_best_before_it() -> None:
    """Inside negative, at the best zero, behind positive; on either side; unknown where that side was empty."""
    messages: list[Message] = [
        (0, ADD, 1, 1, 100, 9_999),
        (1, ADD, 2, 1, 100, 10_000),
        (2, ADD, 3, -1, 100, 10_001),
        (3, ADD, 4, 1, 100, 9_990),
        (4, ADD, 5, -1, 100, 10_030),
        (5, DELETE, 5, -1, 100, 10_030),
        (6, ADD, 6, -1, 100, 10_050),
    ]
    tops: list[Top] = [CALM, (10_000, 1, 10_001, 1), CALM, CALM, CALM, (9_999, 100, 0, 0), CALM]

    assert add_distances(recording(messages, tops)).tolist() == [-1, 0, 9, 29]


def test_a_life_is_from_add_to_delete() -> None:
    """Orders from before the day, those never deleted, and those without a number have none."""
    messages: list[Message] = [
        (0, ADD, 7, 1, 100, 1),
        (1, ADD, 3, 1, 100, 1),
        (2, CUT, 7, 1, 10, 1),
        (2.5, DELETE, 7, 1, 90, 1),
        (3, DELETE, 99, 1, 90, 1),
        (4, VISIBLE, 3, 1, 100, 1),
        (5, ADD, 0, 1, 100, 1),
        (6, DELETE, 0, 1, 100, 1),
    ]

    assert order_lives_s(recording(messages)).tolist() == [2.5]
    assert order_lives_s(recording(messages[4:5])).tolist() == []


def test_what_follows_what_is_a_chance() -> None:
    """The chances after a kind add up to one."""
    messages: list[Message] = [
        (n, kind, 0, 1, 100, 1) for n, kind in enumerate([ADD, DELETE, ADD, VISIBLE, ADD, CUT, ADD, HIDDEN])
    ]
    found = {each.name: each.value for each in targets(recording(messages))}

    assert found["next_cancel_after_add"] == 0.5
    assert found["next_execution_after_add"] == 0.25
    assert found["next_add_after_execution"] == 1
    assert found["next_add_after_hidden"] is None


def test_a_simulated_day_has_the_same_targets_as_a_real_one() -> None:
    """One code: whatever is fitted can be compared, name by name; only the levels need samples."""
    simulated = [each.name for each in targets(poisson_day(1))]

    assert simulated == [name for name in found_in("AMZN") if not name.startswith("depth_")]
    assert len(set(simulated)) == len(simulated)


def test_a_day_without_messages_has_no_targets() -> None:
    """Counts are zero; whatever needs a message is not measured."""
    found = targets(recording([]))

    assert {each.value for each in found} <= {None, 0, 23_400.0}
    assert {each.value for each in found if "share" in each.name and each.unit == ""} == {None}
