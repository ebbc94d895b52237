"""What a check of market data says: the report, its findings by code, and both as plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from engine.base.units import NS_PER_MS, NS_PER_S
from engine.market.conformance import Conformance
from engine.market.facts import Fact
from engine.market.quality import CODES, DataFinding, Findings

SCHEMA = "stress.data/1"
_MS_PER_S = 1000


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last instant of a tape by the exchange's clock, and the zone in which they are written."""

    first: str
    last: str
    zone: str


@dataclass(frozen=True, slots=True)
class CodeFound:
    """All findings of one code: how many, what the code means, and those that were kept."""

    code: str
    count: int
    means: str
    found: tuple[DataFinding, ...]
    """By row. The last one kept also stands for those after it."""


@dataclass(frozen=True, slots=True)
class TapeReport:
    """What one tape contains and what is odd about it."""

    kind: str
    """lobster, bars, binance_feed or bitstamp_orders."""
    form: str
    """The kind in words, with the dialect of the file."""
    files: tuple[tuple[str, str], ...]
    """Name and sha256 of each file."""
    symbol: str | None
    """None where the data do not name it."""
    span: Span | None
    """None where no row carries a time of the exchange."""
    rows: int
    """Rows read, without a header; of a LOBSTER day those of the message file."""
    findings: tuple[CodeFound, ...]
    facts: tuple[Fact, ...]
    conformance: Conformance | None
    """Of LOBSTER only: whether the messages explain the book."""


def by_code(findings: Findings) -> tuple[CodeFound, ...]:
    """The findings of a tape, grouped by code in the order of their names."""
    kept = findings.found()
    return tuple(
        CodeFound(code, count, CODES[code], tuple(each for each in kept if each.code == code))
        for code, count in findings.totals().items()
    )


def utc_span(first_ns: int, last_ns: int) -> Span:
    """A span of nanoseconds since 1970-01-01 UTC."""
    return Span(_written(first_ns), _written(last_ns), "UTC")


def new_york_span(day: str, first_ns: int, last_ns: int) -> Span:
    """A span of nanoseconds after midnight in New York on *day* (``2012-06-21``)."""
    midnight = datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)
    since_ns = int(midnight.timestamp()) * NS_PER_S
    return Span(_written(since_ns + first_ns), _written(since_ns + last_ns), "America/New_York")


def _written(t_ns: int) -> str:
    """``2012-06-21 09:30:00.017``; what is smaller than a millisecond is cut off."""
    seconds, ms = divmod(t_ns // NS_PER_MS, _MS_PER_S)
    return f"{datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds):%Y-%m-%d %H:%M:%S}.{ms:03d}"


def document(name: str, reports: tuple[TapeReport, ...]) -> dict[str, Any]:
    """The check of the file or folder called *name* as the document ``stress.data/1``."""
    return {"schema": SCHEMA, "name": name, "tapes": [_tape(report) for report in reports]}


def _tape(report: TapeReport) -> dict[str, Any]:
    return {
        "kind": report.kind,
        "form": report.form,
        "files": [{"name": name, "sha256": digest} for name, digest in report.files],
        "symbol": report.symbol,
        "span": None if report.span is None else asdict(report.span),
        "rows": report.rows,
        "findings": [_code(each) for each in report.findings],
        "facts": [asdict(each) for each in report.facts],
        "conformance": None if report.conformance is None else asdict(report.conformance),
    }


def _code(each: CodeFound) -> dict[str, Any]:
    kept = [{"file": one.file, "row": one.row, "count": one.count, "text": one.text} for one in each.found]
    return {"code": each.code, "count": each.count, "means": each.means, "found": kept}
