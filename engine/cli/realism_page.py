"""What ``stress realism`` prints: the table of facts, and the same as plain values for JSON."""

from __future__ import annotations

import math
from typing import Any

from engine.cli.terminal import SIGNS, paint
from engine.market.realism_document import Band, Realism
from engine.market.realism_judge import FactFound, FigureFound, Judged
from engine.market.realism_run import Measured
from engine.market.realism_tapes import TAPES

SCHEMA, TAPE_SCHEMA = "stress.realism/1", "stress.realism_tape/1"
_NAME, _BAND, _VALUE, _RANGE, _SEEDS = 34, 15, 9, 20, 6


def page(name: str, document: Realism, judged: Judged, measured: Measured, *, colour: bool) -> str:
    """The verdict and the table, as a person reads them."""
    lines = [f"realism of {name} by {document.realism}: {judged.verdict}", *_summary(document, judged), "", _heading()]
    for found in judged.facts:
        sign = paint(f"{SIGNS[found.verdict]} {_word(found)}", found.verdict, colour=colour)
        lines += ["", f"{sign}  {found.fact.fact}: {found.fact.title}"]
        lines += [_row(figure) for figure in found.figures]
    lines += ["", *_impact(measured)]
    return "\n".join(lines)


def _word(found: FactFound) -> str:
    return found.verdict if found.gates else f"report ({'in' if found.verdict == 'PASS' else 'not in'} band)"


def _summary(document: Realism, judged: Judged) -> list[str]:
    seeds = f"seeds {', '.join(map(str, judged.seeds))}"
    lines = [
        f"{judged.counted('PASS')} of {judged.listed} facts hold, {judged.counted('FAIL')} fail, "
        f"{judged.counted('NO_EVIDENCE')} without evidence; sanity: {_sanity(judged)}",
        f"{seeds}; the first {document.skip_s:g} s of each day left out",
    ]
    if judged.tuning:
        lines.append("these seeds are for tuning: what they show proves nothing")
    elif judged.counted("NO_EVIDENCE") and len(judged.seeds) < len(document.seeds.judging):
        lines.append("too few seeds for a verdict: run it without --seeds")
    return lines


def _sanity(judged: Judged) -> str:
    wrong = [found.fact.fact for found in judged.facts if found.fact.judge == "every_seed" and found.verdict != "PASS"]
    return f"not held: {', '.join(wrong)}" if wrong else "no violation in any seed"


def _heading() -> str:
    tapes = "".join(f"{name:>{_VALUE}}" for name in TAPES)
    return (
        f"  {'figure':<{_NAME}} {'band':<{_BAND}}{'median':>{_VALUE}}  {'least to most':<{_RANGE}}{'holds':>{_SEEDS}}"
        + tapes
    )


def _row(found: FigureFound) -> str:
    figure = found.band.figure
    among = f"{shown(found.least)} to {shown(found.most)}"
    tapes = "".join(f"{shown(tape.get(figure, math.nan)):>{_VALUE}}" for tape in TAPES.values())
    return (
        f"  {figure:<{_NAME}} {shown_band(found.band):<{_BAND}}{shown(found.value):>{_VALUE}}  {among:<{_RANGE}}"
        f"{found.holds:>{_SEEDS}}{tapes}"
    )


def shown_band(band: Band) -> str:
    """``15 to 100``, ``at least 0.02``, ``at most 1``."""
    if band.from_ is None:
        return f"at most {band.to:g}"
    return f"at least {band.from_:g}" if band.to is None else f"{band.from_:g} to {band.to:g}"


def shown(value: float) -> str:
    """A figure with three digits that count; a dash where nothing was measured."""
    if not math.isfinite(value):
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _impact(measured: Measured) -> list[str]:
    """What the impact figures are made of, a line per size."""
    lines = ["metaorders: mean move of the mid in their direction, in basis points, with its standard error"]
    for size in measured.pooled.sizes:
        later = f"{1e4 * size.later:.2f} ± {1e4 * size.later_error:.2f}" if math.isfinite(size.later) else "–"
        lines.append(
            f"  {100 * size.share_of_volume:6.2f} % of the day's volume, {2 * size.pairs} runs: "
            f"at the end {1e4 * size.peak:.2f} ± {1e4 * size.peak_error:.2f}, at three durations {later}"
        )
    return lines


def document_of(name: str, document: Realism, judged: Judged, measured: Measured) -> dict[str, Any]:
    """The same as the document ``stress.realism/1``."""
    return {
        "schema": SCHEMA,
        "market": name,
        "bands": document.realism,
        "verdict": judged.verdict,
        "seeds": list(judged.seeds),
        "tuning": judged.tuning,
        "facts_listed": judged.listed,
        "facts_held": judged.counted("PASS"),
        "skip_s": document.skip_s,
        "facts": [_fact(found, measured) for found in judged.facts],
        "metaorders": [
            {
                "share_of_volume": _plain(size.share_of_volume),
                "runs": 2 * size.pairs,
                "peak_bps": _plain(1e4 * size.peak),
                "peak_error_bps": _plain(1e4 * size.peak_error),
                "later_bps": _plain(1e4 * size.later),
                "later_error_bps": _plain(1e4 * size.later_error),
            }
            for size in measured.pooled.sizes
        ],
    }


def _fact(found: FactFound, measured: Measured) -> dict[str, Any]:
    return {
        "fact": found.fact.fact,
        "title": found.fact.title,
        "judge": found.fact.judge,
        "verdict": found.verdict,
        "figures": [
            {
                "figure": figure.band.figure,
                "from": figure.band.from_,
                "to": figure.band.to,
                "value": _plain(figure.value),
                "by_seed": [_plain(value) for value in measured.values(figure.band.figure)],
                "holds": figure.holds,
                "tapes": {name: tape.get(figure.band.figure) for name, tape in TAPES.items()},
                "verdict": figure.verdict,
            }
            for figure in found.figures
        ],
    }


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None


def tape_page(name: str, document: Realism, gated: dict[str, float], whole: dict[str, float]) -> str:
    """The figures of a real day beside the bands."""
    banded = {band.figure: band for fact in document.facts for band in fact.bands}
    lines = [
        f"realism figures of {name}; nothing is judged",
        f"without: the first {document.skip_s:g} s left out, as the gates do; whole: the whole day.",
        "The shape of the day and sanity are about the whole day in both.",
        "",
        f"  {'figure':<{_NAME}} {'band':<{_BAND}}{'without':>{_VALUE}}{'whole':>{_VALUE}}",
    ]
    for figure, value in gated.items():
        band = banded.get(figure)
        out = "  not in the band" if band and not (band.holds(value) and band.holds(whole[figure])) else ""
        lines.append(
            f"  {figure:<{_NAME}} {shown_band(band) if band else '':<{_BAND}}{shown(value):>{_VALUE}}"
            f"{shown(whole[figure]):>{_VALUE}}{out}"
        )
    return "\n".join(lines)


def tape_document(name: str, document: Realism, gated: dict[str, float], whole: dict[str, float]) -> dict[str, Any]:
    """The same as the document ``stress.realism_tape/1``."""
    return {
        "schema": TAPE_SCHEMA,
        "tape": name,
        "skip_s": document.skip_s,
        "figures": [
            {"figure": figure, "value": _plain(value), "whole_day": _plain(whole[figure])}
            for figure, value in gated.items()
        ],
    }
