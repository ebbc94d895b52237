"""``stress selftest``: what it prints and how it ends."""

from __future__ import annotations

from tests.cli.command import Stress


def test_a_defect_that_is_caught_ends_with_0(stress: Stress) -> None:
    """A line with defect, scenario, gate and the gate's own sentence; progress goes to standard error."""
    done = stress("selftest", "-k", "forgets_the_stop", "-w", "1")
    line = done.out.splitlines()[1]

    assert done.code == 0
    assert line.split()[:4] == ["caught", "forgets_the_stop", "broker_failure", "leaks"]
    assert line.endswith("(session_down)")
    assert done.out.splitlines()[-1].startswith("1 caught — ")
    assert "PASS        reference on broker_failure" in done.err


def test_a_gate_that_was_taken_out_shows(stress: Stress) -> None:
    """Somebody weakened the scenario: the defect gets through, exit 1."""
    assert stress("init", ".").code == 0
    scenario = stress.folder / "scenarios.d/broker_failure.yaml"
    text = scenario.read_text(encoding="utf-8") + "\nwithout:\n  - gate: leaks\n    reason: it was red\n"
    scenario.write_text(text, encoding="utf-8")
    done = stress("selftest", "-k", "forgets_the_stop", "--json", "-q")

    assert (done.code, done.err) == (1, "")
    assert done.json == {
        "schema": "stress.selftest/1",
        "ok": False,
        "plants": [
            {
                "defect": "forgets_the_stop",
                "scenario": "broker_failure",
                "gate": "leaks",
                "status": "NOT CAUGHT",
                "why": "the scenario has no gate leaks",
            }
        ],
    }


def test_words_that_choose_nothing_are_a_mistake(stress: Stress) -> None:
    """Exit 2, with where to look."""
    done = stress("selftest", "-k", "nonsense")

    assert done.code == 2
    assert "no defect, scenario or gate has that in its name" in done.err


def test_defects_are_listed_and_explained(stress: Stress) -> None:
    """What is broken in a line; and where that happened or could, and what catches it, on a page."""
    listed, page = stress("list", "defects"), stress("explain", "forgets_the_stop")

    assert "forgets_the_stop" in [line.split()[0] for line in listed.out.splitlines()]
    assert "caught by leaks in broker_failure" in page.out
