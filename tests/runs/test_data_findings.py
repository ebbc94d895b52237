"""What is odd in a tape stands in the result, and makes the run INVALID unless the scenario allows it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

from engine.gates.verdict import Verdict
from engine.kernel.world import World
from engine.market.replay import Replay
from engine.runs.assess import _data_findings
from engine.runs.play import Played
from tests.market.real_data import real


def played(folder: Path, allow: tuple[str, ...], until_ns: int) -> Played:
    """As much of a played run as the findings look at: a real tape, advanced."""
    market = Replay(tape=".", allow=allow).build(World(1), open_s=34_200, find=lambda _tape: folder)
    market.advance(until_ns)
    built = SimpleNamespace(site=SimpleNamespace(venue=SimpleNamespace(model=market)))
    return cast("Played", SimpleNamespace(built=built))


def test_what_is_allowed_is_told_and_what_is_not_is_invalid() -> None:
    """AMZN has hidden executions; the file and row of the first one is named, and how many there were."""
    folder = real("AMZN")
    (allowed,) = _data_findings(played(folder, ("hidden_execution",), 600 * 10**9))
    (refused,) = _data_findings(played(folder, (), 600 * 10**9))

    assert (allowed.code, allowed.verdict, refused.verdict) == ("hidden_execution", None, Verdict.INVALID)
    assert "message_5.csv.gz row 1: " in refused.text
    assert refused.text.endswith("the scenario's allow: does not name hidden_execution")
