"""The documented ways to make a scenario fail: they name what the scenario has."""

from __future__ import annotations

import pytest

from tests.runs.small import LATE_FEED, LATENCY, Desk, problems_of

PARAMS = {"add_ms": {"default": 200}}
TIMELINE = [LATE_FEED | {"with": {"add_ms": "${add_ms}"}}]


def test_a_documented_failure_of_a_gate_by_a_parameter_is_accepted(desk: Desk) -> None:
    """Both are there."""
    red = [{"set": {"add_ms": 5000}, "gate": "decision_p90", "because": "The feed is too late"}]

    assert desk.plan(LATENCY, params=PARAMS, timeline=TIMELINE, known_red=red).scenario.known_red[0].set == {
        "add_ms": 5000
    }


@pytest.mark.parametrize(
    ("name", "gate", "code", "help"),
    [
        ("ad_ms", "decision_p90", "P403", "did you mean 'add_ms'?"),
        ("add_ms", "decision_p09", "R343", "did you mean 'decision_p90'?"),
        ("add_ms", "zzz", "R343", "it has decision_p90"),
    ],
)
def test_what_it_names_and_the_scenario_has_not_is_refused(
    desk: Desk, name: str, gate: str, code: str, help: str
) -> None:
    """A documented failure that cannot be played documents nothing."""
    red = [{"set": {name: 5000}, "gate": gate, "because": "The feed is too late"}]
    (problem,) = problems_of(desk, LATENCY, params=PARAMS, timeline=TIMELINE, known_red=red)

    assert (problem.code, problem.help) == (code, help)
