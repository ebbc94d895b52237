"""Units of time and money, and the conversions between YAML numbers and exact integers.

Simulated time is an ``int`` of nanoseconds since ``clock.start``. Money and prices are an ``int`` of
micro-dollars (``1 USD = 1_000_000``): exact, and wide enough (int64 holds 9.2e12 USD).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation, Overflow

NS_PER_US = 1_000
NS_PER_MS = 1_000_000
NS_PER_S = 1_000_000_000
MICROS_PER_USD = 1_000_000


def ns_from_s(seconds: float) -> int:
    """Nanoseconds in *seconds*, rounded to the nearest."""
    return round(seconds * NS_PER_S)


def ns_from_ms(milliseconds: float) -> int:
    """Nanoseconds in *milliseconds*, rounded to the nearest."""
    return round(milliseconds * NS_PER_MS)


def s_from_ns(t_ns: int) -> float:
    """Seconds in *t_ns* nanoseconds."""
    return t_ns / NS_PER_S


def micros_from_usd(usd: float | str | Decimal) -> int:
    """Micro-dollars in *usd*, exactly.

    Raise :exc:`ValueError` if the amount has more than six decimals or is not finite.
    """
    try:
        micros = Decimal(str(usd)) * MICROS_PER_USD
    except (InvalidOperation, Overflow):
        raise ValueError(f"an amount in USD was expected, was {usd!r}") from None
    if not micros.is_finite() or micros != micros.to_integral_value():
        raise ValueError(f"an amount in USD with at most six decimals was expected, was {usd!r}")
    return int(micros)


def usd_from_micros(micros: int | float) -> float:
    """Dollars in *micros* micro-dollars, for display and statistics only."""
    return micros / MICROS_PER_USD
