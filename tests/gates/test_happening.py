"""must_happen."""

from __future__ import annotations

import numpy as np

from engine.gates.happening import Happening, judge_happening
from engine.gates.verdict import Verdict


def test_what_happened_passes_with_its_first_time() -> None:
    """The count and the earliest time are told."""
    assert judge_happening("governor_held", [9_000_000_000, 3_500_000_000]) == Happening(
        "governor_held",
        Verdict.PASS,
        2,
        3_500_000_000,
        "governor_held: happened 2 times, first at t=3.5 s",
    )


def test_what_did_not_happen_is_no_evidence() -> None:
    """Never a pass and never a failure: the run did not test it."""
    assert judge_happening("position_flattened", []) == Happening(
        "position_flattened", Verdict.NO_EVIDENCE, 0, None, "position_flattened: must happen, did not happen"
    )


def test_an_array_of_times_is_as_good_as_a_list() -> None:
    """The first time is a plain int, fit for JSON."""
    happened = judge_happening("governor_held", np.array([0], dtype=np.int64).tolist())
    assert (happened.verdict, happened.first_ns, happened.reason) == (
        Verdict.PASS,
        0,
        "governor_held: happened 1 time, first at t=0 s",
    )
