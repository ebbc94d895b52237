"""``stress realism``: whether a simulated market looks like a real one, by bands fixed before it was tuned."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from engine.base.errors import ExitCode, UsageError
from engine.cli.options import Json, Workspace

if TYPE_CHECKING:
    from engine.market.realism_document import Realism
    from engine.market.recording import Recording

_EXITS = {"PASS": ExitCode.PASS, "FAIL": ExitCode.FAIL, "NO_EVIDENCE": ExitCode.NO_VERDICT}


def realism(
    name: Annotated[
        str | None, typer.Argument(metavar="MODEL|FILE", help="A market model, or a scenario or base with its market.")
    ] = None,
    tape: Annotated[
        Path | None, typer.Option("--tape", help="Measure a LOBSTER day instead, by the same code; nothing is judged.")
    ] = None,
    seeds: Annotated[
        int | None, typer.Option("--seeds", min=1, help="Only so many seeds, for a look: fewer than 8 prove nothing.")
    ] = None,
    tuning: Annotated[
        bool, typer.Option("--tuning", help="Use the seeds for tuning; what they show proves nothing.")
    ] = False,
    bands: Annotated[str, typer.Option("--bands", help="The realism document that has the bands.")] = "realism",
    json_: Json = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")] = False,
    workspace: Workspace = None,
) -> None:
    """Measure the stylised facts of a market and judge them.

    Exit 0 every gate holds on the median of the judging seeds, 1 one does not, 5 there is too little evidence.
    """
    from engine.runs.documents import open_library
    from engine.runs.realism_market import bands as bands_of

    if (name is None) == (tape is None):
        raise UsageError(
            "a market or a tape was expected, was " + ("neither" if name is None else "both"),
            "stress realism order_book, or stress realism --tape DIR",
        )
    library = open_library(workspace)
    document = bands_of(library, bands)
    if tape is not None:
        _tape(tape, document, json_=json_)
        return
    from engine.runs.realism_market import market_of

    assert name is not None
    raise typer.Exit(_judged(name, market_of(library, name), document, seeds, tuning=tuning, json_=json_, quiet=quiet))


def _judged(
    name: str, market: object, document: Realism, seeds: int | None, *, tuning: bool, json_: bool, quiet: bool
) -> ExitCode:
    """Measure and print; how the command ends."""
    from engine.cli.progress import compiling_shown
    from engine.cli.realism_page import document_of, page
    from engine.cli.terminal import coloured, say
    from engine.config.writer import write_json
    from engine.market.realism_judge import judge
    from engine.market.realism_laboratory import laboratory_of
    from engine.market.realism_run import measure

    listed = document.seeds.tuning if tuning else document.seeds.judging
    chosen = listed if seeds is None else listed[:seeds]
    if seeds is not None and seeds > len(listed):
        raise UsageError(f"--seeds {seeds}: {document.realism} has {len(listed)} such seeds", "ask for at most as many")
    with compiling_shown(quiet=quiet):
        measured = measure(laboratory_of(market), document, chosen, (lambda _text: None) if quiet else _tell)
    judged = judge(document, measured)
    said = document_of(name, document, judged, measured)
    say(write_json(said).rstrip() if json_ else page(name, document, judged, measured, colour=coloured(sys.stdout)))
    return _EXITS[judged.verdict]


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _tape(place: Path, document: Realism, *, json_: bool) -> None:
    """Measure a real day and print its figures."""
    from engine.cli.realism_page import tape_document, tape_page
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.market.realism_facts import figures

    recording = lobster_day(place)
    gated, whole = figures(recording, document.skip_s), figures(recording, 0)
    title = place.resolve().name
    say(
        write_json(tape_document(title, document, gated, whole)).rstrip()
        if json_
        else tape_page(title, document, gated, whole)
    )


def lobster_day(place: Path) -> Recording:
    """The LOBSTER day at *place*. Raise UsageError if it is a tape of another kind, NotReadyError if none is there."""
    from engine.cli.terminal import watched
    from engine.market.recording import recording_of_tape
    from engine.market.tape import Tape
    from engine.market.tape_at import tape_at

    found = tape_at(place.resolve())
    if not isinstance(found, Tape):
        raise UsageError(f"{place.name} holds bars, and they have no order messages", "name a LOBSTER day")
    if watched():
        print(f"reading {place} …", file=sys.stderr)
    return recording_of_tape(found)
