"""What ``stress stop`` and ``stress governor`` have in common: give a command to a desk, and say what came of it."""

from __future__ import annotations

import getpass
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from engine.base.errors import ExitCode, NotReadyError, UsageError

if TYPE_CHECKING:
    from engine.faults.operator_control import OperatorControl
    from engine.runs.control import Commanded, DeskPlay
    from engine.runs.plan import Plan

Verb = Literal["pause", "resume", "stop", "flatten"]
StopLevel = Literal["L1", "L2", "L3", "L4"]
LEVEL_WORDS = ("running", "hold", "stop L1", "stop L2", "stop L3", "stop L4")

Scope = Annotated[str, typer.Option("--scope", help="firm, venue, strategy:NAME or a symbol.")]
On = Annotated[str | None, typer.Option("--on", help="A scenario: its simulated desk is played, and commanded.")]
AtS = Annotated[
    float | None,
    typer.Option("--at-s", help="When, in simulated seconds after clock.start; by default in the middle of the run."),
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="Another seed than the scenario's own.")]
By = Annotated[
    list[str] | None,
    typer.Option("--by", help="Who commands; your user name, if not said. Twice: two people, to re-arm a stop."),
]
Reason = Annotated[str, typer.Option("--reason", help="Why, in a few words.")]


@dataclass(frozen=True)
class Where:
    """The desk that a command is for: a scenario's, simulated."""

    on: str | None
    at_s: float | None
    seed: int | None
    sets: list[str] | None
    workspace: Path | None


def command_desk(
    where: Where, verb: Verb, scope: str, by: list[str] | None, reason: str, *, level: StopLevel | None, json_: bool
) -> int:
    """Give a command and print what came of it: PASS if it was acknowledged, FAIL if not.

    Raise NotReadyError if there is no desk, UsageError if the command is none.
    """
    people = by or [getpass.getuser()]
    if len(people) > (2 if verb == "resume" else 1):
        raise UsageError(f"{verb}: --by names {len(people)} people", "one commands; two re-arm, with resume")
    plan = _plan(where, verb)
    from engine.faults.operator_control import OperatorControl

    second = people[1] if len(people) > 1 else ""
    command = OperatorControl(verb=verb, scope=scope, level=level, by=people[0], second_by=second, reason=reason)
    _check(command, plan)
    return _supervised(plan, lambda: _play(plan, command, where.at_s, json_=json_))


def desk_status(where: Where, *, json_: bool) -> int:
    """Print where each scope of the desk stands at the end of the scenario. Raise NotReadyError if there is no desk."""
    plan = _plan(where, "status")
    return _supervised(plan, lambda: _play(plan, None, None, json_=json_))


def _plan(where: Where, verb: str) -> Plan:
    from engine.cli.options import parse_sets
    from engine.runs.documents import open_library
    from engine.runs.plan import plan_run

    chosen = parse_sets(where.sets)
    if where.on is None:
        words = "stop" if verb == "stop" else f"governor {verb}"
        raise NotReadyError(
            "no live desk is running here",
            f"name a scenario, and its simulated desk is played: stress {words} --on scenarios.d/flash_crash.yaml",
        )
    return plan_run(open_library(where.workspace), where.on, chosen, where.seed)


def _check(command: OperatorControl, plan: Plan) -> None:
    """Raise UsageError if the message is not one that the published schema allows, or its symbol is not traded."""
    from engine.base.words import listing
    from engine.config.schema import schema_of
    from engine.config.validator import errors_of, resolved
    from engine.trading.control_message import SCOPE_HELP, ControlMessage

    schema = resolved(schema_of(ControlMessage, "effective"))
    for message in command.messages(0):
        said = {name: getattr(message, name) for name in ("verb", "scope", "level", "by", "reason")}
        whole = {"id": "typed", **{name: value for name, value in said.items() if value is not None}}
        for error in errors_of(schema, whole):
            what = str(error.path[0])
            hint = SCOPE_HELP if what == "scope" else "stress stop --help says what is allowed"
            raise UsageError(f"--{what} {said[what]!r} is not allowed", hint)
    traded = getattr(plan.scenario.market, "symbols", ())
    unknown = [symbol for symbol in command.symbols() if traded and symbol not in traded]
    if unknown:
        raise UsageError(
            f"--scope {unknown[0]} is not traded there", f"say firm, venue, strategy:main or {listing(traded)}"
        )


def _supervised(plan: Plan, work: Any) -> int:
    """Run *work*; with a governor of somebody else's in a process of its own."""
    from engine.cli.supervise import supervised
    from engine.trading.governor_documents import PythonGovernorDocument

    foreign = isinstance(plan.scenario.desk.governor, PythonGovernorDocument)
    return supervised(work) if foreign else int(work())


def _play(plan: Plan, command: OperatorControl | None, at_s: float | None, *, json_: bool) -> int:
    import sys
    from contextlib import redirect_stdout

    from engine.cli.ctrl_c import CtrlC
    from engine.cli.terminal import say
    from engine.config.writer import write_json
    from engine.runs.control import play_desk

    pressed = CtrlC()
    with redirect_stdout(sys.stderr):  # what a governor of somebody's own prints is no answer
        told = play_desk(plan, command, at_s, look=lambda _: not pressed.pressed)
    environment = plan.library.workspace.settings.environment
    acted_on = {"environment": environment, "host": platform.node(), "desk": "simulated"}
    say(
        write_json(_document(told, command, acted_on)).rstrip() if json_ else "\n".join(_lines(told, command, acted_on))
    )
    if told.aborted:
        return ExitCode.INTERRUPTED
    refused = command is not None and not (told.commanded is not None and told.commanded.acknowledged)
    return ExitCode.FAIL if refused else ExitCode.PASS


# ---- what is said


def _lines(told: DeskPlay, command: OperatorControl | None, acted_on: dict[str, str]) -> list[str]:
    desk = f"the {acted_on['desk']} desk of {told.scenario}, seed {told.seed}"
    where = f"{'acted on':<20} environment {acted_on['environment']}, host {acted_on['host']}, {desk}"
    if command is not None and told.commanded is None:
        return ["the run was ended before the command was given; nothing was commanded", where]
    head = [] if command is None or told.commanded is None else _answer(command, told.commanded)
    return [*head, where, *_states(told)]


def _answer(command: OperatorControl, came: Commanded) -> list[str]:
    """The command, whether it was acknowledged, and what the venue saw."""
    people = command.by + (f" and {command.second_by}" if command.second_by else "")
    words = f"stop {came.asked.name}" if command.verb == "stop" else command.verb
    at = f"t={came.at_ns / 1e9:,.1f} s"
    if came.acknowledged:
        word = "acknowledged" if came.time_to_hold_ms else "acknowledged at once"
    else:
        word = "NOT ACKNOWLEDGED"
    lines = [f"{words}, scope {command.scope}, by {people}, at {at}: {word}"]
    if came.asked > 0:
        took = "never" if came.time_to_hold_ms is None else f"{came.time_to_hold_ms:,.3g} ms"
        lines += [f"{'time to hold':<20} {took}", f"{'in flight':<20} {came.in_flight} orders when it came into effect"]
        until = f"{came.last_accept_ms:,.3g} ms after that" if came.last_accept_ms else "none after that"
        lines.append(f"{'last accepted':<20} {until} (orders that raise exposure, by the venue)")
        last = "" if came.last_cancel_ms is None else f", the last after {came.last_cancel_ms:,.3g} ms"
        cancelled = f"{came.cancelled} of {came.working} acknowledged cancelled by the venue{last}, {came.left} left"
        lines.append(f"{'working orders':<20} {cancelled}")
    for symbol, before in came.positions_before.items():
        lines.append(f"{'position ' + symbol:<20} {before:,} before, {came.positions_after[symbol]:,} at the end")
    return lines


def _states(told: DeskPlay) -> list[str]:
    """Where each scope stands at the end."""
    lines = []
    for each in told.states:
        since = f" since t={each.since_ns / 1e9:,.1f} s ({each.reason})" if each.reason else ""
        lines.append(f"{'scope ' + each.scope:<20} {LEVEL_WORDS[each.level]}{since}, at t={told.end_ns / 1e9:,.1f} s")
    return lines


def _document(told: DeskPlay, command: OperatorControl | None, acted_on: dict[str, str]) -> dict[str, Any]:
    """The same as one JSON document."""
    scopes = [
        {"scope": each.scope, "level": LEVEL_WORDS[each.level], "since_ns": each.since_ns, "reason": each.reason}
        for each in told.states
    ]
    found: dict[str, Any] = {
        "schema": "stress.desk_state/1",
        **acted_on,
        "scenario": told.scenario,
        "seed": told.seed,
        "end_ns": told.end_ns,
        "scopes": scopes,
    }
    came = told.commanded
    if command is None or came is None:
        return found
    found["messages"] = [
        {name: value for name, value in vars(message).items() if value is not None}
        for message in command.messages(came.at_ns)
    ]
    found["answer"] = {
        "acknowledged": came.acknowledged,
        "time_to_hold_ms": came.time_to_hold_ms,
        "in_flight": came.in_flight,
        "last_accept_ms": came.last_accept_ms,
        "working": came.working,
        "cancelled": came.cancelled,
        "last_cancel_ms": came.last_cancel_ms,
        "left": came.left,
        "positions_before": came.positions_before,
        "positions_after": came.positions_after,
    }
    return found
