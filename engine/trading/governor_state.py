"""What a governor's restart must not forget, as plain JSON: written, and read back without trust."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from engine.domain.governance import Level
from engine.trading.overrides import Overrides
from engine.trading.past import Past

STATE_SCHEMA = "stress.governor_state/1"


@dataclass(frozen=True, slots=True)
class GovernorMemory:
    """A snapshot that was read."""

    day: str
    limits_order: tuple[str, int]
    """``effective_from`` and ``version`` of the limits that were in force."""
    levels: Mapping[str, Mapping[str, tuple[int, str, int]]]
    peak_micros: float | None
    fallen: tuple[str, ...]
    re_entries: dict[str, int]
    rejects: dict[str, int]
    messages: dict[str, int]
    fills: dict[str, int]
    overrides: tuple[tuple[str, str, str, int], ...]
    sliced: dict[int, int]
    known_upto: int


def written_state(
    *,
    day: str,
    limits_sha: str,
    limits_order: tuple[str, int],
    levels: Mapping[str, Any],
    peak_micros: float | None,
    past: Past,
    overrides: Overrides,
    known_upto: int,
) -> dict[str, Any]:
    """The snapshot of a governor."""
    return {
        "schema": STATE_SCHEMA,
        "day": day,
        "limits_sha256": limits_sha,
        "limits_effective_from": limits_order[0],
        "limits_version": limits_order[1],
        "levels": levels,
        "peak_micros": peak_micros,
        "fallen": sorted(past.fallen),
        "re_entries": dict(past.re_entries),
        "rejects": dict(past.rejects),
        "messages": dict(past.book.messages),
        "fills": dict(past.book.fills),
        "sliced": {str(parent_id): qty for parent_id, qty in past.book.sliced.items() if qty},
        "overrides": overrides.snapshot(),
        "known_upto": known_upto,
    }


def read_state(state: Mapping[str, Any]) -> GovernorMemory | None:
    """A snapshot as :func:`written_state` writes it; None if it is anything else, in whatever way."""
    try:
        return _read(state)
    except (TypeError, ValueError, KeyError, AttributeError):
        return None


def _read(state: Mapping[str, Any]) -> GovernorMemory:
    if state["schema"] != STATE_SCHEMA:
        raise ValueError(f"{STATE_SCHEMA} was expected, was {state['schema']}")
    peak = state["peak_micros"]
    if peak is not None and not isfinite(peak):
        raise ValueError(f"a number was expected as peak_micros, was {peak}")
    levels = {
        name: {
            _text(scope): (_level(level), _text(reason), _count(t_ns)) for scope, (level, reason, t_ns) in held.items()
        }
        for name, held in ((name, state["levels"][name]) for name in ("stopped", "paused"))
    }
    return GovernorMemory(
        day=_text(state["day"]),
        limits_order=(_text(state["limits_effective_from"]), _count(state["limits_version"])),
        levels=levels,
        peak_micros=peak,
        fallen=tuple(_text(symbol) for symbol in state["fallen"]),
        re_entries=_counts(state["re_entries"]),
        rejects=_counts(state["rejects"]),
        messages=_counts(state["messages"]),
        fills=_counts(state["fills"]),
        overrides=tuple((_text(a), _text(b), _text(c), _count(d)) for a, b, c, d in state["overrides"]),
        sliced={int(parent_id): qty for parent_id, qty in _counts(state["sliced"]).items()},
        known_upto=_count(state["known_upto"]),
    )


def _counts(given: Mapping[str, int]) -> dict[str, int]:
    return {_text(name): _count(value) for name, value in given.items()}


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError(f"a whole number from 0 was expected, was {value!r}")
    return value


def _level(value: object) -> int:
    return int(Level(_count(value)))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text was expected, was {value!r}")
    return value
