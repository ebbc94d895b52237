"""Building a world from a plan: market, venue, desk, and the books that they start with."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.base.errors import NotReadyError, PluginError
from engine.base.units import NS_PER_S, micros_from_usd, ns_from_s
from engine.config.library import Input
from engine.domain.orders import Instrument
from engine.domain.ports import Governor, MarketModel
from engine.domain.records import GovernorFailed
from engine.faults.site import Site
from engine.kernel.streams import seed_globals
from engine.kernel.world import World
from engine.market.model_document import parts_of
from engine.market.venue import Venue
from engine.runs.plan import Plan, shown_path
from engine.runs.symbols import report_symbols
from engine.runs.timeline import AFTER_WINDOW_S
from engine.trading import defects
from engine.trading.desk import Desk
from engine.trading.governor_documents import DefectGovernorDocument, PythonGovernorDocument
from engine.trading.guard import GuardedGovernor
from engine.trading.ledger import Ledger
from engine.trading.limits_source import LimitsStore


@dataclass(frozen=True)
class Built:
    """A world that is ready to play, with what its result needs to know of it."""

    site: Site
    ledger: Ledger
    guard: GuardedGovernor | None
    instruments: tuple[Instrument, ...]
    capital_micros: int
    market_end_ns: int
    governor_name: str
    inputs: tuple[Input, ...]

    @property
    def governor_failures(self) -> tuple[tuple[GovernorFailed, str], ...]:
        """Every failure of a governor that is not ours, with its own traceback."""
        return tuple((each.record, each.traceback) for each in self.guard.failures) if self.guard else ()


def build(plan: Plan) -> Built:
    """The world of *plan* at time 0, nothing played yet.

    Raise StressError if the market, the fees or the governor cannot be built from what the documents say.
    """
    world = World(plan.seed)
    model: MarketModel = plan.scenario.market.build(world, open_s=_open_s(plan), find=lambda path: _find(plan, path))
    instruments = model.instruments
    fees = plan.venue.fees
    report_symbols(plan.library, plan.loaded, [instrument.symbol for instrument in instruments])
    plan.library.raise_problems()
    _check_day(plan, model)
    _check_length(plan, model)
    venue = Venue(
        world,
        model,
        fees,
        plan.day,
        cancel_on_disconnect=plan.venue.cancel_on_disconnect,
        mechanics=plan.venue.mechanics,
        start_s=_open_s(plan),
    )
    document = plan.scenario.desk.governor
    seed_globals(plan.seed)
    # A copy: what it does to its limits must not change what it is judged by.
    governor: Governor = document.build(copy.deepcopy(plan.limits), instruments, plan.day, plan.code_path)
    guard = GuardedGovernor(governor, world) if isinstance(document, PythonGovernorDocument) else None
    capital_micros = micros_from_usd(plan.limits.capital_usd)
    ledger = Ledger(capital_micros, instruments)
    strategy = plan.scenario.desk.strategy
    desk = Desk(world, venue, guard or governor, strategy, ledger, plan.profile, fees, plan.day, instruments)
    if isinstance(document, DefectGovernorDocument):
        defects.spoil(document.name, desk)
    desk.limits_store = _watched(governor, plan)
    desk.new_governor = lambda state: _restarted(plan, instruments, desk.limits_store, guard, state)
    if plan.scenario.desk.check_source is not None:
        desk.add_check_source(plan.scenario.desk.check_source)
    venue.connect(desk)
    venue.start()
    for symbol, qty in plan.scenario.desk.inventory.items():
        desk.open_inventory(symbol, qty, venue.open_inventory(symbol, qty))
    desk.start()
    return Built(
        site=Site(world, venue, desk),
        ledger=ledger,
        guard=guard,
        instruments=instruments,
        capital_micros=capital_micros,
        market_end_ns=model.wants_until_ns,
        governor_name=_name(document),
        inputs=_tape_inputs(model),
    )


def _restarted(
    plan: Plan,
    instruments: tuple[Instrument, ...],
    store: LimitsStore | None,
    guard: GuardedGovernor | None,
    state: Mapping[str, Any] | None,
) -> Governor:
    """The governor, built once more as the run began with it, where *state* says (None: as in the morning)."""
    governor: Governor = plan.scenario.desk.governor.build(
        copy.deepcopy(plan.limits), instruments, plan.day, plan.code_path
    )
    watch = getattr(governor, "watch", None)
    if store is not None and callable(watch):
        watch(store)
    restore = getattr(governor, "restore", None)
    if state is not None and callable(restore):
        restore(state)
    return governor if guard is None else guard.around(governor)


def _watched(governor: Governor, plan: Plan) -> LimitsStore | None:
    """The store that the governor reads its limits from while it runs; None if it does not watch one."""
    watch = getattr(governor, "watch", None)
    if not callable(watch):
        return None
    store = LimitsStore(copy.deepcopy(plan.limits))
    try:
        watch(store)
    except Exception as error:
        raise PluginError(
            f"the governor '{_name(plan.scenario.desk.governor)}' could not watch its limits: "
            f"{type(error).__name__}: {error}",
            "its method watch(source) is called once, before anything trades",
        ) from error
    return store


def _open_s(plan: Plan) -> float:
    """``clock.start`` in seconds after midnight of the exchange."""
    start = datetime.fromisoformat(plan.scenario.clock.start)
    return start.hour * 3600 + start.minute * 60 + start.second


def _find(plan: Plan, path: str) -> Path:
    """A file or folder that the scenario names: in the workspace or its data folders; anywhere, if the command
    line named it. Raise NotReadyError if it is not there.
    """
    workspace = plan.library.workspace
    found = Path(path) if path in plan.given_paths else workspace.data(path)
    if found is None or not found.exists():
        raise NotReadyError(
            f"there is no file or folder '{shown_path(path)}'",
            "name one that exists, for instance with --set tape=FOLDER, or list its folder in data_dirs of stress.yaml",
        )
    return found


def _check_day(plan: Plan, model: MarketModel) -> None:
    """A tape must be of the day that the clock says: fees and limits are those of a day. Raise DocumentError if not."""
    days = {day for part in parts_of(model) if (day := getattr(part, "day", plan.day)) != plan.day}
    for day in sorted(days):
        mark = plan.loaded.mark("clock", "start")
        plan.library.problems.error("T714", f"the tape is of {day}, the clock starts on {plan.day}", mark)
    plan.library.raise_problems()


def _check_length(plan: Plan, model: MarketModel) -> None:
    """A tape must last until the desk has converged. Raise DocumentError if it does not."""
    needed_ns = plan.converge_ns + ns_from_s(AFTER_WINDOW_S)
    if model.wants_until_ns < needed_ns:
        plan.library.problems.error(
            "T713",
            f"the market's data ends at {model.wants_until_ns / NS_PER_S:,.0f} s, "
            f"but the run needs it until {needed_ns / NS_PER_S:,.0f} s",
            plan.loaded.mark("clock", "run_for_s"),
            "begin the faults earlier, or use a longer tape",
        )
        plan.library.raise_problems()


def _name(document: object) -> str:
    """What was tested, in a word: ``reference``, a target of the user's, or a defect."""
    if isinstance(document, PythonGovernorDocument):
        return document.target
    return f"defect {document.name}" if isinstance(document, DefectGovernorDocument) else "reference"


def _tape_inputs(model: MarketModel) -> tuple[Input, ...]:
    """The tape files that the market plays, by name and digest."""
    named = [part.tape_inputs() for part in parts_of(model) if hasattr(part, "tape_inputs")]
    return tuple(Input(name, digest) for inputs in named for name, digest in inputs)
