"""Numbers and times as a person reads them: ``12.3 ms``, ``1,234 USD``, ``15 %``, ``t=412.3 s``."""

from __future__ import annotations

import math

from engine.base.units import s_from_ns

SIGNS = {"pct": "%", "percent": "%", "usd": "USD", "mb": "MB", "count": ""}
"""Unit words of the keys and what is printed for them; any other unit is printed as it is."""

_MOST_DECIMALS = 15


def sign(unit: str) -> str:
    """What is printed behind a number of this unit."""
    return SIGNS.get(unit.lower(), unit)


def number(value: float, beside: float | None = None) -> str:
    """*value* with three or four figures, and as many more as it takes not to look like *beside* when it is not.

    14.9999 beside the threshold 15 is ``14.9999``, never ``15``.
    """
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    for decimals in range(_decimals(value), _MOST_DECIMALS + 1):
        text = _rounded(value, decimals)
        if beside is None or _same_side(float(text.replace(",", "")), value, beside):
            return text
    return repr(value)


def quantity(value: float, unit: str, beside: float | None = None) -> str:
    """*value* with its unit: ``12.3 ms``."""
    return f"{number(value, beside)} {sign(unit)}".rstrip()


def at_time(t_ns: int) -> str:
    """``t=412.3 s``: simulated time since the clock's start."""
    return f"t={_seconds(t_ns)} s"


def span(start_ns: int, end_ns: int) -> str:
    """``60-1,500 s``: a window of simulated time."""
    return f"{_seconds(start_ns)}-{_seconds(end_ns)} s"


def _seconds(t_ns: int) -> str:
    return _rounded(s_from_ns(t_ns), 1)


def _decimals(value: float) -> int:
    size = abs(value)
    if size == 0 or size >= 1000:
        return 0
    if size >= 10:
        return 1
    return 2 - math.floor(math.log10(size))


def _rounded(value: float, decimals: int) -> str:
    text = f"{value:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _same_side(shown: float, value: float, beside: float) -> bool:
    return (shown > beside) == (value > beside) and (shown < beside) == (value < beside)
