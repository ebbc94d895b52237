"""The summary of a run in the terminal: verdict and cause first, then every gate, the worst on top."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from engine.base.units import s_from_ns
from engine.base.words import counted
from engine.cli.terminal import SIGNS, coloured, paint, shown_path
from engine.runs.result import EffectResult, FaultResult, GateResult, Result

COLUMNS = ("gate", "value", "threshold", "margin", "95 % bound", "n", "final at")


def summary(result: Result, folder: Path, again: str, code: int) -> str:
    """The whole summary, ready to print; *again* is the command as it was typed, *code* how the process ends."""
    colour = coloured(sys.stdout)
    parts = [
        _headline(result, colour=colour),
        *_table(result, colour=colour),
        *_must_happen(result, colour=colour),
        "",
        _line("why", result.why),
        *(_line("fault" if place == 0 else "", text) for place, text in enumerate(map(_fault, result.faults))),
        *_findings(result),
        *(_line("without", f"{removed.what} ({removed.reason})") for removed in result.removed),
        *_line_if(
            "changed", ", ".join(result.overrides) + ": such a run never counts for a certificate", result.overrides
        ),
        *_red(result),
        _line("result", f"{shown_path(folder)}/result.json"),
        _line("again", f"{again}      (exit {code})"),
    ]
    return "\n".join(parts)


def _headline(result: Result, *, colour: bool) -> str:
    counts = Counter(gate.verdict for gate in result.gates)
    said = [f"{counts[verdict]} {verdict}" for verdict in SIGNS if counts[verdict]]
    mode = f"{result.clock.mode} {result.clock.played_s:,.0f} s"
    head = f"{result.verdict}  {result.scenario}"
    gates = f"{counted(len(result.gates), 'gate')}: {', '.join(said)}"
    return f"{paint(head, result.verdict, colour=colour)} — {gates} — seed {result.seed}, {mode}"


def _table(result: Result, *, colour: bool) -> Iterator[str]:
    gates = result.gates
    rows = [COLUMNS, *(_row(gate) for gate in gates)]
    left = {0, 2}
    if result.beside is not None:  # one column more: what each gate was worth without the faults
        calm = ["no faults", *(_starred(gate.without_faults_text or "", gate) for gate in gates)]
        rows = [(*row[:2], cell, *row[2:]) for row, cell in zip(rows, calm, strict=True)]
        left = {0, 3}
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    yield "   " + " " * 14 + _cells(rows[0], widths, left)
    for gate, row in zip(gates, rows[1:], strict=True):
        sign = paint(f"{SIGNS[gate.verdict]} {gate.verdict:<12}", gate.verdict, colour=colour)
        yield f"   {sign}{_cells(row, widths, left)}".rstrip()


def _row(gate: GateResult) -> tuple[str, ...]:
    phase = {"before_faults": " (before)", "after_faults": " (after)"}.get(gate.phase, "")
    margin = "" if gate.margin_pct is None else f"{max(gate.margin_pct, -999.0):+.0f} %"
    return (
        gate.id + phase,
        _starred(gate.value_text, gate),
        gate.fail.removesuffix(f" {gate.unit}") if gate.fail.startswith("must be ") else gate.fail,
        margin,
        gate.ci,
        f"{gate.n:,}",
        f"t={s_from_ns(gate.decided_at_ns):,.1f} s",
    )


def _starred(text: str, gate: GateResult) -> str:
    """A value with the mark of what was modelled, and not measured."""
    return f"{text} *" if gate.basis == "modelled" else text


def _cells(row: tuple[str, ...], widths: list[int], left: set[int]) -> str:
    return "  ".join(
        cell.ljust(width) if place in left else cell.rjust(width)
        for place, (cell, width) in enumerate(zip(row, widths, strict=True))
    )


def _must_happen(result: Result, *, colour: bool) -> Iterator[str]:
    for event in result.must_happen:
        sign = paint(f"{SIGNS[event.verdict]} {event.verdict:<12}", event.verdict, colour=colour)
        first = f", first at t={s_from_ns(event.first_ns):,.1f} s" if event.first_ns is not None else ""
        early = f", {event.before:,} before the first fault do not count" if event.before else ""
        yield f"   {sign}{event.event} must happen: {counted(event.count, 'time')}{first}{early}"
    if any(gate.basis == "modelled" for gate in result.gates):
        yield "   * modelled: computed from the service-time profile, not measured"


def _fault(fault: FaultResult) -> str:
    span = f"{s_from_ns(fault.t0_ns):,.0f}–{s_from_ns(fault.heal_ns):,.0f} s"
    if fault.skipped:
        return f"{span}  {fault.id} ({fault.fault})  SKIPPED: {fault.skipped}"
    seen = ", ".join(
        f"{effect.metric} {'unknown' if effect.value is None else f'{effect.value:.4g}'} {effect.unit}"
        f" ({_asked(effect)})"
        for effect in fault.effects
    )
    return f"{span}  {fault.id} ({fault.fault})  {seen or 'not reached'}"


def _asked(effect: EffectResult) -> str:
    """What was asked of a fault, and whether it did that."""
    most = "" if effect.most is None else f", at most {effect.most:.4g}"
    too_much = effect.value is not None and effect.most is not None and effect.value > effect.most
    missed = "" if effect.held else ", OVERSHOT" if too_much else ", DID NOT BITE"
    return f"{effect.needed:.4g} needed{most}{missed}"


def _findings(result: Result) -> Iterator[str]:
    for place, found in enumerate(result.findings):
        verdict = f"{found.verdict}: " if found.verdict else ""
        yield _line("found" if place == 0 else "", f"{verdict}{found.text}")


def _red(result: Result) -> Iterator[str]:
    """Each failed gate once more, with its place, for editors and for grep."""
    for gate in result.gates:
        if gate.verdict == "FAIL":
            yield ""
            yield f"{gate.file}:{gate.line}: fail[{gate.id}]: {gate.reason.removeprefix(f'{gate.id}: ')}"
            inside = f", faults in force: {', '.join(gate.faults)}" if gate.faults else ""
            yield f"   = window {gate.window}, n={gate.n:,}, seed {result.seed}{inside}"
            if gate.action:
                yield f"   = action: {gate.action}"
            if gate.runbook:
                yield f"   = runbook: stress runbook {gate.runbook}"
    if any(gate.verdict == "FAIL" for gate in result.gates):
        yield ""


def _line(word: str, text: str) -> str:
    return f"{word:<8}{text}"


def _line_if(word: str, text: str, there: object) -> Iterator[str]:
    if there:
        yield _line(word, text)
