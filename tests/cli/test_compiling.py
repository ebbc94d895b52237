"""The line that says why the very first run of an order book begins with a wait."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.base.errors import NotReadyError
from engine.cli.calibrate import market
from engine.cli.progress import compiling_shown
from engine.cli.realism import realism
from engine.market.compiling import compiler_began
from tests.cli.command import Stress
from tests.runs.small import Desk

LINE = "compiling the order book, once (about 7 s) …"
BOOK: dict[str, Any] = {
    "market": {
        "model": "order_book",
        "feed_ms": 500,
        "instruments": [{"symbol": "SPY", "price": 540.0, "tick": 0.01}],
    }
}


@pytest.fixture
def fresh(stress: Stress, tmp_path: Path) -> Stress:
    """``stress`` on a machine that has never compiled anything."""
    return replace(stress, variables={**stress.variables, "NUMBA_CACHE_DIR": str(tmp_path / "machine_code")})


def test_the_first_run_of_a_book_says_that_it_compiles_and_no_later_one_does(fresh: Stress) -> None:
    """Once, on standard error, before anything else; with the same result."""
    path = Desk(fresh.folder).write(**BOOK)
    first, second = fresh("run", path, "--json"), fresh("run", path, "--json")

    assert first.err.splitlines()[0] == LINE
    assert first.err.count(LINE) == 1
    assert LINE not in second.err
    assert first.json["fingerprint"] == second.json["fingerprint"]


def compiles_and_fails(*_given: object) -> None:
    """What measures or fits, as far as this matters here."""
    compiler_began()
    raise NotReadyError("it ends here", "nothing")


@pytest.mark.parametrize(("quiet", "lines"), [(False, 1), (True, 0)])
def test_realism_and_calibrate_say_it_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quiet: bool, lines: int
) -> None:
    """Whatever of theirs comes upon the compiler first."""
    monkeypatch.setattr("engine.market.realism_run.measure", compiles_and_fails)
    monkeypatch.setattr("engine.market.calibrate_flow.fit", compiles_and_fails)
    monkeypatch.setattr("engine.cli.realism.lobster_day", lambda _tape: None)

    with pytest.raises(NotReadyError):
        realism("order_book", tape=None, seeds=1, tuning=False, bands="realism", quiet=quiet)
    with pytest.raises(NotReadyError):
        market(Path("tape"), targets=False, out=None, quiet=quiet)
    assert capsys.readouterr().err.count(LINE) == 2 * lines


@pytest.mark.parametrize(("quiet", "said"), [(False, f"{LINE}\n"), (True, "")])
def test_a_quiet_command_compiles_quietly(capsys: pytest.CaptureFixture[str], quiet: bool, said: str) -> None:
    """``--quiet`` says nothing of it; else it is one line on standard error."""
    with compiling_shown(quiet=quiet):
        compiler_began()
        compiler_began()

    assert capsys.readouterr() == ("", said)


def test_a_market_without_a_book_compiles_nothing(fresh: Stress) -> None:
    """No line, and no machine code."""
    done = fresh("run", Desk(fresh.folder).write())

    assert (done.code, LINE in done.err) == (0, False)
    assert not list(Path(fresh.variables["NUMBA_CACHE_DIR"]).rglob("*.nbc"))
