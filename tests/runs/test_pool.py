"""Jobs in processes of their own: what comes back, what dies, what is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine.base.errors import NotReadyError
from engine.config.problems import DocumentError, Problems
from engine.runs.pool import OPEN, Pool, Task, Tell
from engine.runs.pool_events import Answered, Began, Broke, Died, Event, Refused, Said


def work(job: tuple[str, str], tell: Tell) -> object:
    """What the word says, with the file or number beside it."""
    word, given = job
    match word:
        case "square":
            return int(given) ** 2
        case "pid":
            return os.getpid()
        case "tell":
            tell(given)
            return given
        case "not ready":
            raise NotReadyError("there is no tape", given)
        case "invalid":
            problems = Problems()
            problems.error("R310", "there is no document", None, given)
            raise DocumentError(problems)
        case "bug":
            raise ZeroDivisionError(given)
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "leave":
            os._exit(0)
        case "die once":
            if not Path(given).exists():
                Path(given).touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return "alive"
        case "alone":
            return _overlaps(Path(given))
        case "open":
            tell(OPEN)
            return _overlaps(Path(given))
        case "long":
            Path(given).write_text(str(os.getpid()), encoding="utf-8")
            time.sleep(60)
    return None


def _overlaps(folder: Path) -> bool:
    """Whether another one is in *folder* at some time while this one is in there for half a second."""
    mine = folder / str(os.getpid())
    mine.touch()
    seen = False
    for _ in range(50):
        seen = seen or len(list(folder.iterdir())) > 1
        time.sleep(0.01)
    mine.unlink()
    return seen


def play(*jobs: tuple[str, str], workers: int = 2, group: str = "") -> list[Event]:
    """Everything that happens to these jobs, but what is only a beginning."""
    tasks = [Task(number, job, group) for number, job in enumerate(jobs)]
    return [event for event in Pool(work, workers).play(tasks) if not isinstance(event, Began)]


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_every_job_is_answered_whatever_runs_beside_it(workers: int) -> None:
    """Once each."""
    happened = play(*(("square", str(n)) for n in range(6)), workers=workers)

    assert sorted((event.number, event.answer) for event in happened if isinstance(event, Answered)) == [
        (n, n * n) for n in range(6)
    ]
    assert len(happened) == 6


def test_every_job_has_a_process_of_its_own() -> None:
    """Also those that are played one after the other."""
    pids = [event.answer for event in play(("pid", ""), ("pid", ""), workers=1) if isinstance(event, Answered)]

    assert len({*pids, os.getpid()}) == 3


def test_what_a_job_tells_arrives_before_its_answer() -> None:
    """In its order."""
    assert play(("tell", "half way")) == [Said(0, "half way"), Answered(0, "half way", 1)]


def test_an_error_for_people_comes_back_whole() -> None:
    """With its instruction, and a document's with every problem."""
    happened = play(("not ready", "get one"), ("invalid", "name one"), workers=1)
    errors = [event.error for event in happened if isinstance(event, Refused)]

    assert [type(error) for error in errors] == [NotReadyError, DocumentError]
    assert errors[0].instruction == "get one"
    assert isinstance(errors[1], DocumentError)
    assert [problem.code for problem in errors[1].problems.all] == ["R310"]


def test_a_bug_comes_back_with_its_traceback() -> None:
    """And does not end the others."""
    broke, answered = play(("bug", "of all things"), ("square", "3"), workers=1)

    assert isinstance(broke, Broke)
    assert broke.error == "ZeroDivisionError: of all things"
    assert "Traceback" in broke.traceback
    assert answered == Answered(1, 9, 1)


def test_a_process_that_is_killed_is_begun_once_more(tmp_path: Path) -> None:
    """In a fresh one, and said both times."""
    happened = play(("die once", str(tmp_path / "died")), ("square", "3"), workers=1)

    assert happened == [Died(0, "ended by SIGKILL", 1, again=True), Answered(0, "alive", 2), Answered(1, 9, 1)]


@pytest.mark.parametrize(("word", "how"), [("die", "ended by SIGKILL"), ("leave", "ended with 0")])
def test_a_process_that_dies_twice_is_given_up(word: str, how: str) -> None:
    """Exit code 0 without an answer is a death too."""
    assert play((word, "")) == [Died(0, how, 1, again=True), Died(0, how, 2, again=False)]


def test_the_first_of_a_group_goes_alone(tmp_path: Path) -> None:
    """Until it is over; the others then go together."""
    happened = play(*[("alone", str(tmp_path))] * 3, workers=3, group="compiled")
    overlaps = {event.number: event.answer for event in happened if isinstance(event, Answered)}

    assert overlaps == {0: False, 1: True, 2: True}


def test_a_job_that_opens_its_group_lets_the_others_begin(tmp_path: Path) -> None:
    """At once."""
    happened = play(*[("open", str(tmp_path))] * 2, workers=2, group="compiled")

    assert [event.answer for event in happened if isinstance(event, Answered)] == [True, True]


def test_begin_no_more_lets_what_runs_end_in_peace() -> None:
    """Nothing is begun after it."""
    pool = Pool(work, 1)
    happened = []
    for event in pool.play([Task(n, ("square", str(n))) for n in range(3)]):
        happened.append(event)
        pool.begin_no_more()

    assert happened == [Began(0, 1), Answered(0, 0, 1)]


def _gone(pid: int) -> bool:
    """Whether the process ends within some seconds; a zombie has ended."""
    for _ in range(500):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.01)
    return False


def _pid_in(path: Path) -> int:
    """The number that a long job wrote, when it has."""
    for _ in range(3000):
        if path.exists() and (text := path.read_text(encoding="utf-8")):
            return int(text)
        time.sleep(0.01)
    raise AssertionError("the long job never began")


def test_end_ends_what_runs_and_begins_nothing_more(tmp_path: Path) -> None:
    """And it is not begun once more: somebody wanted it so."""
    pool = Pool(work, 1)
    happened = []
    for event in pool.play([Task(0, ("long", str(tmp_path / "pid"))), Task(1, ("square", "2"))]):
        happened.append(event)
        if isinstance(event, Began):
            _pid_in(tmp_path / "pid")
            pool.end()

    assert happened == [Began(0, 1), Died(0, "ended by SIGTERM", 1, again=False)]


PARENT = """
import sys
from engine.runs.pool import Pool, Task
from tests.runs.test_pool import work
for _ in Pool(work, 1).play([Task(0, ("long", sys.argv[1]))]):
    pass
"""


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes in /proc")
def test_no_process_outlives_the_one_that_asked_for_it(tmp_path: Path) -> None:
    """Even if that one is killed, and can tell nobody."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "pid")], cwd=Path(__file__).parents[2], start_new_session=True
    )
    child = _pid_in(tmp_path / "pid")
    parent.kill()
    parent.wait()

    assert _gone(child)
