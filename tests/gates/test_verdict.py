"""The order of verdicts and their exit codes."""

from __future__ import annotations

from itertools import permutations

import pytest

from engine.base.errors import ExitCode
from engine.gates.verdict import WORST_FIRST, Verdict, exit_code, worst


def test_worst_wins_in_the_order_of_the_design() -> None:
    """FAIL > INVALID > ABORTED > NO_EVIDENCE > WARN > PASS, in whatever order they come."""
    assert [v.value for v in WORST_FIRST] == ["FAIL", "INVALID", "ABORTED", "NO_EVIDENCE", "WARN", "PASS"]
    for place, verdict in enumerate(WORST_FIRST):
        for better in WORST_FIRST[place:]:
            for pair in permutations((verdict, better)):
                assert worst(pair) is verdict


def test_deferred_stands_outside() -> None:
    """DEFERRED neither spoils a PASS nor counts as one."""
    assert worst([Verdict.PASS, Verdict.DEFERRED]) is Verdict.PASS
    assert worst([Verdict.DEFERRED, Verdict.FAIL]) is Verdict.FAIL
    assert worst([Verdict.DEFERRED, Verdict.DEFERRED]) is Verdict.NO_EVIDENCE


def test_nothing_judged_is_no_evidence() -> None:
    """A run without gates proves nothing."""
    assert worst([]) is Verdict.NO_EVIDENCE
    assert worst(iter(())) is Verdict.NO_EVIDENCE


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict.PASS, ExitCode.PASS),
        (Verdict.WARN, ExitCode.PASS),
        (Verdict.FAIL, ExitCode.FAIL),
        (Verdict.INVALID, ExitCode.NO_VERDICT),
        (Verdict.ABORTED, ExitCode.NO_VERDICT),
        (Verdict.NO_EVIDENCE, ExitCode.NO_VERDICT),
        (Verdict.DEFERRED, ExitCode.NO_VERDICT),
    ],
)
def test_every_verdict_has_its_exit_code(verdict: Verdict, code: ExitCode) -> None:
    """Only PASS and WARN end in 0."""
    assert exit_code(verdict) == code


def test_the_exit_codes_know_every_verdict() -> None:
    """A new verdict cannot be forgotten."""
    assert [exit_code(verdict) in (0, 1, 5) for verdict in Verdict] == [True] * len(Verdict)
