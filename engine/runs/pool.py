"""Jobs in processes of their own: each in a fresh one, so many at a time, and one that dies is begun once more.

Nothing is shared between two jobs, so how many run side by side changes nothing but the time. The processes come from
a server that has done nothing but import (no threads, no open files), where the system has one. None of them outlives
the process that asked for them, however that ends.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from engine.base.errors import StressError
from engine.runs.pool_events import Answered, Began, Broke, Died, Event, Refused, Said

J = TypeVar("J")
Tell = Callable[[str], None]

OPEN = "open"
"""What a job tells when the others of its group may begin."""
ATTEMPTS = 2


@dataclass(frozen=True)
class Task(Generic[J]):
    """A job under its number. Of a *group* the first goes alone, until it is over or tells :data:`OPEN`."""

    number: int
    job: J
    group: str = ""


@dataclass
class _Running(Generic[J]):
    task: Task[J]
    process: Any
    answers: Connection
    attempt: int


class Pool(Generic[J]):
    """Runs tasks with *work*, a function of a module, in at most *workers* processes at a time."""

    def __init__(self, work: Callable[[J, Tell], Any], workers: int) -> None:
        self._work = work
        self._workers = workers
        self._running: dict[Connection, _Running[J]] = {}
        self._opened: set[str] = {""}
        self._wake_reader, self._wake_writer = os.pipe()
        os.set_blocking(self._wake_writer, False)
        self._ending = False
        self._context = _context(work.__module__)

    def play(self, tasks: Sequence[Task[J]]) -> Iterator[Event]:
        """Everything that happens until each task is done, or those that were running when :meth:`end` was called."""
        waiting = [(task, 1) for task in tasks]
        try:
            while waiting or self._running:
                yield from self._begin(waiting)
                if not self._running:
                    return
                for ready in connection.wait([*self._running, self._wake_reader]):
                    if ready is self._wake_reader or isinstance(ready, int):
                        os.read(self._wake_reader, 1024)
                        continue
                    assert isinstance(ready, Connection)
                    yield from self._heard(ready, waiting)
        finally:
            self.kill()
            os.close(self._wake_reader)
            os.close(self._wake_writer)

    def end(self) -> None:
        """Begin nothing more and ask what runs to end, once. May be called by a signal's handler."""
        self._ending = True
        for running in list(self._running.values()):
            with suppress(OSError, AttributeError):
                running.process.terminate()
        self._wake()

    def begin_no_more(self) -> None:
        """What runs may end in peace, nothing else begins."""
        self._ending = True
        self._wake()

    def kill(self) -> None:
        """End every process of this pool now, and wait until it has."""
        for running in list(self._running.values()):
            running.process.kill()
            running.process.join()
            running.answers.close()
        self._running.clear()

    def _wake(self) -> None:
        with suppress(OSError):  # full: it is awake already
            os.write(self._wake_writer, b"!")

    def _begin(self, waiting: list[tuple[Task[J], int]]) -> Iterator[Event]:
        """Start what may be started now, in its order."""
        for entry in list(waiting):
            if self._ending or len(self._running) >= self._workers:
                break
            task, attempt = entry
            if task.group not in self._opened and any(run.task.group == task.group for run in self._running.values()):
                continue
            waiting.remove(entry)
            self._start(task, attempt)
            yield Began(task.number, attempt)
        if self._ending:
            waiting.clear()

    def _start(self, task: Task[J], attempt: int) -> None:
        answers, sending = self._context.Pipe(duplex=False)
        process = self._context.Process(target=_in_process, args=(self._work, task.job, sending), daemon=False)
        process.start()
        sending.close()  # ours: so that the end of the process is the end of what can be read
        self._running[answers] = _Running(task, process, answers, attempt)

    def _heard(self, answers: Connection, waiting: list[tuple[Task[J], int]]) -> Iterator[Event]:
        """One message of a process, or its end."""
        running = self._running[answers]
        number = running.task.number
        try:
            word, *content = answers.recv()
        except (EOFError, OSError):
            yield self._died(running, waiting)
            return
        if word == "said":
            if content[0] == OPEN:
                self._opened.add(running.task.group)
            else:
                yield Said(number, content[0])
            return
        self._over(running)
        if word == "answered":
            yield Answered(number, content[0], running.attempt)
        elif word == "refused":
            yield Refused(number, content[0])
        else:
            yield Broke(number, *content)

    def _died(self, running: _Running[J], waiting: list[tuple[Task[J], int]]) -> Died:
        self._over(running)
        again = running.attempt < ATTEMPTS and not self._ending
        if again:
            waiting.insert(0, (running.task, running.attempt + 1))
        return Died(running.task.number, _how(running.process.exitcode), running.attempt, again)

    def _over(self, running: _Running[J]) -> None:
        running.process.join()
        running.answers.close()
        del self._running[running.answers]
        self._opened.add(running.task.group)


def _context(module: str) -> Any:
    """Where processes come from: a server that has *module* imported, or fresh interpreters where there is none."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    # Ctrl-C reaches everybody at the terminal; only the process that asked for the others decides what it means.
    if threading.current_thread() is not threading.main_thread():
        forkserver.ensure_running()
        return context
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        forkserver.ensure_running()
    finally:
        signal.signal(signal.SIGINT, before)
    return context


def _how(exitcode: int | None) -> str:
    """How a process ended, in words."""
    if exitcode is not None and exitcode < 0:
        with suppress(ValueError):
            return f"ended by {signal.Signals(-exitcode).name}"
    return f"ended with {exitcode}"


def _in_process(work: Callable[[Any, Tell], Any], job: Any, sending: Connection) -> None:
    """What a process does: the work, and one last message about how it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _end_with_parent()
    message: tuple[Any, ...]
    try:
        message = ("answered", work(job, lambda text: sending.send(("said", text))))
    except StressError as error:
        message = ("refused", error)
    except Exception as error:  # noqa: BLE001 - it is reported where the task was asked for
        message = ("broke", f"{type(error).__name__}: {error}", traceback.format_exc())
    sys.stdout.flush()
    sending.send(message)
    sending.close()


def _end_with_parent() -> None:
    """Nobody would hear the answer of a process whose parent has gone: it ends too."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
