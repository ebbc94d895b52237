"""must_happen."""

from __future__ import annotations

import numpy as np

from engine.gates.happening import Happening, judge_happening
from engine.gates.verdict import Verdict


def test_what_happened_passes_with_its_first_time() -> None:
    """The count and the earliest time are told; the instant at which the fault begins counts."""
    assert judge_happening("governor_held", [9_000_000_000, 3_500_000_000], 3_500_000_000) == Happening(
        "governor_held",
        Verdict.PASS,
        2,
        3_500_000_000,
        0,
        "governor_held: happened 2 times, first at t=3.5 s",
    )


def test_what_did_not_happen_is_no_evidence() -> None:
    """Never a pass and never a failure: the run did not test it."""
    assert judge_happening("position_flattened", [], 0) == Happening(
        "position_flattened", Verdict.NO_EVIDENCE, 0, None, 0, "position_flattened: must happen, did not happen"
    )


def test_what_happened_only_before_the_first_fault_is_no_evidence() -> None:
    """A hold in a calm market does not show that the governor holds in a crash."""
    assert judge_happening("governor_held", [86_000_000_000, 1_700_000_000], 300_000_000_000) == Happening(
        "governor_held",
        Verdict.NO_EVIDENCE,
        0,
        None,
        2,
        "governor_held: must happen, happened only before the first fault that bit (t=300 s): 2 times, last at t=86 s",
    )


def test_what_happened_before_and_after_counts_from_the_fault_on() -> None:
    """The first time told is the first that counts."""
    happened = judge_happening("governor_held", [86_000_000_000, 304_000_000_000], 300_000_000_000)

    assert (happened.verdict, happened.count, happened.first_ns, happened.before) == (
        Verdict.PASS,
        1,
        304_000_000_000,
        1,
    )


def test_nothing_counts_if_no_fault_bit() -> None:
    """Whatever happened was no answer to a fault."""
    happened = judge_happening("governor_held", [5_000_000_000], None)

    assert (happened.verdict, happened.count, happened.before) == (Verdict.NO_EVIDENCE, 0, 1)
    assert happened.reason == "governor_held: must happen, happened while no fault bit: 1 time, last at t=5 s"


def test_an_array_of_times_is_as_good_as_a_list() -> None:
    """The first time is a plain int, fit for JSON."""
    happened = judge_happening("governor_held", np.array([0], dtype=np.int64).tolist(), 0)
    assert (happened.verdict, happened.first_ns, happened.reason) == (
        Verdict.PASS,
        0,
        "governor_held: happened 1 time, first at t=0 s",
    )
