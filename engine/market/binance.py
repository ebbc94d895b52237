"""A raw Binance feed as it was received: one line per message, the receiver's clock, a blank, the exchange's JSON.

The streams ``depthUpdate``, ``bookTicker`` and ``trade`` (developers.binance.com, "WebSocket Streams" of spot and of
USDⓈ-M futures), and the answer of the REST call for the depth snapshot, which has no ``stream``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.base.units import NS_PER_MS
from engine.market.data_check_rows import rows
from engine.market.tape_rows import ANEW, TapeError

_LINE = re.compile(r"(\d{18,19}) (\{.*\})")
_NS_MAX = 2**63
_PRICE_MAX = 1e12
LOOKED_FOR = "a Binance feed (each line: local time in ns, a blank, the JSON message)"


@dataclass(frozen=True, slots=True)
class Depth:
    """Changed levels. ``first_id`` to ``last_id`` are the updates in it; ``before_id`` the last one before, if said."""

    first_id: int
    last_id: int
    before_id: int | None
    levels: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The whole book as of update ``last_id``, asked for beside the stream."""

    last_id: int
    levels: int


@dataclass(frozen=True, slots=True)
class BestQuote:
    """The best bid and ask, as written; 0 where that side is empty."""

    bid: float
    ask: float


@dataclass(frozen=True, slots=True)
class Trade:
    """A trade and its price."""

    price: float


@dataclass(frozen=True, slots=True)
class Message:
    """One line of the feed. ``said`` is None for a stream that is not read."""

    row: int
    local_ns: int
    exchange_ns: int | None
    """When the exchange sent it; None where the message does not say."""
    symbol: str
    stream: str
    json_bytes: int
    said: Depth | Snapshot | BestQuote | Trade | None


def is_binance(first_row: str) -> bool:
    """Whether a file that begins so is such a feed."""
    return _LINE.fullmatch(first_row) is not None


def messages(path: Path) -> Iterator[Message]:
    """The messages of the feed in the order of the file. Raise TapeError, with file and row, at the first bad one."""
    for row, line in rows(path):
        try:
            yield _message(row, line)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise TapeError(f"{path.name} row {row}: {_words(error)}", ANEW) from error


def _message(row: int, line: str) -> Message:
    match = _LINE.fullmatch(line)
    if match is None:
        raise ValueError(f"local time in ns, a blank and a JSON object were expected, was {line[:40]!r}")
    outer = json.loads(match[2])
    data = outer["data"] if "stream" in outer else outer
    sent_ms = data.get("E")
    return Message(
        row=row,
        local_ns=_time_ns(int(match[1])),
        exchange_ns=None if sent_ms is None else _time_ns(int(sent_ms) * NS_PER_MS),
        symbol=str(data.get("s", "")),
        stream=str(outer.get("stream", "snapshot")).partition("@")[2] or "snapshot",
        json_bytes=len(match[2]),
        said=_said(data, asked="stream" not in outer, stream=str(outer.get("stream", ""))),
    )


def _said(data: dict[str, Any], *, asked: bool, stream: str) -> Depth | Snapshot | BestQuote | Trade | None:
    if asked:
        return Snapshot(int(data["lastUpdateId"]), len(data["bids"]) + len(data["asks"]))
    if data.get("e") == "depthUpdate":
        before = data.get("pu")
        return Depth(
            int(data["U"]), int(data["u"]), None if before is None else int(before), len(data["b"]) + len(data["a"])
        )
    if data.get("e") == "trade":
        return Trade(_price(data["p"], at_least=1e-12))
    if stream.endswith("@bookTicker"):  # on spot it carries no event name
        return BestQuote(_price(data["b"]), _price(data["a"]))
    return None


def _time_ns(t_ns: int) -> int:
    if not 0 <= t_ns < _NS_MAX:
        raise ValueError(f"a time between 1970 and 2262 was expected, was {t_ns} ns")
    return t_ns


def _price(written: str, at_least: float = 0.0) -> float:
    price = float(written)
    if not at_least <= price <= _PRICE_MAX:  # written so that NaN is refused too
        raise ValueError(f"a price was expected, was {written!r}")
    return price


def _words(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"the JSON is broken at character {error.pos}: {error.msg}"
    if isinstance(error, KeyError):
        return f"the message has no field {error}"
    if isinstance(error, ValueError):
        return str(error)
    return "the message is not built as Binance's are"
