"""Documents that faults name: loaded with the run, recorded among its inputs, and missed with their place."""

from __future__ import annotations

from typing import Any

from engine.config.writer import write_yaml
from engine.faults.decision_burst import DecisionBurst
from engine.trading.arrivals import Arrivals
from tests.runs.small import Desk, problems_of

ARRIVALS: dict[str, Any] = {
    "arrivals": "two_a_second",
    "title": "Two a second",
    "source": "made up for tests",
    "mean_per_s": 2,
    "step_ms": 100,
    "peak_to_mean_1s": 1,
    "peak_to_mean_100ms": 1,
    "weights": [[1] * 10],
}


def burst(**parameters: Any) -> list[dict[str, Any]]:
    """A timeline of one burst."""
    return [
        {"id": "burst", "at_s": 60, "fault": "decision_burst", "with": {"symbol": "SPY", **parameters}, "for_s": 30}
    ]


def put(desk: Desk, **changes: Any) -> None:
    """Write the arrivals document where scenarios look for it."""
    folder = desk.folder / "scenarios.d" / "profiles"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "two_a_second.yaml").write_text(write_yaml(ARRIVALS | changes), encoding="utf-8")


def test_the_fault_gets_the_document_that_it_names(desk: Desk) -> None:
    """Bound and checked like any other; the scenario as written keeps the name."""
    put(desk)
    plan = desk.plan(timeline=burst(arrivals="profiles/two_a_second"))
    (injection,) = plan.injections
    made = injection.fault

    assert isinstance(made, DecisionBurst)
    assert isinstance(made.arrivals_document, Arrivals)
    assert made.arrivals_document.mean_per_s == 2
    assert plan.effective["timeline"][0]["with"] == {"symbol": "SPY", "arrivals": "profiles/two_a_second"}


def test_the_document_is_an_input_of_the_run(desk: Desk) -> None:
    """With its hash: whoever repeats the run needs the same one."""
    put(desk)
    run = desk.run(timeline=burst(arrivals="profiles/two_a_second"))

    assert [each.name for each in run.result.inputs if "two_a_second" in each.name]
    assert [effect.held for effect in run.result.faults[0].effects] == [True]


def test_a_document_that_is_missing_is_an_error_at_its_name(desk: Desk) -> None:
    """Not at the fault, and not when the run has begun."""
    put(desk)
    (problem,) = problems_of(desk, timeline=burst(arrivals="profiles/two_a_secnd"))

    assert problem.code == "R310"
    assert "two_a_second" in problem.help
    assert problem.mark is not None
    text = (desk.folder / "scenarios.d/small.yaml").read_text(encoding="utf-8").splitlines()[problem.mark.line - 1]
    assert text.strip() == "arrivals: profiles/two_a_secnd"


def test_a_document_of_another_kind_is_an_error(desk: Desk) -> None:
    """A service-time profile lies in the same folder."""
    (problem,) = problems_of(desk, timeline=burst(arrivals="profiles/default"))

    assert problem.code == "R306"
    assert "arrivals" in problem.message
    assert "profile" in problem.message


def test_a_document_that_is_wrong_is_an_error_in_itself(desk: Desk) -> None:
    """With the place where it does not fit together."""
    put(desk, peak_to_mean_1s=52)
    (problem,) = problems_of(desk, timeline=burst(arrivals="profiles/two_a_second"))

    assert problem.message.startswith("peak_to_mean_1s: 1 was expected")
    assert problem.mark is not None
    assert problem.mark.file.endswith("two_a_second.yaml")


def test_a_rate_said_twice_is_an_error_at_the_fault(desk: Desk) -> None:
    """Or not at all."""
    put(desk)
    (problem,) = problems_of(desk, timeline=burst(arrivals="profiles/two_a_second", decisions_per_s=5))

    assert problem.message == "one of decisions_per_s and arrivals was expected, was both"
    assert problem.mark is not None


def test_faults_without_documents_stay_as_they_are(desk: Desk) -> None:
    """Nothing is loaded for them."""
    plan = desk.plan()

    assert plan.scenario.timeline == plan.loaded.value.timeline
