"""What changed between two limits documents: each limit old and new, and whether that lets more through or less.

``tightened`` and ``loosened`` say what an order meets, ``changed`` is neither; ``added`` or ``removed`` is a limit that
only one of the two gives. Taking a compulsory limit out denies every order that needs it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from engine.trading.limits import Limits

Value = float | str | None

LONGER_IS_TIGHTER = frozenset({"window_ms", "slicing_ms", "margin_pct"})
"""Numbers of which a higher one lets less through."""
NEITHER = frozenset(
    {"version", "effective_from", "title", "limits", "approved_by", "capital_usd", "slice_ms", "sector"}
)
"""What is written down and meets no order by itself; capital is what losses and leverage are measured against."""


class Change(StrEnum):
    """What became of one limit."""

    TIGHTENED = "tightened"
    LOOSENED = "loosened"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


class Difference(NamedTuple):
    """One limit that is not the same: its place in the document, what it was and is, and what that means."""

    limit: str
    old: Value
    new: Value
    change: Change


def limits_diff(old: Limits, new: Limits) -> tuple[Difference, ...]:
    """Every difference, in the order of the documents' keys."""
    before, after = dict(_flat(old)), dict(_flat(new))
    names = [*before, *(name for name in after if name not in before)]
    return tuple(
        Difference(name, before.get(name), after.get(name), _change(name, before.get(name), after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    )


def _change(name: str, old: Value, new: Value) -> Change:
    if old is None or new is None:
        return Change.ADDED if old is None else Change.REMOVED
    last = name.rpartition(".")[2]
    if last in NEITHER:
        return Change.CHANGED
    if isinstance(old, str) or isinstance(new, str):
        return _change_of_list(last, str(old), str(new))
    tighter = new > old if last in LONGER_IS_TIGHTER else new < old
    return Change.TIGHTENED if tighter else Change.LOOSENED


def _change_of_list(last: str, old: str, new: str) -> Change:
    """A longer list of what is forbidden, or a shorter one of what is allowed, is tighter; of neither, it changed."""
    before, after = set(old.split(", ")) - {""}, set(new.split(", ")) - {""}
    if last == "may_trade":
        before, after = after, before
    if before < after:
        return Change.TIGHTENED
    return Change.LOOSENED if after < before else Change.CHANGED


def _flat(document: object, place: str = "") -> Iterator[tuple[str, Value]]:
    """Every number and text with its place, such as ``instrument.SPY.order_qty_shares.hard``; lists as one text."""
    if isinstance(document, bool) or document is None:
        return
    if isinstance(document, int | float | str):
        yield place, document
    elif isinstance(document, tuple):
        yield place, ", ".join(sorted(str(item) for item in document))
    elif isinstance(document, Mapping):
        for name, value in document.items():
            yield from _flat(value, f"{place}.{name}" if place else str(name))
    elif dataclasses.is_dataclass(document):
        for each in dataclasses.fields(document):
            yield from _flat(getattr(document, each.name), f"{place}.{each.name}" if place else each.name)
