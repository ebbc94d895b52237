"""The command tree."""

from __future__ import annotations

import typer

from engine.cli import (
    calibrate,
    data,
    doctor,
    explain,
    governor,
    init,
    limits,
    list,
    new,
    realism,
    run,
    schema,
    selftest,
    show,
    stop,
    validate,
)

app = typer.Typer(
    name="stress",
    help="May this trading system trade today, and how do we know?",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(show_version: bool) -> None:
    if show_version:
        import engine

        typer.echo(f"stress {engine.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Print the version."),
) -> None:
    """May this trading system trade today, and how do we know?"""


app.command("run")(run.run)
app.command("selftest")(selftest.selftest)
app.command("validate")(validate.validate)
app.command("list")(list.list_kind)
app.command("explain")(explain.explain)
app.command("show")(show.show)
app.command("new")(new.new)
app.command("schema")(schema.schema)
app.command("init")(init.init)
app.command("realism")(realism.realism)
app.command("doctor")(doctor.doctor)
app.command("stop")(stop.stop)
app.add_typer(data.app, name="data")
app.add_typer(limits.app, name="limits")
app.add_typer(calibrate.app, name="calibrate")
app.add_typer(governor.app, name="governor")
