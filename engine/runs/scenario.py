"""The Scenario document: a market, a desk, faults on a timeline, and the gates that judge it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.base.keys import key
from engine.config.merge import Without
from engine.config.params import Param
from engine.faults import faults
from engine.gates.gate import Gate
from engine.market import models
from engine.metrics import metrics
from engine.metrics.happenings import HAPPENINGS
from engine.trading.desk_document import DeskDocument

NAME = r"^[a-z][a-z0-9_]*$"
NAME_HELP = "small letters, digits and _, beginning with a letter"
TIME_OF_DAY = r"^([01]\d|2[0-3]):[0-5]\d:[0-5]\d$"
INSTANT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$"


@dataclass(frozen=True, kw_only=True)
class Clock:
    """When the scenario plays, on the exchange's clock."""

    start: str = key(
        "The exchange time at which simulated time begins, with its offset from UTC",
        pattern=INSTANT,
        pattern_help='a time in quotes such as "2025-08-05T09:30:00-04:00"',
    )
    run_for_s: float = key("How long the run is, in seconds", above=0, max=86_400)
    warmup_s: float = key("How long the desk runs before anything is judged, in seconds", min=0, max=3_600)


@dataclass(frozen=True, kw_only=True)
class Demand:
    """Something more that a fault must be seen to do: a metric over the fault's time, reaching a value."""

    metric: str = key("The metric that must show it", choices=metrics.names)
    at_least: float = key("The value it must reach at its highest")


@dataclass(frozen=True, kw_only=True)
class TimelineItem:
    """A fault at a time. Exactly one of ``at_s``, ``at_time`` and ``after`` says when."""

    id: str = key("Name of the item, unique in the scenario", pattern=NAME, pattern_help=NAME_HELP)
    at_s: float | None = key("Seconds after clock.start", default=None, min=0, max=86_400)
    at_time: str | None = key(
        "Exchange time of day", default=None, pattern=TIME_OF_DAY, pattern_help='a time in quotes such as "09:35:00"'
    )
    after: str | None = key("The item after whose end this one begins", default=None)
    plus_s: float = key("Seconds to wait after that end", default=0, min=0, max=86_400)
    fault: str = key("What goes wrong", choices=faults.names)
    with_: Any = key("The fault's parameters", tag_beside="fault", variants=lambda: dict(faults), default=None)
    for_s: float | None = key("How long it lasts, in seconds", default=None, above=0, max=86_400)
    must_cause: tuple[Demand, ...] = key("What it must be seen to cause, beside the fault's own check", default=())


@dataclass(frozen=True, kw_only=True)
class BeforeFaults:
    """What must hold between warm-up and the first fault."""

    gates: tuple[str, ...] = key("Gate sets that must hold before the first fault")


@dataclass(frozen=True, kw_only=True)
class AfterFaults:
    """What must hold again after the last fault has healed."""

    gates: tuple[str, ...] = key("Gate sets that must hold again")
    within_s: float = key("Seconds after the last heal by which the desk must have converged", above=0, max=3_600)


@dataclass(frozen=True, kw_only=True)
class KnownRed:
    """A documented way to make this scenario fail; the tests play it."""

    set: dict[str, Any] = key("The parameters that do it", example={"drop_pct": 30})
    gate: str = key("The gate that then fails")
    because: str = key("Why, in one sentence")


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """A market, a desk under test, faults on a timeline, and the gates that judge it."""

    scenario: str = key("Name of the scenario", pattern=NAME, pattern_help=NAME_HELP)
    title: str = key("What happens, in a few words")
    owner: str = key("The team that answers for it")
    summary: str = key("What it shows and where its figures come from, in plain words", default="")
    extends: str | None = key("The base document that this one builds on", default=None, example="base/equity_day")
    controls: tuple[str, ...] = key("Control tags of gates.d/controls.yaml that it exercises", default=(), grows=True)
    tags: tuple[str, ...] = key("Words to select scenarios by", default=(), grows=True)
    params: dict[str, Param] = key("Figures that may be changed with --set", default={})
    clock: Clock = key("When it plays")
    seed: int = key("The seed of all chance in the run", min=0, max=2**63 - 1)
    market: Any = key("The market", tag="model", variants=lambda: dict(models))
    desk: DeskDocument = key("The trading desk under test")
    before_faults: BeforeFaults = key("What must hold before the first fault")
    timeline: tuple[TimelineItem, ...] = key("What goes wrong, and when", by_id="id")
    gates: tuple[str | Gate, ...] = key("Gate sets that judge the run, or gates written out here", grows=True)
    must_happen: tuple[str, ...] = key(
        "Events without which the run proves nothing; they count from the first fault that bit",
        default=(),
        grows=True,
        choices=lambda: HAPPENINGS,
    )
    after_faults: AfterFaults = key("What must hold again after the last fault")
    without: tuple[Without, ...] = key(
        "Inherited gates, events or controls that are taken out, each with a reason", default=()
    )
    known_red: tuple[KnownRed, ...] = key("Documented ways to make it fail", default=())
