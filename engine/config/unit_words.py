"""The unit at the end of a key, as a person writes it after a number."""

from __future__ import annotations

_UNITS = {
    "pct": "%",
    "bps": "bps",
    "usd": "USD",
    "ns": "ns",
    "us": "µs",
    "ms": "ms",
    "s": "s",
    "min": "min",
    "h": "h",
    "days": "days",
    "shares": "shares",
    "ticks": "ticks",
    "mb": "MB",
    "kb": "KB",
    "bytes": "bytes",
    "hz": "Hz",
}


def unit_of(key: str) -> str:
    """The unit that the name *key* ends in (``drop_pct`` is ``%``, ``order_rate_per_s`` is ``/s``), or nothing."""
    parts = key.split("_")
    if len(parts) < 2 or parts[-1] not in _UNITS:
        return ""
    unit = _UNITS[parts[-1]]
    return f"/{unit}" if parts[-2] == "per" else unit


_SPELT = {
    "%": "percent",
    "bps": "basis points",
    "USD": "US dollars",
    "ns": "nanoseconds",
    "µs": "microseconds",
    "ms": "milliseconds",
    "s": "seconds",
    "min": "minutes",
    "h": "hours",
}


def spelt(unit: str) -> str:
    """*unit* as words of a sentence: ``seconds``, ``units per second``."""
    if unit.startswith("/"):
        return f"units per {_SPELT.get(unit[1:], unit[1:]).removesuffix('s')}"
    return _SPELT.get(unit, unit)


def with_unit(number: float, unit: str) -> str:
    """``40 %``, ``5 s``, ``3/s``."""
    figure = f"{number:.15g}" if isinstance(number, float) else str(number)
    return f"{figure}{unit}" if unit.startswith("/") else f"{figure} {unit}".rstrip()


_WRITTEN = {
    **{unit.lower(): unit for unit in _UNITS.values()},
    **_UNITS,
    **{word: unit for unit, word in _SPELT.items()},
    **{word.removesuffix("s"): unit for unit, word in _SPELT.items()},
    **{"sec": "s", "secs": "s", "mins": "min", "hrs": "h", "dollars": "USD", "dollar": "USD", "$": "USD", "bp": "bps"},
    **{"us dollars": "USD", "msec": "ms", "μs": "µs"},
}
"""Units as people write them after a number, in small letters."""

_NS = {"ns": 1, "µs": 10**3, "ms": 10**6, "s": 10**9, "min": 60 * 10**9, "h": 3600 * 10**9}
_TIMES = {"k": 10**3, "m": 10**6, "mn": 10**6, "mio": 10**6, "million": 10**6, "bn": 10**9, "billion": 10**9}


def converted(number: float, word: str, unit: str) -> float | None:
    """*number* with the word that a person wrote behind it, in *unit* (``5 min`` in s is 300); None if unknown."""
    small = word.lower()
    written = "min" if small == "m" and unit in _NS else _WRITTEN.get(small)
    if written == unit and unit:
        return number
    if written in _NS and unit in _NS:
        return number * _NS[written] / _NS[unit]
    if written == "%" and unit == "bps":
        return number * 100
    return number * _TIMES[small] if small in _TIMES and unit not in _NS else None


def is_unit(word: str) -> bool:
    """Whether *word* is a unit as people write it after a number."""
    return word.lower() in _WRITTEN
