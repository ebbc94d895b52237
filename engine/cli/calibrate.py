"""``stress calibrate market``: fit an order flow to a real day, or only measure what it is fitted to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.base.errors import UsageError
from engine.cli.options import Json

if TYPE_CHECKING:
    from engine.market.recording import Recording

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Fit what models are made of to data.")


@app.callback()
def _root() -> None:
    """Fit what models are made of to data."""


@app.command("market")
def market(
    tape: Annotated[Path, typer.Option("--tape", help="A LOBSTER day: its folder, or one of its files.")],
    out: Annotated[Path | None, typer.Option("--out", help="Write the block to this file instead.")] = None,
    targets: Annotated[
        bool, typer.Option("--targets", help="Only measure: print every figure of the day, and fit nothing.")
    ] = False,
    json_: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")] = False,
) -> None:
    """Fit the order flow of the model order_book to a real day: a YAML block with the figures aimed at and reached.

    The same tape gives the same block. Exit 2 if the day says too little, 3 if the tape is damaged, 4 if there is none.
    """
    from engine.cli.realism import lobster_day

    if json_ and not targets:
        raise UsageError("the fitted flow is YAML", "leave --json out, or give --targets as well")
    day = lobster_day(tape)
    name = tape.resolve().name
    if targets:
        _targets(day, name, json_=json_)
        return
    _write(_fitted(day, name, quiet=quiet), out)


def _fitted(day: Recording, name: str, *, quiet: bool) -> str:
    """The YAML block of the flow that is fitted to *day*."""
    from engine.cli.progress import compiling_shown
    from engine.market.calibrate_flow import fit
    from engine.market.calibrate_yaml import block

    def tell(text: str) -> None:
        if not quiet:
            print(text, file=sys.stderr, flush=True)

    try:
        with compiling_shown(quiet=quiet):
            return block(fit(day, tell), name)
    except ValueError as error:
        raise UsageError(f"{name} cannot be fitted to: {error}", "give a whole day of a liquid stock") from error


def _write(text: str, out: Path | None) -> None:
    if out is None:
        from engine.cli.terminal import say

        say(text.rstrip())
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{out} cannot be written: {error.strerror}", "name another file with --out") from error


def _targets(day: Recording, name: str, *, json_: bool) -> None:
    """Print every figure of the day."""
    from engine.cli.data import table
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.market.calibrate_targets import targets

    facts = targets(day)
    if json_:
        found = [{"name": each.name, "value": each.value, "unit": each.unit, "defined": each.defined} for each in facts]
        say(write_json({"schema": "stress.calibration_targets/1", "tape": name, "targets": found}).rstrip())
    else:
        say("\n".join([f"calibration targets of {name}, the whole day", *table(facts)]))
