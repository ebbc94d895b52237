"""Run folders: whole or not at all, whatever happens while one is written."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from engine.base.errors import ExitCode, NotReadyError
from engine.stores.run_folder import PART, sweep_parts, write_run_folder

RUN = "20250805T133000Z-flash_crash-s42-00ff"
Writer = Callable[[Path], None]


def text(content: str) -> Writer:
    """A writer of one text file."""

    def write(path: Path) -> None:
        path.write_text(content, encoding="utf-8")

    return write


def raising(error: BaseException) -> Writer:
    """A writer that breaks in the middle of its file."""

    def write(path: Path) -> None:
        path.write_text("half a", encoding="utf-8")
        raise error

    return write


FILES = {"result.json": text("{}\n"), "events": text("e" * 100_000)}


def everything(results: Path) -> list[str]:
    """Every path below *results*, hidden ones too."""
    return sorted(path.relative_to(results).as_posix() for path in results.rglob("*"))


def a_dead_pid() -> int:
    """The pid of a process that we started and that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


# ---- one writer


def test_a_run_leaves_exactly_its_files(tmp_path: Path) -> None:
    """With what was written, and nothing beside them; missing parents are made."""
    results = tmp_path / "deep" / "results"

    folder = write_run_folder(results, RUN, FILES)

    assert folder == results / RUN
    assert everything(results) == [RUN, f"{RUN}/events", f"{RUN}/result.json"]
    assert (folder / "events").read_text() == "e" * 100_000


def test_runs_stand_beside_each_other(tmp_path: Path) -> None:
    """A second run leaves the first one alone."""
    write_run_folder(tmp_path, "one", {"a": text("1")})
    write_run_folder(tmp_path, "two", {"a": text("2")})

    assert [(tmp_path / name / "a").read_text() for name in ("one", "two")] == ["1", "2"]


def test_nothing_has_the_runs_name_before_everything_is_written(tmp_path: Path) -> None:
    """Whoever looks while the last file is written sees no run."""
    seen: list[list[str]] = []

    def last(path: Path) -> None:
        path.write_text("last")
        seen.append([name for name in everything(tmp_path) if not name.startswith(PART)])

    write_run_folder(tmp_path, RUN, {**FILES, "last": last})

    assert seen == [[]]


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt(), SystemExit(1), RecursionError()])
@pytest.mark.parametrize("place", [0, 2])
def test_a_writer_that_raises_leaves_nothing(tmp_path: Path, error: BaseException, place: int) -> None:
    """The error comes out as it is, whether the first or the last file broke."""
    files = list(FILES.items())
    files.insert(place, ("broken", raising(error)))

    with pytest.raises(type(error)) as raised:
        write_run_folder(tmp_path, RUN, dict(files))

    assert raised.value is error
    assert everything(tmp_path) == []


def test_a_taken_name_is_refused_and_the_run_there_is_untouched(tmp_path: Path) -> None:
    """Results are never overwritten."""
    write_run_folder(tmp_path, RUN, {"result.json": text("first")})

    with pytest.raises(FileExistsError, match=f"^the run id {RUN} is taken$"):
        write_run_folder(tmp_path, RUN, {"result.json": text("second")})

    assert everything(tmp_path) == [RUN, f"{RUN}/result.json"]
    assert (tmp_path / RUN / "result.json").read_text() == "first"


@pytest.mark.parametrize("make", [Path.mkdir, Path.touch], ids=["folder", "file"])
def test_a_name_taken_while_writing_is_refused_too(tmp_path: Path, make: Callable[[Path], None]) -> None:
    """Somebody was faster: theirs stays, ours is gone."""

    def overtaken(path: Path) -> None:
        path.write_text("ours")
        make(tmp_path / RUN)
        if (tmp_path / RUN).is_dir():
            (tmp_path / RUN / "theirs").touch()

    with pytest.raises(FileExistsError, match="is taken"):
        write_run_folder(tmp_path, RUN, {"a": overtaken})

    assert everything(tmp_path) in ([RUN], [RUN, f"{RUN}/theirs"])


# ---- places that cannot be written


@pytest.fixture
def locked() -> Iterator[Path]:
    """A folder that this process may read and not write; root gives its rights up for the length of the test."""
    folder = Path(tempfile.mkdtemp(prefix="stress-locked-"))
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IROTH | stat.S_IXOTH)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65_534)
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(stat.S_IRWXU)
    for path in folder.iterdir():
        path.rmdir()
    folder.rmdir()


def test_a_read_only_folder_is_not_ready(locked: Path) -> None:
    """Exit 4, with the folder's name (no path of this machine), the reason and what to do."""
    for results in (locked, locked / "results"):
        with pytest.raises(NotReadyError) as refused:
            write_run_folder(results, RUN, FILES)

        assert refused.value.exit_code == ExitCode.NOT_READY
        assert refused.value.reason == f"the result cannot be written to {results.name}/: Permission denied"
        assert refused.value.instruction == "make the folder writable, or name another one with --results DIR"
    assert everything(locked) == []


def test_a_file_in_the_folders_place_is_not_ready(tmp_path: Path) -> None:
    """It is left alone."""
    (tmp_path / "results").write_text("mine")

    for results in (tmp_path / "results", tmp_path / "results" / "deeper"):
        with pytest.raises(NotReadyError, match="cannot be written to"):
            write_run_folder(results, RUN, FILES)
    assert (tmp_path / "results").read_text() == "mine"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_not_ready_and_leaves_nothing(tmp_path: Path) -> None:
    """The half that was written is gone, so that the disk is no fuller than before."""

    def overflow(path: Path) -> None:
        path.write_text("some")
        Path("/dev/full").write_bytes(b"more")

    with pytest.raises(NotReadyError, match="No space left on device"):
        write_run_folder(tmp_path, RUN, {**FILES, "big": overflow})

    assert everything(tmp_path) == []


def test_the_current_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``--results .`` works, and an error there does not speak of the root folder."""
    monkeypatch.chdir(tmp_path)
    write_run_folder(Path(), "one", {"a": text("1")})

    with pytest.raises(NotReadyError, match=r"^the result cannot be written to \./: "):
        write_run_folder(Path(), "two", {"no/such/folder": text("1")})

    assert everything(tmp_path) == ["one", "one/a"]


# ---- what others left


def test_leftovers_of_the_dead_are_swept(tmp_path: Path) -> None:
    """The living, our own and what is none of ours stay."""
    dead, alive, ours = f"{PART}{a_dead_pid()}-x", f"{PART}{os.getppid()}-x", f"{PART}{os.getpid()}-x"
    others = [alive, ours, f"{PART}today-x", "part-1-x", RUN]
    for name in (dead, *others):
        (tmp_path / name).mkdir()
        (tmp_path / name / "events").touch()

    sweep_parts(tmp_path)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(others)


def test_sweeping_an_empty_or_missing_folder_is_fine(tmp_path: Path) -> None:
    """There is nothing to do."""
    sweep_parts(tmp_path)
    sweep_parts(tmp_path / "nowhere")

    assert everything(tmp_path) == []


# ---- processes

CHILD = dedent(
    """
    import sys, time
    from pathlib import Path
    from engine.stores.run_folder import write_run_folder

    results, run_id, hang_at = Path(sys.argv[1]), sys.argv[2], sys.argv[3]

    def writer(name):
        def write(path):
            with path.open("w") as out:
                out.write("half")
                out.flush()
                if name == hang_at:
                    print("hanging", flush=True)
                    time.sleep(60)
                out.write(" and half")
        return write

    print("ready", flush=True)
    sys.stdin.readline()
    try:
        write_run_folder(results, run_id, {name: writer(name) for name in ("a", "b", "c")})
    except FileExistsError:
        print("taken")
    else:
        print("written")
    """
)


def start(results: Path, run_id: str = RUN, hang_at: str = "") -> subprocess.Popen[str]:
    """A process that says it is ready, waits for a line, and writes a run; *hang_at* is where it stops forever."""
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(results), run_id, hang_at],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def tell(process: subprocess.Popen[str], line: str = "") -> None:
    """Send a line to a child."""
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    """The next line of a child."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.mark.parametrize("hang_at", ["a", "b", "c"])
def test_a_process_killed_while_writing_leaves_no_run(tmp_path: Path, hang_at: str) -> None:
    """SIGKILL in any file: no folder of the run's name; the next run sweeps what is left, and may use the name."""
    with start(tmp_path, hang_at=hang_at) as process:
        assert hear(process) == "ready"
        tell(process)
        assert hear(process) == "hanging"
        assert [path.name for path in tmp_path.iterdir()] == [f"{PART}{process.pid}-{RUN}"]
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    assert not (tmp_path / RUN).exists()

    write_run_folder(tmp_path, RUN, FILES)

    assert everything(tmp_path) == [RUN, f"{RUN}/events", f"{RUN}/result.json"]


def test_a_run_does_not_sweep_another_that_is_still_writing(tmp_path: Path) -> None:
    """It lands beside it, and the slow one can still be finished or killed."""
    with start(tmp_path, hang_at="b") as slow:
        assert hear(slow) == "ready"
        tell(slow)
        assert hear(slow) == "hanging"

        write_run_folder(tmp_path, "quick", FILES)

        assert (tmp_path / f"{PART}{slow.pid}-{RUN}" / "b").read_text() == "half"
        slow.kill()


def test_of_processes_that_want_one_name_exactly_one_gets_it(tmp_path: Path) -> None:
    """Whole; the others are told that it is taken."""
    crowd = [start(tmp_path) for _ in range(4)]
    assert [hear(process) for process in crowd] == ["ready"] * 4
    for process in crowd:
        tell(process)

    said = sorted(process.communicate(timeout=30)[0].strip() for process in crowd)

    assert said == ["taken", "taken", "taken", "written"]
    assert everything(tmp_path) == [RUN, f"{RUN}/a", f"{RUN}/b", f"{RUN}/c"]
    assert {path.read_text() for path in (tmp_path / RUN).iterdir()} == {"half and half"}


def test_processes_with_names_of_their_own_all_land(tmp_path: Path) -> None:
    """Nobody sweeps the part folder of a neighbour who is alive."""
    crowd = [start(tmp_path, run_id=f"run{place}") for place in range(4)]
    assert [hear(process) for process in crowd] == ["ready"] * 4
    for process in crowd:
        tell(process)

    assert [process.communicate(timeout=30)[0].strip() for process in crowd] == ["written"] * 4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run0", "run1", "run2", "run3"]
