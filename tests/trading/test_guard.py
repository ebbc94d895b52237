"""The guard: a governor that raises, answers garbage or hangs never approves anything and never ends the run."""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections.abc import Callable
from copy import copy
from functools import partial
from math import inf, nan
from typing import Any

import pytest

from engine.domain.governance import (
    APPROVED,
    CancelAll,
    Command,
    Control,
    Decision,
    DeskView,
    Level,
    Reduce,
    SetState,
    SoftBreach,
)
from engine.domain.orders import Fill, Instruction, Side
from engine.domain.ports import Governor
from engine.domain.quotes import Tick
from engine.domain.records import Finding, GovernorFailed
from engine.kernel.world import World
from engine.trading.guard import FAILED, GuardedGovernor

from .plain_view import bent, buy, desk_view, fill, sell


class Theirs:
    """A governor that does what a test tells it to."""

    capabilities = ("hold", 3)

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act = act
        self.calls = 0

    def _do(self) -> Any:
        self.calls += 1
        return self.act()

    def decide(self, order: Instruction, view: DeskView) -> Decision:
        """The answer, whatever it is."""
        return self._do()  # type: ignore[no-any-return]

    def on_fill(self, fill: Fill, view: DeskView) -> tuple[Command, ...]:
        """The answer, whatever it is."""
        return self._do()  # type: ignore[no-any-return]

    def on_market(self, tick: Tick, view: DeskView) -> tuple[Command, ...]:
        """The answer, whatever it is."""
        return self._do()  # type: ignore[no-any-return]

    def on_control(self, control: Control, view: DeskView) -> tuple[Command, ...]:
        """The answer, whatever it is."""
        return self._do()  # type: ignore[no-any-return]

    def on_timer(self, view: DeskView) -> tuple[Command, ...]:
        """The answer, whatever it is."""
        return self._do()  # type: ignore[no-any-return]


def guarded(act: Callable[[], Any], patience_s: float = 5.0) -> tuple[GuardedGovernor, World]:
    """A guarded governor in a fresh world."""
    world = World(1)
    return GuardedGovernor(Theirs(act), world, patience_s=patience_s), world


def failures(world: World) -> list[tuple[str, str, str]]:
    """What the event log says."""
    return [(record.how, record.where, record.what) for record in world.log.of(GovernorFailed)]


def fail(error: BaseException) -> Callable[[], Any]:
    """An action that raises."""

    def act() -> Any:
        raise error

    return act


def test_a_sound_answer_passes_untouched() -> None:
    """Approvals, denies with numbers or without, and every kind of command."""
    commands = (CancelAll("SPY"), Reduce(sell(10)), SetState("firm", Level.HOLD, "why", 5))
    soft = Decision(True, soft=(SoftBreach("order_qty", None, 400, "instrument"),))
    for decision in (APPROVED, Decision(False, "no", 1, 0.5, "firm"), Decision(False, "no"), soft):
        guard, world = guarded(partial(copy, decision))
        assert guard.decide(buy(1), desk_view()) == decision
        assert len(world.log) == 0
    guard, world = guarded(lambda: commands)

    assert guard.on_timer(desk_view()) is commands
    assert (len(world.log), guard.failures) == (0, [])


def test_it_is_a_governor_itself() -> None:
    """And its capabilities are the words that theirs declares."""
    guard, _ = guarded(lambda: ())
    theirs: Governor = guard

    assert theirs is guard
    assert guard.capabilities == frozenset({"hold"})


def test_raising_denies_and_is_written_down_with_its_own_traceback() -> None:
    """The traceback begins in the governor, not in ours."""
    guard, world = guarded(lambda: 1 // 0)

    assert guard.decide(buy(1), desk_view()) == FAILED
    assert failures(world) == [("raised", "decide", "ZeroDivisionError: integer division or modulo by zero")]
    (failure,) = guard.failures
    assert failure.record == world.log.of(GovernorFailed)[0]
    assert "1 // 0" in failure.traceback
    assert "guard.py" not in failure.traceback.replace("test_guard.py", "")
    assert guard.dead is False


def test_it_is_asked_again_after_it_raised() -> None:
    """One bad answer is no end; each is counted."""
    guard, world = guarded(lambda: 1 // 0)
    for _ in range(3):
        guard.decide(buy(1), desk_view())

    assert (guard.failed, len(failures(world))) == (3, 3)


@pytest.mark.parametrize("where", ["on_fill", "on_market", "on_control", "on_timer"])
def test_each_call_is_guarded(where: str) -> None:
    """A failure in any of them means no commands, and the record says where."""
    guard, world = guarded(fail(KeyError("x")))
    view = desk_view()
    calls: dict[str, Callable[[], tuple[Command, ...]]] = {
        "on_fill": lambda: guard.on_fill(fill(1, Side.BUY, 1), view),
        "on_market": lambda: guard.on_market(view.quotes["SPY"], view),
        "on_control": lambda: guard.on_control(Control("pause", "firm", Level.L1, "a"), view),
        "on_timer": lambda: guard.on_timer(view),
    }

    assert calls[where]() == ()
    assert failures(world) == [("raised", where, "KeyError: 'x'")]


class UnprintableError(Exception):
    """An error that cannot even be printed."""

    def __str__(self) -> str:
        raise RuntimeError("no")


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (SystemExit(3), "SystemExit: 3"),
        (GeneratorExit(), "GeneratorExit"),
        (MemoryError(), "MemoryError"),
        (ValueError("at 0x7f3a9c0012d0 lies \udc80"), "ValueError: at 0x… lies ?"),
    ],
)
def test_whatever_is_raised_is_caught(error: BaseException, what: str) -> None:
    """Leaving the program is not a governor's to decide; texts are fit for a log that must be the same every time."""
    guard, world = guarded(fail(error))

    assert guard.decide(buy(1), desk_view()) == FAILED
    assert failures(world) == [("raised", "decide", what)]


def test_an_error_that_cannot_be_printed_is_still_named() -> None:
    """Its type is enough."""
    guard, world = guarded(fail(UnprintableError()))

    assert guard.decide(buy(1), desk_view()) == FAILED
    assert "UnprintableError" in failures(world)[0][2]


def test_a_long_text_is_cut() -> None:
    """The event log is no place for a megabyte."""
    guard, world = guarded(fail(ValueError("x" * 10**6)))
    guard.decide(buy(1), desk_view())

    assert len(failures(world)[0][2]) == 300


def test_ctrl_c_belongs_to_the_person() -> None:
    """It ends the run, as it should."""
    guard, _ = guarded(fail(KeyboardInterrupt()))

    with pytest.raises(KeyboardInterrupt):
        guard.decide(buy(1), desk_view())


class Slippery(str):
    """A text that does not let itself be measured."""

    def __len__(self) -> int:
        raise RuntimeError("no")


BREACH = SoftBreach("order_qty", 401, 400, "instrument")
"""An order a share beyond its soft limit."""


class Clever(Decision):
    """A decision with ideas of its own."""


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (None, "a Decision was expected, was NoneType None"),
        (True, "a Decision was expected, was bool True"),
        ("approved", "a Decision was expected, was str 'approved'"),
        ((APPROVED,), "a Decision was expected, was tuple"),
        (Clever(True), "a Decision was expected, was Clever"),
        (bent(APPROVED, approved=1), "approved: True or False was expected, was int 1"),
        (bent(APPROVED, approved="yes"), "approved: True or False was expected, was str 'yes'"),
        (Decision(False, "x", float("nan")), "observed: a finite number was expected"),
        (Decision(False, "x", 10**400), "observed: a finite number was expected"),
        (Decision(True, "x", 1, float("inf")), "limit: a finite number was expected"),
        (bent(APPROVED, observed="1"), "observed: a number or None was expected, was str '1'"),
        (bent(APPROVED, limit=True), "limit: a number or None was expected, was bool True"),
        (bent(APPROVED, reason=None), "reason: a text was expected, was NoneType None"),
        (Decision(False, "x" * 201), "reason: at most 200 printable characters were expected"),
        (Decision(False, "a\nb"), "reason: at most 200 printable characters were expected"),
        (Decision(False, "\udc80"), "reason: at most 200 printable characters were expected"),
        (bent(APPROVED, level=3), "level: a text was expected, was int 3"),
        (bent(APPROVED, soft=["order_qty"]), "soft: a tuple of SoftBreach was expected, was list"),
        (bent(APPROVED, soft=("order_qty",)), "soft: a tuple of SoftBreach was expected, was tuple"),
        (Decision(True, soft=(BREACH._replace(limit=None),)), "soft.limit: a number was expected, was None"),  # type: ignore[arg-type]
        (Decision(True, soft=(BREACH._replace(limit=nan),)), "soft.limit: a finite number was expected"),
        (Decision(True, soft=(BREACH._replace(observed=inf),)), "soft.observed: a finite number was expected"),
        (
            Decision(True, soft=(BREACH._replace(reason="a\nb"),)),
            "soft.reason: at most 200 printable characters were expected",
        ),
        (Decision(True, soft=(BREACH,) * 101), "soft: at most 100 were expected, were 101"),
        (Decision(True, Slippery("x")), "an answer that can be read was expected, was one that raises RuntimeError"),
        (
            bent(APPROVED, approved=10**5000),
            "an answer that can be read was expected, was one that raises ValueError",
        ),
    ],
)
def test_a_decision_that_is_garbage_denies(answer: object, what: str) -> None:
    """Also one that says approved."""
    guard, world = guarded(lambda: answer)

    assert guard.decide(buy(1), desk_view()) == FAILED
    assert failures(world) == [("garbage", "decide", what)]


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (None, "a tuple of Commands was expected, was NoneType None"),
        ([CancelAll()], "a tuple of Commands was expected, was list"),
        ((CancelAll(), "flatten"), "a Command was expected, was str 'flatten'"),
        ((CancelAll(),) * 1001, "at most 1000 Commands were expected, was 1001"),
        ((CancelAll("XYZ"),), "scope: 'firm' or a symbol of the desk was expected, was str 'XYZ'"),
        ((CancelAll(["SPY"]),), "scope: 'firm' or a symbol of the desk was expected, was list"),  # type: ignore[arg-type]
        ((SetState("firm", 7, "x", 0),), "level: a Level was expected, was int 7"),  # type: ignore[arg-type]
        ((SetState("firm", Level.L1, "x", -1),), "trigger_ns: a time from 0 to now was expected, was int -1"),
        (
            (SetState("firm", Level.L1, "x", 10**10 + 1),),
            "trigger_ns: a time from 0 to now was expected, was int 10000000001",
        ),
        ((SetState("firm", Level.L1, None, 0),), "reason: a text was expected, was NoneType None"),  # type: ignore[arg-type]
        ((Reduce(None),), "order: a NewOrder was expected, was NoneType None"),  # type: ignore[arg-type]
        ((Reduce(sell(1, symbol="XYZ")),), "order.symbol: a symbol of the desk was expected"),
        ((Reduce(bent(sell(1), side=-1)),), "order.side: a Side was expected, was int -1"),
        ((Reduce(sell(0)),), "order.qty: whole shares above 0 were expected, was int 0"),
        ((Reduce(bent(sell(1), qty=float("nan"))),), "order.qty: whole shares above 0 were expected, was float nan"),
        (
            (Reduce(bent(sell(1), limit_micros=None)),),
            "order.limit_micros: whole micro-dollars above 0 were expected, was NoneType None",
        ),
        (
            (Reduce(bent(sell(1, None), limit_micros=5)),),
            "order.limit_micros: None was expected of a market order",
        ),
    ],
)
def test_commands_that_are_garbage_are_not_carried_out(answer: object, what: str) -> None:
    """Not even the sound ones among them."""
    guard, world = guarded(lambda: answer)

    assert guard.on_timer(desk_view()) == ()
    assert failures(world) == [("garbage", "on_timer", what)]


def spin() -> None:
    """Never come back."""
    while True:
        pass


def cling() -> None:
    """Never come back, whatever exception comes."""
    while True:
        with contextlib.suppress(Exception):
            time.sleep(60)


@pytest.mark.parametrize("act", [spin, cling, lambda: time.sleep(60)])
def test_a_governor_that_hangs_is_dead(act: Callable[[], Any]) -> None:
    """It is written down once, never called again, and everything is denied from then on."""
    guard, world = guarded(act, patience_s=0.1)
    view = desk_view()

    assert guard.decide(buy(1), view) == FAILED
    assert guard.dead
    assert failures(world) == [("hung", "decide", "no answer within 0.1 s; it is not called again")]
    assert "test_guard.py" in guard.failures[0].traceback

    assert guard.decide(buy(1), view) == FAILED
    assert guard.on_timer(view) == ()
    assert isinstance(guard.governor, Theirs)
    assert guard.governor.calls == 1
    assert len(failures(world)) == 1


def test_everybody_who_wants_to_know_is_told() -> None:
    """The run writes the traceback into its own log."""
    told: list[tuple[str, str]] = []
    guard = GuardedGovernor(Theirs(lambda: 1 // 0), World(1), lambda record, trace: told.append((record.how, trace)))
    guard.decide(buy(1), desk_view())

    assert [(how, "ZeroDivisionError" in trace) for how, trace in told] == [("raised", True)]


def test_only_so_many_tracebacks_are_kept() -> None:
    """A governor that fails at every tick fills the event log, not the memory."""
    guard, world = guarded(lambda: 1 // 0)
    for _ in range(150):
        guard.decide(buy(1), desk_view())

    assert (len(guard.failures), guard.failed, len(failures(world))) == (100, 150, 150)


def test_without_a_timer_signal_there_is_no_watchdog_and_it_says_so() -> None:
    """Outside the main thread a hang cannot be ended; everything else is guarded all the same."""
    world = World(1)
    answers: list[Decision] = []

    def elsewhere() -> None:
        guard = GuardedGovernor(Theirs(lambda: 1 // 0), world)
        answers.append(guard.decide(buy(1), desk_view()))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()

    assert answers == [FAILED]
    assert [finding.code for finding in world.log.of(Finding)] == ["no_watchdog"]


def test_a_recursion_without_end_is_caught() -> None:
    """The stack is the governor's to fill, not the run's to lose."""

    def deep() -> Any:
        return deep()

    guard, world = guarded(deep)
    before = sys.getrecursionlimit()

    assert guard.decide(buy(1), desk_view()) == FAILED
    assert failures(world)[0][2].startswith("RecursionError")
    assert sys.getrecursionlimit() == before
