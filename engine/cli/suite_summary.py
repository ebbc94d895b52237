"""The summary of a suite in the terminal: verdict and cause first, then a line for each scenario, then the controls."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.base.words import counted, listing
from engine.cli.terminal import SIGNS, coloured, paint, shown_path
from engine.gates.verdict import WORST_FIRST, Verdict
from engine.runs.coverage import FAILED, STATUSES
from engine.runs.suite_result import CoverageRow, SuiteResult, SuiteRun

COLUMNS = ("scenario", "seeds", "gates", "worst margin", "s")
_RIGHT = {4}


def suite_summary(result: SuiteResult, folder: Path, again: str, *, all_controls: bool) -> str:
    """The whole summary, ready to print; *again* is the command as it was typed, *all_controls* a line for each."""
    colour = coloured(sys.stdout)
    lines = [
        _headline(result, colour=colour),
        *_table(result, colour=colour),
        "",
        *_named("why", _whys(result)),
        *_named("note", (f"{run.scenario} s{run.seed}: {note}" for run in result.runs for note in run.notes)),
        *_named("live", _live(result)),
        *_named("control", _controls(result.coverage, everything=all_controls)),
        *_named(
            "changed",
            [f"{', '.join(result.changed)}: such a run never counts for a certificate"] * bool(result.changed),
        ),
        *_named("result", [f"{shown_path(folder)}/suite.json"]),
        *_named("again", [f"{again}      (exit {result.exit_code})"]),
    ]
    return "\n".join(lines)


def _headline(result: SuiteResult, *, colour: bool) -> str:
    head = paint(f"{result.verdict}  suite {result.suite}", result.verdict, colour=colour)
    runs = f"{counted(len(result.runs), 'run')}: {_counts(Counter(run.verdict for run in result.runs))}"
    timing = result.timing
    took = f"{timing['wall_s']:.1f} s with {counted(timing['workers'], 'worker')}"
    return f"{head} — {runs} — simulated, {took}"


def _counts(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[verdict]} {verdict}" for verdict in SIGNS if counts[verdict])


def _table(result: SuiteResult, *, colour: bool) -> Iterator[str]:
    by_scenario: dict[str, list[SuiteRun]] = {}
    for run in result.runs:
        by_scenario.setdefault(run.scenario, []).append(run)
    rows = [(_worst(runs), _row(runs)) for runs in by_scenario.values()]
    widths = [max(len(row[place]) for row in [COLUMNS, *(row for _, row in rows)]) for place in range(len(COLUMNS))]
    yield ("   " + " " * 14 + _cells(COLUMNS, widths)).rstrip()
    for verdict, row in rows:
        sign = paint(f"{SIGNS[verdict]} {verdict:<12}", verdict, colour=colour)
        yield f"   {sign}{_cells(row, widths)}".rstrip()


def _worst(runs: list[SuiteRun]) -> str:
    return min((run.verdict for run in runs), key=lambda verdict: WORST_FIRST.index(Verdict(verdict)))


def _row(runs: list[SuiteRun]) -> tuple[str, ...]:
    gates: Counter[str] = Counter()
    for run in runs:
        gates.update(run.gates)
    margins = [(run.worst_margin_pct, run.worst_gate) for run in runs if run.worst_margin_pct is not None]
    margin_pct, gate = min(margins, default=(None, None))
    played = [run.wall_s for run in runs if run.wall_s is not None]
    return (
        runs[0].scenario,
        str(runs[0].seed) if len(runs) == 1 else counted(len(runs), "seed"),
        _counts(gates),
        "" if margin_pct is None else f"{max(margin_pct, -999.0):+.0f} % {gate}",
        f"{sum(played):.1f}" if played else "",
    )


def _cells(row: tuple[str, ...], widths: list[int]) -> str:
    return "  ".join(
        cell.rjust(width) if place in _RIGHT else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )


def _whys(result: SuiteResult) -> list[str]:
    """The suite's sentence, then that of each run that did not pass."""
    return [result.why, *(f"{run.scenario} s{run.seed}: {run.why}" for run in result.runs if run.verdict != "PASS")]


def _live(result: SuiteResult) -> list[str]:
    if not result.deferred:
        return []
    demanded = f"; the suite demands {listing(list(result.require_measured))}" if result.require_measured else ""
    return [f"only a live run can decide {listing(list(result.deferred))}{demanded}"]


def _controls(rows: tuple[CoverageRow, ...], *, everything: bool) -> list[str]:
    """How many controls have each word; those that failed by name; each of them if *everything* is asked for."""
    counts = Counter(row.status for row in rows)
    said = [", ".join(f"{counts[status]} {status}" for status in STATUSES if counts[status]) + " (simulated)"]
    width = max((len(row.tag) for row in rows), default=0)
    shown = [row for row in rows if everything or row.status == FAILED]
    return said + [f"{row.tag:<{width}}  {row.status:<17}  {row.why}" for row in shown]


def _named(word: str, texts: Iterable[str]) -> Iterator[str]:
    """Lines under one word, which stands before the first."""
    for place, text in enumerate(texts):
        yield f"{word if place == 0 else '':<8}{text}"
