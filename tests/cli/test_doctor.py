"""``stress doctor``: is this installation fit for use, and what is missing for what?"""

from __future__ import annotations

from tests.cli.command import Stress


def test_a_sound_installation_is_exit_0(stress: Stress) -> None:
    """Every fault, metric, model and shipped document loads."""
    done = stress("doctor")
    states = {line.split()[1]: line.split()[0] for line in done.out.splitlines()}

    assert (done.code, done.err) == (0, "")
    assert [states[name] for name in ("python", "faults", "metrics", "models", "documents", "results")] == ["ok"] * 6


def test_json_says_the_same(stress: Stress) -> None:
    """One document; each finding with name, state and text."""
    done = stress("doctor", "--json")

    assert (done.code, done.json["schema"]) == (0, "stress.doctor/1")
    assert {tuple(sorted(found)) for found in done.json["findings"]} == {("name", "state", "text")}
    assert {found["state"] for found in done.json["findings"]} <= {"ok", "missing"}


def test_a_broken_document_is_exit_4_and_says_what_lists_it(stress: Stress) -> None:
    """A workspace that cannot be played is not fit for use."""
    assert stress("init", ".").code == 0
    (stress.folder / "gates.d/broken.yaml").write_text("gate_set: broken\ngatse: []\n", encoding="utf-8")
    done = stress("doctor")

    assert done.code == 4
    assert "broken   documents" in done.out
    assert "stress validate lists them" in done.out


def test_results_that_cannot_be_written_are_found(stress: Stress) -> None:
    """A file stands where the folder should be."""
    (stress.folder / "results").write_text("in the way")
    done = stress("doctor")

    assert done.code == 4
    assert "broken   results" in done.out


def test_what_is_optional_never_breaks_it(stress: Stress) -> None:
    """A missing tool says what it would be for."""
    lines = [line for line in stress("doctor").out.splitlines() if line.startswith("missing")]

    assert [line for line in lines if "optional, for" not in line] == []
