"""``stress realism`` and ``stress calibrate market``: tables, JSON, exit codes, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from engine.base.errors import ExitCode, NotReadyError, StressError, UsageError
from engine.cli.app import app
from engine.config.bind import bind
from engine.market import models
from engine.market.flow_document import FlowDocument
from tests.market.bar_samples import still, write_bars
from tests.market.real_data import real
from tests.market.recordings import ToyMarket
from tests.market.samples import CALM as CALM_ROW
from tests.market.samples import write_tape

from .command import Stress


def said(*words: str | Path) -> Result:
    """The command line in this process, where a toy market is known."""
    return CliRunner().invoke(app, [str(word) for word in words])


@pytest.fixture(scope="module")
def toy() -> Iterator[None]:
    """A model called toy: Poisson messages, Gaussian prices, impact in proportion to size."""
    with models.lent("toy", ToyMarket):
        yield


@pytest.fixture(scope="module")
def judged(toy: None) -> Result:
    """The toy, judged on all eight seeds."""
    return said("realism", "toy")


@pytest.fixture
def tape(tmp_path: Path) -> Path:
    """A LOBSTER day of three messages."""
    return write_tape(tmp_path, [((t, 1, 100, 100.00, 1), CALM_ROW) for t in (0.5, 1.0, 2.0)])


def test_a_market_that_is_none_fails(judged: Result) -> None:
    """Exit 1; the verdict first, how many facts hold, on which seeds."""
    head, count, seeds, *_ = judged.stdout.splitlines()

    assert judged.exit_code == ExitCode.FAIL
    assert head == "realism of toy by realism: FAIL"
    assert count.endswith("0 without evidence; sanity: no violation in any seed")
    assert int(count.split(" of 18 facts hold, ")[1].split()[0]) >= 5
    assert seeds.startswith("seeds 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008;")


def test_the_table_has_the_real_days_beside(judged: Result) -> None:
    """Figure, band, median, range, on how many seeds it holds, and the figures of the tapes."""
    lines = judged.stdout.splitlines()
    heading = next(line for line in lines if "figure" in line)
    row = next(line for line in lines if line.startswith("  messages_per_s_fano")).split()

    assert heading.split()[-2:] == ["AMZN", "AAPL"]
    assert row[1:4] == ["10", "to", "50"]
    assert float(row[4]) == pytest.approx(1, abs=0.05)
    assert row[-3:] == ["0", "25.4", "21"]
    assert "✗ FAIL  messages_fano: Messages come in bursts" in lines
    assert "✓ PASS  never_crossed: The best bid is below the best ask" in lines
    assert any(line.startswith(("✓ report (in band)", "✗ report (not in band)")) for line in lines)


def test_impact_that_was_not_experimented_on_by_the_tapes_is_a_dash(judged: Result) -> None:
    """And each size says what its mean move was."""
    row = next(line for line in judged.stdout.splitlines() if line.startswith("  impact_exponent")).split()

    assert row[-2:] == ["–", "–"]
    assert judged.stdout.splitlines()[-1].startswith("   10.00 % of the day's volume, 192 runs: at the end ")


def test_progress_goes_to_standard_error(judged: Result) -> None:
    """One line a seed; standard output has the table alone."""
    assert len(judged.stderr.splitlines()) == 8
    assert judged.stderr.splitlines()[0] == "seed 1001 (1 of 8): a day, then 168 metaorders"


def test_json_says_the_same(toy: None) -> None:
    """One document, with every seed's figure; nothing else on standard output, and nothing at all with -q."""
    done = said("realism", "toy", "--seeds", "2", "--json", "-q")
    found = json.loads(done.stdout)
    facts = {fact["fact"]: fact for fact in found["facts"]}

    assert (found["schema"], found["market"], found["verdict"]) == ("stress.realism/1", "toy", "NO_EVIDENCE")
    assert (found["seeds"], found["tuning"], found["facts_listed"]) == ([1001, 1002], False, 18)
    assert len(facts["messages_fano"]["figures"][0]["by_seed"]) == 2
    assert facts["messages_fano"]["figures"][0]["tapes"] == {"AMZN": 25.38, "AAPL": 21.02}
    assert facts["impact_exponent"]["figures"][0]["value"] == pytest.approx(1)
    assert len(found["metaorders"]) == 7
    assert done.stderr == ""


def test_too_few_seeds_are_no_verdict(toy: None) -> None:
    """Exit 5, whatever the figures say, and it says what to do."""
    done = said("realism", "toy", "--seeds", "1")

    assert done.exit_code == ExitCode.NO_VERDICT
    assert "too few seeds for a verdict: run it without --seeds" in done.stdout


def test_seeds_for_tuning_are_no_verdict(toy: None) -> None:
    """Exit 5: that is what they are for."""
    done = said("realism", "toy", "--tuning", "--seeds", "1")

    assert done.exit_code == ExitCode.NO_VERDICT
    assert "seeds 1; " in done.stdout
    assert "these seeds are for tuning: what they show proves nothing" in done.stdout


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["realism"], "a market or a tape was expected, was neither"),
        (["realism", "toy", "--tape", "x"], "a market or a tape was expected, was both"),
        (["realism", "toy", "--seeds", "9"], "--seeds 9: realism has 8 such seeds"),
        (["realism", "toi"], "nothing that could be measured is called 'toi'"),
        (["realism", "reduced"], "the model reduced makes no order messages"),
        (["realism", "decision_flood"], "makes no order messages"),
    ],
)
def test_what_cannot_be_measured_is_a_usage_error(toy: None, words: list[str], reason: str) -> None:
    """Exit 2, with what was wrong."""
    error = said(*words).exception

    assert isinstance(error, UsageError)
    assert reason in error.reason


@pytest.mark.parametrize("words", [["realism", "no_such_scenario"], ["realism", "toy", "--bands", "realizm"]])
def test_what_is_not_there_is_said(toy: None, words: list[str]) -> None:
    """Exit 3, as for any name of a document."""
    error = said(*words).exception

    assert isinstance(error, StressError)
    assert error.exit_code == ExitCode.INVALID_DOCUMENT


def test_a_tape_is_measured_and_not_judged(tape: Path) -> None:
    """Exit 0, each figure with and without the first ten minutes; what so short a day does not tell is a dash."""
    done = said("realism", "--tape", tape)
    lines = {line.split()[0]: line.split()[-2:] for line in done.stdout.splitlines() if line.startswith("  ")}

    assert done.exit_code == ExitCode.PASS
    assert "nothing is judged" in done.stdout.splitlines()[0]
    assert lines["messages"] == ["0", "3"]
    assert lines["crossed_messages"] == ["0", "0"]


def test_a_tape_in_json(tape: Path) -> None:
    """Figures by name; what was not measured is null."""
    found = json.loads(said("realism", "--tape", tape, "--json").stdout)
    figures = {each["figure"]: each for each in found["figures"]}

    assert (found["schema"], found["skip_s"]) == ("stress.realism_tape/1", 600)
    assert figures["messages"]["whole_day"] == 3
    assert figures["return_kurtosis_1s"] == {"figure": "return_kurtosis_1s", "value": None, "whole_day": None}


def test_a_real_day_lies_in_every_band(stress: Stress) -> None:
    """As a person would see it."""
    done = stress("realism", "--tape", real("AMZN"))

    assert (done.code, done.err) == (0, "")
    assert "not in the band" not in done.out
    assert "return_kurtosis_1s                 15 to 100           34.4       35" in done.out


@pytest.mark.parametrize("words", [["realism", "--tape"], ["calibrate", "market", "--tape"]])
def test_bars_are_no_order_messages(tmp_path: Path, words: list[str]) -> None:
    """Exit 2: another tape is needed."""
    bars = write_bars(tmp_path / "bars.csv", still((0, 60, 120)))
    error = said(*words, bars).exception

    assert isinstance(error, UsageError)
    assert error.reason == "bars.csv holds bars, and they have no order messages"


@pytest.mark.parametrize("words", [["realism", "--tape"], ["calibrate", "market", "--tape"]])
def test_a_tape_that_is_not_there_is_not_ready(tmp_path: Path, words: list[str]) -> None:
    """Exit 4."""
    assert isinstance(said(*words, tmp_path / "nothing").exception, NotReadyError)


def test_a_day_that_says_too_little_is_not_fitted_to(tape: Path) -> None:
    """Exit 2, with what was expected."""
    error = said("calibrate", "market", "--tape", tape).exception

    assert isinstance(error, UsageError)
    assert "cannot be fitted to: a day of at least 5,000 messages" in error.reason


def test_a_fitted_flow_is_no_json(tape: Path) -> None:
    """It is YAML, to be pasted; the targets alone are JSON too."""
    error = said("calibrate", "market", "--tape", tape, "--json").exception

    assert isinstance(error, UsageError)
    assert error.reason == "the fitted flow is YAML"


@pytest.mark.long
def test_a_real_day_is_fitted_to_and_the_block_is_a_valid_flow(tmp_path: Path) -> None:
    """What is written can be pasted below an instrument: it binds to the document of a flow."""
    out = tmp_path / "amzn.yaml"
    done = said("calibrate", "market", "--tape", real("AMZN"), "--quiet", "--out", out)
    read = yaml.safe_load(out.read_text(encoding="utf-8"))

    assert (done.exit_code, done.stdout) == (0, "")
    assert list(read) == ["flow"]
    assert isinstance(bind(FlowDocument, read["flow"]), FlowDocument)


def test_calibration_targets_are_a_table(tape: Path) -> None:
    """Name, value, unit and definition, a line each; and the same as JSON."""
    table = said("calibrate", "market", "--tape", tape, "--targets")
    found = json.loads(said("calibrate", "market", "--tape", tape, "--targets", "--json").stdout)
    values = {each["name"]: each["value"] for each in found["targets"]}

    assert table.exit_code == 0
    assert table.stdout.splitlines()[0] == f"calibration targets of {tape.name}, the whole day"
    assert len(table.stdout.splitlines()) == 1 + len(values)
    assert (values["messages"], values["add_share"], values["hidden_share"]) == (3, 1, 0)
    assert values["next_add_after_hidden"] is None
