"""``stress governor``: where a desk's governor stands, and commands to it."""

from __future__ import annotations

import typer

from engine.cli.control_verbs import AtS, By, On, Reason, Scope, Seed, Where, command_desk, desk_status
from engine.cli.options import Json, Sets, Workspace

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="See and command a desk's governor.")


@app.command("status")
def status(
    on: On = None, seed: Seed = None, sets: Sets = None, json_: Json = False, workspace: Workspace = None
) -> None:
    """Print where each scope of a desk stands: of a simulated one at the end of its scenario. Exit 4: no desk."""
    raise typer.Exit(desk_status(Where(on, None, seed, sets, workspace), json_=json_))


@app.command("pause")
def pause(
    scope: Scope = "firm",
    on: On = None,
    at_s: AtS = None,
    by: By = None,
    reason: Reason = "",
    seed: Seed = None,
    sets: Sets = None,
    json_: Json = False,
    workspace: Workspace = None,
) -> None:
    """Hold a scope until somebody resumes: cancels and reducing orders pass. Exit 1: not acknowledged, 4: no desk."""
    where = Where(on, at_s, seed, sets, workspace)
    raise typer.Exit(command_desk(where, "pause", scope, by, reason, level=None, json_=json_))


@app.command("resume")
def resume(
    scope: Scope = "firm",
    on: On = None,
    at_s: AtS = None,
    by: By = None,
    reason: Reason = "",
    seed: Seed = None,
    sets: Sets = None,
    json_: Json = False,
    workspace: Workspace = None,
) -> None:
    """End a pause, or re-arm a stop, which takes two people (--by twice). Exit 1: it does not run, 4: no desk."""
    where = Where(on, at_s, seed, sets, workspace)
    raise typer.Exit(command_desk(where, "resume", scope, by, reason, level=None, json_=json_))


@app.command("flatten")
def flatten(
    scope: Scope = "firm",
    on: On = None,
    at_s: AtS = None,
    by: By = None,
    reason: Reason = "",
    seed: Seed = None,
    sets: Sets = None,
    json_: Json = False,
    workspace: Workspace = None,
) -> None:
    """Stop a scope and give its position up in good order. Exit 1: not acknowledged, 4: no desk."""
    where = Where(on, at_s, seed, sets, workspace)
    raise typer.Exit(command_desk(where, "flatten", scope, by, reason, level=None, json_=json_))
