"""``stress show``: a scenario as it will be played."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.base.errors import UsageError
from engine.cli.options import Json, Sets, Workspace, parse_sets


def show(
    path: Annotated[str, typer.Argument(help="A scenario: its file or its name.")],
    effective: Annotated[
        bool, typer.Option("--effective", help="The document after extends, params and --set.")
    ] = False,
    timeline: Annotated[bool, typer.Option("--timeline", help="When each fault begins and ends.")] = False,
    sets: Sets = None,
    json_: Json = False,
    workspace: Workspace = None,
) -> None:
    """Show a scenario as it will be played; nothing is run."""
    if effective == timeline:
        raise UsageError("say which: --effective or --timeline", "stress show scenarios.d/flash_crash.yaml --timeline")
    from engine.cli.terminal import say
    from engine.config.writer import write_json, write_yaml
    from engine.runs.documents import open_library
    from engine.runs.plan import plan_run
    from engine.runs.timeline import timeline_rows

    plan = plan_run(open_library(workspace), path, parse_sets(sets), None)
    if effective:
        say((write_json(plan.effective) if json_ else write_yaml(plan.effective)).rstrip())
        return
    rows = timeline_rows(plan.scenario, plan.injections)
    if json_:
        entries = [{"at_s": at_s, "what": what} for at_s, what in rows]
        say(write_json({"schema": "stress.timeline/1", "entries": entries}).rstrip())
        return
    say("\n".join(f"{at_s:>9,.1f} s  {what}" for at_s, what in rows))
