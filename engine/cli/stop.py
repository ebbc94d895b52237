"""``stress stop``: stop a desk, and see that it has stopped."""

from __future__ import annotations

from typing import Annotated

import typer

from engine.base.errors import UsageError
from engine.cli.control_verbs import AtS, By, On, Reason, Scope, Seed, StopLevel, Where, command_desk
from engine.cli.options import Json, Sets, Workspace


def stop(
    scope: Scope = "firm",
    level: Annotated[
        StopLevel | None,
        typer.Option("--level", help="L1 no new risk, L2 and cancel (default), L3 and flatten, L4 and disconnect."),
    ] = None,
    flatten: Annotated[bool, typer.Option("--flatten", help="Give the position up as well: at least L3.")] = False,
    on: On = None,
    at_s: AtS = None,
    by: By = None,
    reason: Reason = "",
    seed: Seed = None,
    sets: Sets = None,
    json_: Json = False,
    workspace: Workspace = None,
) -> None:
    """Stop a desk, until two people re-arm it.

    No new risk, and every working order cancelled (L2), unless --level or --flatten say otherwise.

    Exit 0 acknowledged, 1 not acknowledged, 2 usage, 3 invalid YAML, 4 no desk to stop, 130 Ctrl-C.
    """
    if flatten and level in ("L1", "L2"):
        raise UsageError(f"--flatten with --level {level}: a stop of {level} keeps the position", "leave --level out")
    asked: StopLevel | None = "L3" if flatten and level is None else level
    where = Where(on, at_s, seed, sets, workspace)
    raise typer.Exit(command_desk(where, "stop", scope, by, reason, level=asked, json_=json_))
