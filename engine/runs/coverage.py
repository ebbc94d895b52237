"""Which controls a suite showed at work: computed from what its runs left behind, never declared.

A control is tested when in one run a gate on one of its metrics was decided and, where it names reason codes, an order
was denied with such a code and none of those came to the venue, and another was approved and did come there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from engine.base.words import counted, listing
from engine.gates.controls import ControlEntry, Controls
from engine.gates.verdict import Verdict
from engine.runs.result import GateResult, Result
from engine.runs.suite_result import CoverageRow

HELD = "tested and held"
FAILED = "tested and failed"
NOT_TESTED = "not tested"
OUTSIDE = "outside this tool"
STATUSES = (FAILED, HELD, NOT_TESTED, OUTSIDE)

_DECIDED = (Verdict.PASS, Verdict.WARN, Verdict.FAIL)
_UNFIT = (Verdict.INVALID, Verdict.ABORTED)
"""Runs that prove nothing; a gate that failed in one has failed all the same."""


class _Shown(NamedTuple):
    """What one run showed of one control."""

    result: Result
    gates: tuple[GateResult, ...]
    """Its gates that were decided."""
    denied: dict[str, int]
    leaked: dict[str, int]

    @property
    def failed(self) -> bool:
        """Whether a gate of it failed, or an order came to the venue that was denied for it."""
        return bool(self.leaked) or any(gate.verdict == Verdict.FAIL for gate in self.gates)


def coverage(controls: Controls, results: Sequence[Result]) -> tuple[CoverageRow, ...]:
    """A row for each control of the catalogue, in its order, from the *results* of a suite's runs."""
    return tuple(_row(entry, [_shown(entry, result) for result in results]) for entry in controls.entries)


def _shown(entry: ControlEntry, result: Result) -> _Shown:
    reasons = set(entry.reasons)
    gates = (gate for gate in result.gates if gate.metric in entry.metrics or entry.tag in gate.controls)
    decided = tuple(gate for gate in gates if gate.verdict in _DECIDED)
    if result.verdict in _UNFIT:
        decided = tuple(gate for gate in decided if gate.verdict == Verdict.FAIL)
    return _Shown(
        result,
        decided,
        {code: n for code, n in result.decisions.denied.items() if code in reasons},
        {code: n for code, n in result.decisions.denied_at_venue.items() if code in reasons},
    )


def _row(entry: ControlEntry, shown: Sequence[_Shown]) -> CoverageRow:
    failed = [each for each in shown if each.failed]
    tested = [each for each in shown if not _missing(entry, each)]
    if entry.outside is not None:
        return _untested(entry, OUTSIDE, entry.outside)
    if not entry.metrics and not entry.reasons and not failed and not tested:
        return _untested(entry, NOT_TESTED, "this version has neither a metric nor a reason code for it")
    if failed:
        return _tested(entry, FAILED, failed, _what_failed(failed))
    if tested:
        return _tested(entry, HELD, tested, _what_held(tested))
    nearest = min((_missing(entry, each) for each in shown), key=len, default=["a run"])
    return _untested(entry, NOT_TESTED, f"no run showed {' and '.join(nearest)}")


def _missing(entry: ControlEntry, shown: _Shown) -> list[str]:
    """What one run lacks to have tested the control; nothing if it has."""
    missing = []
    if entry.reasons and not shown.denied:
        missing.append(f"a denial with {_either(entry.reasons)}")
    if entry.reasons and not shown.result.decisions.approved_at_venue:
        missing.append("an approved order at the venue")
    if not shown.gates:
        missing.append(f"a decided gate on {_either(entry.metrics)}" if entry.metrics else "a decided gate of it")
    return missing


def _either(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"one of {listing(words, 4)}"


def _what_held(shown: Sequence[_Shown]) -> str:
    decided = f"{counted(len(_gates(shown)), 'gate')} held"
    denied = sum(sum(each.denied.values()) for each in shown)
    if not denied:
        return decided
    allowed = sum(each.result.decisions.approved_at_venue for each in shown)
    return f"{counted(denied, 'order')} denied and none of them at the venue, {allowed:,} approved there; {decided}"


def _what_failed(shown: Sequence[_Shown]) -> str:
    leaked = Counter(code for each in shown for code in each.leaked)
    came = f"denied with {listing(sorted(leaked))} and accepted by the venue all the same" if leaked else ""
    gates = [gate.id for each in shown for gate in each.gates if gate.verdict == Verdict.FAIL]
    said = f"failed: {listing(list(dict.fromkeys(gates)))}" if gates else ""
    return "; ".join(part for part in (came, said) if part)


def _tested(entry: ControlEntry, status: str, shown: Sequence[_Shown], why: str) -> CoverageRow:
    denied: Counter[str] = Counter()
    for each in shown:
        denied.update(each.denied)
    unseen = tuple(code for code in entry.reasons if code not in denied)
    if denied and unseen:
        why += f"; not seen: {listing(unseen, 4)}"
    return CoverageRow(
        tag=entry.tag,
        rule=entry.rule,
        status=status,
        clock=listing(sorted({each.result.clock.mode for each in shown})),
        why=why,
        denied=dict(sorted(denied.items())),
        unseen=unseen,
        gates=_gates(shown),
        scenarios=tuple(dict.fromkeys(each.result.scenario for each in shown)),
        grade=entry.grade,
    )


def _untested(entry: ControlEntry, status: str, why: str) -> CoverageRow:
    return CoverageRow(
        tag=entry.tag, rule=entry.rule, status=status, why=why, unseen=tuple(entry.reasons), grade=entry.grade
    )


def _gates(shown: Sequence[_Shown]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(gate.id for each in shown for gate in each.gates))
