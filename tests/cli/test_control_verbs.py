"""``stress stop`` and ``stress governor``: exit codes, and what a person reads after a command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.command import Stress
from tests.runs.small import Desk
from tests.runs.test_control import DEAF, PASSIVE


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    """A scenario whose orders rest, in the folder in which ``stress`` runs."""
    return Desk(tmp_path).write(desk=PASSIVE)


def test_a_stop_says_what_came_of_it_and_on_what_it_acted(stress: Stress, scenario: str) -> None:
    """Acknowledgement, time to hold, the venue's cancels, the position, the environment and the host."""
    done = stress("stop", "--on", scenario, "--at-s", "150", "--by", "ann")
    lines = done.out.splitlines()

    assert done.code == 0
    assert lines[0] == "stop L2, scope firm, by ann, at t=150.0 s: acknowledged at once"
    assert lines[1] == "time to hold         0 ms"
    assert "acknowledged cancelled by the venue, the last after" in lines[4]
    assert lines[4].endswith("ms, 0 left")
    assert lines[5].startswith("position SPY ")
    assert lines[6].startswith("acted on             environment demo, host ")
    assert lines[6].endswith(", the simulated desk of small, seed 7")
    assert lines[7] == "scope firm           stop L2 since t=150.0 s (stop), at t=200.0 s"


def test_json_is_one_document_with_the_message_as_it_was_sent(stress: Stress, scenario: str) -> None:
    """The same figures, and the control message by its published keys."""
    done = stress("stop", "--on", scenario, "--at-s", "150", "--by", "ann", "--reason", "drill", "--flatten", "--json")
    said = done.json

    assert (done.code, said["schema"], said["environment"], said["desk"]) == (
        0,
        "stress.desk_state/1",
        "demo",
        "simulated",
    )
    assert said["answer"]["acknowledged"] is True
    assert said["answer"]["cancelled"] == said["answer"]["working"]
    assert said["messages"] == [
        {
            "id": "stop-firm-150000000000-1",
            "verb": "stop",
            "scope": "firm",
            "level": "L3",
            "by": "ann",
            "reason": "drill",
        }
    ]
    assert said["scopes"][0]["level"] == "stop L3"


def test_a_stop_without_acknowledgement_is_exit_1(stress: Stress, tmp_path: Path) -> None:
    """A governor that does not listen."""
    (tmp_path / "deaf.py").write_text(DEAF, encoding="utf-8")
    path = Desk(tmp_path).write(desk=PASSIVE | {"governor": {"kind": "python", "target": "deaf:Deaf"}})
    done = stress("stop", "--on", path, "--at-s", "150", "--by", "ann")

    assert done.code == 1
    assert done.out.startswith(
        "stop L2, scope firm, by ann, at t=150.0 s: NOT ACKNOWLEDGED\ntime to hold         never"
    )


@pytest.mark.parametrize(
    "words", [("stop",), ("governor", "status"), ("governor", "pause"), ("governor", "resume"), ("governor", "flatten")]
)
def test_without_a_desk_it_is_exit_4_with_one_sentence(stress: Stress, words: tuple[str, ...]) -> None:
    """It says how to command a simulated one."""
    done = stress(*words)

    assert (done.code, done.out) == (4, "")
    assert "no live desk is running here" in done.err
    assert f"stress {' '.join(words)} --on scenarios.d/flash_crash.yaml" in done.err


def test_status_says_where_the_governor_stands_at_the_end(stress: Stress, scenario: str) -> None:
    """Nobody commanded anything."""
    done = stress("governor", "status", "--on", scenario)

    assert done.code == 0
    assert done.out.splitlines()[-1] == "scope firm           running, at t=200.0 s"


def test_a_pause_of_one_symbol_stands_beside_the_firm(stress: Stress, scenario: str) -> None:
    """The firm runs."""
    done = stress("governor", "pause", "--scope", "SPY", "--on", scenario, "--at-s", "150", "--by", "ann")

    assert done.code == 0
    assert done.out.startswith("pause, scope SPY, by ann, at t=150.0 s: acknowledged")
    assert "scope firm           running" in done.out
    assert "scope SPY            hold since t=150.0 s (paused)" in done.out


def test_a_resume_by_two_people_is_allowed_a_stop_by_two_is_not(stress: Stress, scenario: str) -> None:
    """One person stops; two re-arm; three are too many."""
    two, three = ("--by", "ann", "--by", "bob"), ("--by", "a", "--by", "b", "--by", "c")

    assert stress("governor", "resume", "--on", scenario, "--at-s", "150", *two).code == 0
    assert stress("governor", "resume", "--on", scenario, "--at-s", "150", *three).code == 2
    assert stress("stop", "--on", scenario, "--at-s", "150", *two).code == 2


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("--at-s", "1000"), 2, "at most 195 s was expected"),
        (("--scope", "SPYY"), 2, "--scope SPYY is not traded there"),
        (("--scope", "two words"), 2, "--scope 'two words' is not allowed"),
        (("--by", " "), 2, "--by ' ' is not allowed"),
        (("--level", "L9"), 2, "L9"),
        (("--level", "L1", "--flatten"), 2, "a stop of L1 keeps the position"),
        (("--on", "scenarios.d/none.yaml"), 3, "none"),
    ],
)
def test_what_is_no_command_is_refused_in_words(
    stress: Stress, scenario: str, words: tuple[str, ...], code: int, says: str
) -> None:
    """Usage is 2, a scenario that cannot be read 3; nothing is played."""
    done = stress("stop", "--on", scenario, *words)

    assert (done.code, done.out) == (code, "")
    assert says in done.err
    assert "Traceback" not in done.err
