"""A fitted flow as a YAML block, ready to be pasted below an instrument, with what was aimed at and reached."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from engine.market.calibrate_flow import KNOBS, Fitted
from engine.market.calibrate_moments import MOMENTS

DIRECT = {
    "takers.metaorder_exponent": "from the memory of the aggressors' sides",
    "takers.lone_pct": "from the same",
    "sizes.lot_pct": "as on the tape",
    "sizes.odd_pct": "as on the tape",
    "activity.half_hours": "as on the tape",
    "uncertainty.half_hours": "volatility over the root of the messages, as on the tape",
}
"""What was taken over from the tape without a search."""


def block(fitted: Fitted, name: str) -> str:
    """The YAML text. Figures without a comment are shipped ones: this tape does not tell them."""
    lines = [
        f"# Fitted to {name}. Reached: the median of days that the search did not look at.",
        *_table(fitted),
        "flow:",
    ]
    return "\n".join([*lines, *_mapping(fitted, fitted.document, "", "  ")]) + "\n"


def _table(fitted: Fitted) -> Iterator[str]:
    """Aimed at and reached, a line for each figure; those that no knob is for are marked."""
    searched = {knob.moment for knob in KNOBS}
    yield f"# {'figure':<30}{'tape':>10}{'reached':>10}"
    for name in MOMENTS:
        mark = "" if name in searched else "  not fitted"
        yield f"# {name:<30}{_shown(fitted.target[name]):>10}{_shown(fitted.achieved[name]):>10}{mark}"


def _shown(value: float) -> str:
    return f"{value:.4g}" if math.isfinite(value) else "-"


def _mapping(fitted: Fitted, part: object, path: str, indent: str) -> Iterator[str]:
    for field in fields(part):  # type: ignore[arg-type]
        value, here = getattr(part, field.name), f"{path}{field.name}"
        if is_dataclass(value):
            yield f"{indent}{field.name}:"
            yield from _mapping(fitted, value, f"{here}.", f"{indent}  ")
        else:
            listed = isinstance(value, tuple)
            entry = f"{indent}{field.name}:" if listed else f"{indent}{field.name}: {_value(value)}"
            comment = _comment(fitted, here)
            yield f"{entry:<40}  # {comment}" if comment else entry
            yield from (f"{indent}  - {_value(each)}" for each in (value if listed else ()))


def _value(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _comment(fitted: Fitted, path: str) -> str:
    """What the figure was turned by, or where it was taken from."""
    for knob in KNOBS:
        if path in knob.paths:
            aim, reached = fitted.target[knob.moment], fitted.achieved[knob.moment]
            return f"{knob.moment}: tape {_shown(aim)}, reached {_shown(reached)}"
    return DIRECT.get(path, "")
