"""What the documents of several mechanisms share: times of day, sources, what a stop does with new orders."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from engine.base.keys import key
from engine.base.units import NS_PER_S

PATTERN = r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$"
HUNDRED = Decimal(100)

NewOrders = Literal["collect", "refuse"]


def time_key(doc: str, *, default: str) -> Any:
    """A field that holds a time of day on the exchange's clock."""
    return key(doc, default=default, pattern=PATTERN, pattern_help='a time of day such as "15:25:00"')


def source_key() -> Any:
    """The field that every mechanism must fill: which rule it models, and where that stands."""
    return key("The rule that is modelled, and where it is published", pattern=r"\w{3}", pattern_help="some words")


def new_orders_key() -> Any:
    """The field that says what a stop does with new orders."""
    return key(
        "What becomes of new orders and replaces while trading has stopped: collect keeps those that may rest for the "
        "auction and refuses the others, refuse refuses all; cancels always pass",
        default="collect",
    )


def day_ns(time: str) -> int:
    """Nanoseconds after midnight of ``HH:MM:SS``."""
    hours, minutes, seconds = (int(part) for part in time.split(":"))
    return (hours * 3600 + minutes * 60 + seconds) * NS_PER_S


def exactly(number: float) -> Decimal:
    """A number of a document as it is written there, without the error of binary fractions."""
    return Decimal(str(number))
