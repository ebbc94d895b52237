"""``stress data check``: what market data contain, before anything is replayed on them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.cli.options import Json

if TYPE_CHECKING:
    from engine.market.data_check_report import CodeFound, TapeReport
    from engine.market.facts import Fact

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Look at market data.")


@app.callback()
def _root() -> None:
    """Look at market data."""


@app.command("check")
def check(
    path: Annotated[
        Path, typer.Argument(help="A LOBSTER day (folder), a file of bars, a Binance feed, Bitstamp orders.")
    ],
    every: Annotated[
        bool, typer.Option("--all", help="Show each finding that was kept, not the first of a code.")
    ] = False,
    json_: Json = False,
) -> None:
    """Say what a tape contains: its span, what is odd about it, its stylised facts.

    Findings are facts about the data, not errors: the exit code is 0 with and without them. A scenario says which
    findings it allows. Data that are damaged or of no known form end in 3, data that are not there in 4.
    """
    from engine.cli.terminal import say, watched
    from engine.config.writer import write_json
    from engine.market.data_check import check as check_data
    from engine.market.data_check_report import document

    if watched():
        print(f"reading {path} …", file=sys.stderr)
    place = path.resolve()  # so that . has a name too
    reports = check_data(place)
    say(
        write_json(document(place.name, reports)).rstrip()
        if json_
        else "\n\n\n".join(_page(each, every=every) for each in reports)
    )


def _page(report: TapeReport, *, every: bool) -> str:
    """One tape as a person reads it: what it is, findings, facts."""
    parts = [_head(report), _findings(report.findings, every=every), _facts(report)]
    return "\n\n".join("\n".join(lines) for lines in parts)


def _head(report: TapeReport) -> list[str]:
    lines = [" · ".join([*([report.symbol] if report.symbol else []), report.form, f"{report.rows:,} rows"])]
    if report.span is not None:
        lines.append(f"{report.span.first} to {report.span.last} {report.span.zone}")
    lines += [f"{name}  sha256 {digest}" for name, digest in report.files]
    if report.conformance is not None:
        found = report.conformance
        line = f"the messages explain {found.explained:,} of {found.total:,} changes of the book"
        if found.rolled_in:
            line += f", {found.rolled_in:,} of them with a level that came in from beyond the last"
        row = found.first_unexplained_row
        lines.append(line if row is None else f"{line}; the first one unexplained is row {row}")
    return lines


def _findings(findings: tuple[CodeFound, ...], *, every: bool) -> list[str]:
    if not findings:
        return ["findings: none"]
    lines = ["findings"]
    for each in findings:
        lines.append(f"  {each.code}: {each.count:,}   {each.means}")
        for one in each.found if every else each.found[:1]:
            stands_for = f" (and {one.count - 1:,} more)" if every and one.count > 1 else ""
            first = "first: " if not every and each.count > 1 else ""
            place = f"{one.file}:{one.row}" if one.row else one.file
            lines.append(f"    {first}{place}: {one.text}{stands_for}")
    return lines


def _facts(report: TapeReport) -> list[str]:
    return ["facts", *table(report.facts)]


def table(facts: Iterable[Fact]) -> list[str]:
    """Facts as a table, a line each: name, value, unit, and how it is defined."""
    rows = [(each.name, _value(each.value), each.unit, each.defined) for each in facts]
    wide = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    return [
        f"  {name:<{wide[0]}}  {value:>{wide[1]}} {unit:<{wide[2]}}  {said}".rstrip()
        for name, value, unit, said in rows
    ]


def _value(value: float | None) -> str:
    """A figure with four digits that count; large ones whole; a dash where nothing was measured."""
    if value is None:
        return "–"
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"
