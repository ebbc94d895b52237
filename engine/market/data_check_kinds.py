"""The check of each kind of market data, each in one pass over its rows (a LOBSTER day in two)."""

from __future__ import annotations

from pathlib import Path

from engine.market import binance, bitstamp
from engine.market.bars import BarTape, bars
from engine.market.binance_checks import BinanceChecks
from engine.market.binance_facts import BinanceFacts
from engine.market.bitstamp_checks import BitstampChecks
from engine.market.bitstamp_facts import BitstampFacts
from engine.market.conformance import conformance
from engine.market.data_check_report import TapeReport, by_code, new_york_span, utc_span
from engine.market.facts import Fact, fact
from engine.market.facts_bars import BarFacts
from engine.market.facts_lobster import LobsterFacts
from engine.market.quality import Findings
from engine.market.quality_bars import BarCheck
from engine.market.quality_messages import MessageCheck
from engine.market.tape import Tape, chunks, hashes
from engine.market.tape_files import hashes as file_hashes


def lobster_report(tape: Tape) -> TapeReport:
    """Check a LOBSTER day. Raise TapeError at the first row that is broken."""
    check, facts = MessageCheck(tape), LobsterFacts()
    first_ns, last_ns, rows = -1, -1, 0
    for chunk in chunks(tape):
        check.feed(chunk)
        facts.add(chunk)
        first_ns = chunk.stamp_ns[0] if first_ns < 0 else first_ns
        last_ns, rows = chunk.stamp_ns[-1], rows + len(chunk.stamp_ns)
    return TapeReport(
        kind="lobster",
        form=f"LOBSTER day, {tape.levels} level{'s' if tape.levels > 1 else ''}",
        files=hashes(tape),
        symbol=tape.symbol,
        span=new_york_span(tape.day, first_ns, last_ns),
        rows=rows,
        findings=by_code(check.findings),
        facts=tuple(facts.facts()),
        conformance=conformance(tape),
    )


def bars_report(tape: BarTape) -> TapeReport:
    """Check a file of bars. Raise TapeError at the first row that is broken.

    Where the symbol changes the facts begin anew; those of the longest part are reported.
    """
    check, parts = BarCheck(tape), [BarFacts(tape.bar_ns)]
    first_ns = last_ns = tape.start_ns(tape.first)
    rows = 0
    for bar in bars(tape):
        changes = check.findings.total("symbol_change")
        check.feed(bar)
        if check.findings.total("symbol_change") > changes:
            parts.append(BarFacts(tape.bar_ns))
        parts[-1].add(bar)
        rows += 1
        first_ns, last_ns = min(first_ns, tape.start_ns(bar)), max(last_ns, bar.stamp_ns)
    check.finish()
    return TapeReport(
        kind="bars",
        form=tape.dialect.name,
        files=file_hashes((tape.path,)),
        symbol=None,
        span=utc_span(first_ns, last_ns),
        rows=rows,
        findings=by_code(check.findings),
        facts=tuple(_longest(parts)),
        conformance=None,
    )


def _longest(parts: list[BarFacts]) -> list[Fact]:
    words = "instruments in the file, by its symbol changes; what follows is about the one with most bars"
    longest = max(parts, key=lambda part: part.bars)
    return [*([fact("instruments", len(parts), "", words)] if len(parts) > 1 else []), *longest.facts()]


def binance_report(path: Path) -> TapeReport:
    """Check a Binance feed. Raise TapeError at the first row that is broken."""
    findings, facts = Findings(), BinanceFacts()
    checks = BinanceChecks(path.name, findings)
    rows = 0
    for message in binance.messages(path):
        checks.add(message)
        facts.add(message)
        rows += 1
    checks.finish()
    return TapeReport(
        kind="binance_feed",
        form="Binance feed, raw messages",
        files=file_hashes((path,)),
        symbol=", ".join(facts.symbols) or None,
        span=utc_span(*facts.exchange_span_ns) if facts.exchange_span_ns else None,
        rows=rows,
        findings=by_code(findings),
        facts=tuple(facts.facts()),
        conformance=None,
    )


def bitstamp_report(path: Path) -> TapeReport:
    """Check Bitstamp order events. Raise TapeError at the first row that is broken."""
    findings, facts = Findings(), BitstampFacts()
    checks = BitstampChecks(path.name, findings)
    rows = 0
    for event in bitstamp.order_events(path):
        checks.add(event)
        facts.add(event)
        rows += 1
    checks.finish()
    return TapeReport(
        kind="bitstamp_orders",
        form="Bitstamp order events",
        files=file_hashes((path,)),
        symbol=None,
        span=utc_span(*facts.exchange_span_ns) if facts.exchange_span_ns else None,
        rows=rows,
        findings=by_code(findings),
        facts=tuple(facts.facts()),
        conformance=None,
    )
