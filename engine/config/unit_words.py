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


def with_unit(number: float, unit: str) -> str:
    """``40 %``, ``5 s``, ``3/s``."""
    figure = f"{number:.15g}" if isinstance(number, float) else str(number)
    return f"{figure}{unit}" if unit.startswith("/") else f"{figure} {unit}".rstrip()


def unit_words() -> frozenset[str]:
    """Every word that a person may have written after a number, as a suffix or as shown."""
    return (
        frozenset(_UNITS)
        | frozenset(unit.lower() for unit in _UNITS.values())
        | {"sec", "seconds", "percent", "$", "bp"}
    )
