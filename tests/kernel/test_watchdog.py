"""The watchdog: ends a call that does not come back, and leaves the signals as it found them."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from types import FrameType

import pytest

from engine.kernel.watchdog import Hung, Watchdog

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this platform has no interval timers")


@pytest.fixture(autouse=True)
def _signals_are_left_alone() -> Iterator[None]:
    """Handler and timer are the same afterwards."""
    before = signal.getsignal(signal.SIGALRM)
    yield
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0


def test_a_call_that_comes_back_is_not_disturbed() -> None:
    """Arguments go in, the answer comes out."""
    assert Watchdog(5).call(divmod, 17, 5) == (3, 2)


def test_an_error_of_the_call_passes_through() -> None:
    """The watchdog judges time, nothing else."""
    with pytest.raises(ZeroDivisionError):
        Watchdog(5).call(divmod, 1, 0)


def test_an_endless_loop_is_ended() -> None:
    """A call that computes forever."""

    def spin() -> None:
        while True:
            pass

    with pytest.raises(Hung, match=r"no answer within 0.1 s"):
        Watchdog(0.1).call(spin)


def test_a_sleep_is_ended() -> None:
    """A call that waits forever."""
    with pytest.raises(Hung):
        Watchdog(0.1).call(time.sleep, 60)


def test_catching_every_exception_does_not_swallow_it() -> None:
    """Hung is no Exception."""

    def stubborn() -> None:
        while True:
            with contextlib.suppress(Exception):
                time.sleep(60)

    with pytest.raises(Hung):
        Watchdog(0.1).call(stubborn)


def test_swallowing_it_once_does_not_help() -> None:
    """It comes again at the next tick."""
    swallowed: list[Hung] = []

    def defiant() -> None:
        try:
            time.sleep(60)
        except Hung as error:
            swallowed.append(error)
        time.sleep(60)

    with pytest.raises(Hung):
        Watchdog(0.1).call(defiant)
    assert len(swallowed) == 1


def test_many_short_calls_are_not_one_long_one() -> None:
    """Patience is per call."""
    dog = Watchdog(0.1)
    for _ in range(5):
        dog.call(time.sleep, 0.03)


def test_the_timer_of_somebody_else_goes_on() -> None:
    """An alarm that was set before rings after the call, with its own handler."""
    rang: list[int] = []

    def ring(number: int, _frame: FrameType | None) -> None:
        rang.append(number)

    old = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        Watchdog(5).call(time.sleep, 0.02)
        left_s = signal.getitimer(signal.ITIMER_REAL)[0]
        time.sleep(0.3)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)

    assert 0 < left_s < 0.1
    assert rang == [signal.SIGALRM]


def test_outside_the_main_thread_it_is_not_available() -> None:
    """Signals reach the main thread only."""
    seen: list[bool] = []
    thread = threading.Thread(target=lambda: seen.append(Watchdog.available()))
    thread.start()
    thread.join()

    assert (Watchdog.available(), seen) == (True, [False])


@pytest.mark.parametrize("patience_s", [0.0, -1.0, float("nan")])
def test_a_senseless_patience_is_refused(patience_s: float) -> None:
    """A patience of zero would call everything hung."""
    with pytest.raises(ValueError, match="a patience above 0 s"):
        Watchdog(patience_s)
