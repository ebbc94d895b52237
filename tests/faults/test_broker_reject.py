"""Broker rejects: sound new orders come back refused, and the check needs orders to refuse."""

from __future__ import annotations

import math

import pytest

from engine.base.units import NS_PER_S
from engine.domain.records import DeskOrder, VenueAccepted, VenueRejected
from engine.faults.broker_reject import ORDERS_NEEDED, BrokerReject
from tests.faults.driver import T0_S, UNTOUCHED, Outcome, Timed, play_fault, play_faults, quiet_log

REJECT = BrokerReject(reject_pct=20)
T0_NS, HEAL_NS = round(T0_S * NS_PER_S), round((T0_S + 60) * NS_PER_S)


@pytest.fixture(scope="module")
def reject() -> Outcome:
    """The rejects, played once."""
    return play_fault(REJECT, 60)


def test_only_new_orders_of_the_fault_s_time_are_rejected(reject: Outcome) -> None:
    """Cancels and replaces pass; the reason is the fault's own."""
    rejected = reject.log.of(VenueRejected)

    assert rejected
    assert {(record.action, record.reason) for record in rejected} == {("new", "broker_reject")}
    assert all(T0_NS < record.t_ns < HEAL_NS for record in rejected)
    assert reject.at(T0_S + 10).refusals == 1
    assert reject.end == UNTOUCHED


def test_the_desk_learns_that_its_order_is_dead(reject: Outcome) -> None:
    """Nothing stays open that the venue never had."""
    dead = {record.order_id for record in reject.log.of(DeskOrder) if record.state == "rejected"}

    assert dead == {record.order_id for record in reject.log.of(VenueRejected)}


def test_two_rejects_at_a_time_each_bite() -> None:
    """Each counts every order, also one that the other has refused."""
    other = BrokerReject(reject_pct=30, reason="margin_call")
    outcome = play_faults(Timed(REJECT, 60, 120), Timed(other, 60, 120))
    said = {record.reason for record in outcome.log.of(VenueRejected)}

    assert said == {"broker_reject", "margin_call"}
    assert outcome.end == UNTOUCHED


@pytest.mark.parametrize("seed", range(6))
def test_the_rejects_bite_whatever_the_seed(seed: int) -> None:
    """The share is kept in every twenty orders, so the check does not fail by bad luck."""
    assert play_fault(REJECT, 60, seed=seed).effect.held


def test_rejects_last_until_they_are_healed() -> None:
    """Their item must say how long; rejecting nothing does nothing."""
    assert REJECT.own_length_s is None
    assert REJECT.symbols() == ()
    assert REJECT.no_effect == {"reject_pct": 0}


def passed(second: float, target_id: int = 0) -> VenueAccepted:
    """An order that was taken."""
    return VenueAccepted(round(second * NS_PER_S), 1, target_id, "SPY", 1, 1, 1, "day", "strategy", 0, 0, 0)


def refused(second: float, reason: str = "broker_reject", action: str = "new") -> VenueRejected:
    """An instruction that was not."""
    return VenueRejected(round(second * NS_PER_S), 1, 0, action, reason)


@pytest.mark.parametrize(
    ("records", "share_pct"),
    [
        ([passed(61)] * 15 + [refused(62)] * 5, 25),
        ([passed(61)] * 14 + [refused(62)] * 5, math.nan),
        ([passed(61, target_id=7)] * 15 + [refused(62)] * 5, math.nan),
        ([passed(61)] * 20 + [refused(62, reason="off_grid")] * 5, 0),
        ([passed(61)] * 20 + [refused(62, action="cancel")] * 5, 0),
        ([passed(59)] * 100 + [refused(62)] * 20, 100),
        ([refused(59)] * 20 + [passed(62)] * 20, 0),
        ([], math.nan),
    ],
)
def test_a_share_of_few_orders_says_nothing(records: list[VenueAccepted | VenueRejected], share_pct: float) -> None:
    """Twenty new orders of the fault's time are needed; what is refused for another reason is not its doing."""
    effect = REJECT.effect(quiet_log(records), T0_NS, HEAL_NS)

    assert ORDERS_NEEDED == 20
    assert effect.value == pytest.approx(share_pct, nan_ok=True)
    assert effect.held is (share_pct >= 16)
