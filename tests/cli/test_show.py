"""``stress show``: a scenario as it will be played."""

from __future__ import annotations

from engine.config.library import Library
from engine.config.workspace import Workspace
from engine.runs.documents import KINDS
from engine.runs.plan import plan_run
from tests.cli.command import Stress


def test_the_effective_document_loads_to_the_same_effective_document(stress: Stress) -> None:
    """It stands for itself: shown once more it is the same text."""
    first = stress("show", "flash_crash", "--effective")
    (stress.folder / "flash_crash.yaml").write_text(first.out, encoding="utf-8")
    again = stress("show", "./flash_crash.yaml", "--effective")

    assert (first.code, again.code, again.err) == (0, 0, "")
    assert again.out == first.out


def test_the_effective_document_plans_the_same_run(stress: Stress) -> None:
    """Same timeline, same gates, same limits."""
    text = stress("show", "flash_crash", "--effective").out
    (stress.folder / "flash_crash.yaml").write_text(text, encoding="utf-8")
    plans = [
        plan_run(Library(Workspace.find(stress.folder), KINDS), path, {}, None)
        for path in ("flash_crash", "./flash_crash.yaml")
    ]

    assert plans[0].injections == plans[1].injections
    assert plans[0].run_gates == plans[1].run_gates
    assert (plans[0].limits, plans[0].venue, plans[0].profile) == (plans[1].limits, plans[1].venue, plans[1].profile)


def test_a_set_is_in_the_effective_document(stress: Stress) -> None:
    """The parameter's place holds the value."""
    done = stress("show", "flash_crash", "--effective", "--json", "--set", "drop_pct=20")
    (crash,) = [item for item in done.json["timeline"] if item["id"] == "crash"]

    assert crash["with"]["drop_pct"] == 20
    assert "params" not in done.json
    assert "extends" not in done.json


def test_the_timeline_is_in_order_of_time(stress: Stress) -> None:
    """Times with the words of what happens; the same entries as JSON."""
    text, document = stress("show", "flash_crash", "--timeline"), stress("show", "flash_crash", "--timeline", "--json")
    times = [entry["at_s"] for entry in document.json["entries"]]

    assert times == sorted(times)
    assert document.json["schema"] == "stress.timeline/1"
    assert [line.split(" s  ", 1)[1] for line in text.out.splitlines()] == [
        entry["what"] for entry in document.json["entries"]
    ]
    assert "    300.0 s  crash (sell_program) begins" in text.out.splitlines()


def test_a_skipped_fault_is_shown_as_skipped(stress: Stress) -> None:
    """Before anything is played."""
    done = stress("show", "flash_crash", "--timeline", "--set", "drop_pct=0")

    assert "crash (sell_program) is skipped: the parameter drop_pct=0 stands at its no-effect value" in done.out


def test_one_of_the_two_must_be_said(stress: Stress) -> None:
    """Neither and both are usage errors."""
    codes = [stress("show", "flash_crash", *words).code for words in ((), ("--effective", "--timeline"))]

    assert codes == [2, 2]
