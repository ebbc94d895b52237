"""Judges what was measured by the bands of a realism document."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from engine.market.realism_document import LEAST_SEEDS, Band, Judge, Realism, RealismFact
from engine.market.realism_run import Measured, spread

Verdict = Literal["PASS", "FAIL", "NO_EVIDENCE"]
_WORST: tuple[Verdict, ...] = ("FAIL", "NO_EVIDENCE", "PASS")


@dataclass(frozen=True)
class FigureFound:
    """One figure against its band."""

    band: Band
    value: float
    """What is judged: the median of the seeds, the pooled figure, or for sanity the worst seed. NaN: not measured."""
    least: float
    most: float
    holds: int
    """On how many seeds it lies in the band (pooled: without how many of the seeds)."""
    verdict: Verdict


@dataclass(frozen=True)
class FactFound:
    """One fact and its figures. The verdict of a fact that is only reported counts for nothing."""

    fact: RealismFact
    figures: tuple[FigureFound, ...]
    verdict: Verdict

    @property
    def gates(self) -> bool:
        """Whether the fact is a gate."""
        return self.fact.judge != "report"


@dataclass(frozen=True)
class Judged:
    """All facts, and the verdict on the market."""

    facts: tuple[FactFound, ...]
    seeds: tuple[int, ...]
    tuning: bool
    """Whether these are seeds that the market may have been tuned on: they prove nothing."""
    verdict: Verdict

    def counted(self, verdict: Verdict) -> int:
        """How many gates on facts, sanity apart, came to *verdict*."""
        return sum(found.verdict == verdict for found in self.facts if found.fact.judge in ("median", "pooled"))

    @property
    def listed(self) -> int:
        """How many gates on facts there are, sanity apart."""
        return sum(found.fact.judge in ("median", "pooled") for found in self.facts)


def judge(document: Realism, measured: Measured) -> Judged:
    """The verdict on each fact, and on all: the worst of the gates.

    On fewer than eight seeds, or on seeds for tuning, no gate can pass or fail; sanity fails on any seed.
    """
    enough = len(measured.seeds) >= LEAST_SEEDS
    tuning = not set(measured.seeds) <= set(document.seeds.judging)
    facts = tuple(_fact(fact, measured, enough=enough) for fact in document.facts)
    gates = [found for found in facts if found.gates]
    counts = [found.verdict for found in gates if not tuning or found.fact.judge == "every_seed"]
    if tuning:
        counts.append("NO_EVIDENCE")
    return Judged(facts, measured.seeds, tuning, _worst(counts))


def _worst(verdicts: list[Verdict]) -> Verdict:
    return min(verdicts, key=_WORST.index, default="NO_EVIDENCE")


def _fact(fact: RealismFact, measured: Measured, *, enough: bool) -> FactFound:
    figures = tuple(_figure(band, fact.judge, measured, enough=enough) for band in fact.bands)
    return FactFound(fact, figures, _worst([found.verdict for found in figures]))


def _figure(band: Band, how: Judge, measured: Measured, *, enough: bool) -> FigureFound:
    values = measured.values(band.figure)
    least, most = spread(values)
    holds = sum(band.holds(value) for value in values)
    if how == "every_seed":
        value = most if band.to is not None else least
        return FigureFound(band, value, least, most, holds, _on_every_seed(values, holds))
    value = measured.value(band.figure)
    if not enough or math.isnan(value):
        return FigureFound(band, value, least, most, holds, "NO_EVIDENCE")
    return FigureFound(band, value, least, most, holds, "PASS" if band.holds(value) else "FAIL")


def _on_every_seed(values: list[float], holds: int) -> Verdict:
    known = sum(not math.isnan(value) for value in values)
    if holds < known:
        return "FAIL"
    return "PASS" if values and known == len(values) else "NO_EVIDENCE"
