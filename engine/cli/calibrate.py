"""``stress calibrate market``: the figures of a real day that an order flow is fitted to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.cli.options import Json

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Measure what models are fitted to.")


@app.callback()
def _root() -> None:
    """Measure what models are fitted to."""


@app.command("market")
def market(
    tape: Annotated[Path, typer.Option("--tape", help="A LOBSTER day: its folder, or one of its files.")],
    json_: Json = False,
) -> None:
    """Print the figures of a real day that the parameters of an order flow are fitted to.

    Exit 3 if the tape is damaged, 4 if there is none.
    """
    from engine.cli.data import table
    from engine.cli.realism import lobster_day
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.market.calibrate_targets import targets

    facts = targets(lobster_day(tape))
    name = tape.resolve().name
    if json_:
        found = [{"name": each.name, "value": each.value, "unit": each.unit, "defined": each.defined} for each in facts]
        say(write_json({"schema": "stress.calibration_targets/1", "tape": name, "targets": found}).rstrip())
    else:
        say("\n".join([f"calibration targets of {name}, the whole day", *table(facts)]))
