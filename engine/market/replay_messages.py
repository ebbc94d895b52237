"""Playing a LOBSTER day: each of its messages on the order book in which the desk's orders stand, at its time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

import numpy as np

from engine.domain.ports import NEVER_NS, MarketEvent
from engine.market.quality import DataFinding
from engine.market.quality_messages import MessageCheck
from engine.market.replay_arrays import Ints, fed, shown_already
from engine.market.replay_clock import ReplayClock
from engine.market.replay_order_book import TapeBook
from engine.market.tape import Chunk, Tape, chunks, hashes, last_stamp
from engine.market.tape_rows import HALT, NEW


class MessagePlayer:
    """A LOBSTER day in a run. A crossed or locked row is not shown: the book above it stands until the next.

    The messages of such rows are not applied; the next row that is sound puts the book right.
    """

    def __init__(self, tape: Tape, tick_micros: int, clock: ReplayClock) -> None:
        """Raise TapeError if the tape is broken, MarketError if it does not cover the window."""
        self._tape = tape
        self._clock = clock
        self._end_ns: int | None = None
        self._source = chunks(tape)
        self._check = MessageCheck(tape)
        self._checked = 0
        """The first row of the chunk that has not been checked."""
        self._place = 0
        """The row to be played next, within the chunk."""
        self._halted = False
        self._feed: tuple[Ints, Ints] | None = None
        """The chunk as the book plays it, once it does."""
        self._take(next(self._source))
        opening = self._skip_to_start()
        self._checked = self._place
        self.book = TapeBook(tape.symbol, tick_micros, opening, halted=self._halted)

    @property
    def end_ns(self) -> int:
        """The run's time at the last row played, found by a pass over the message file at the first question."""
        if self._end_ns is None:
            last_ns, _ = last_stamp(self._tape)
            self._end_ns = self._clock.run_ns(last_ns if self._clock.to_ns is None else min(last_ns, self._clock.to_ns))
        return self._end_ns

    @property
    def next_ns(self) -> int:
        """The run's time of the next row; ``NEVER_NS`` after the last."""
        return self._run_ns[self._place] if self._place < self._last else NEVER_NS

    def inputs(self) -> tuple[tuple[str, str], ...]:
        """Name and sha256 of the files played."""
        return hashes(self._tape)

    def findings(self) -> tuple[DataFinding, ...]:
        """What was odd in the rows played so far."""
        self._check_up_to(self._place)
        return self._check.findings.found()

    def play(self, events: list[MarketEvent], until_ns: int) -> None:
        """Play the rows up to and including *until_ns*: of each the trades, then the quote after it."""
        while self.next_ns <= until_ns:
            if self._feed is None:
                self._feed = self._made_ready()
            feed, known = self._feed
            last = bisect_right(self._run_ns, until_ns, self._place, self._last)
            self.book.play(feed, self._chunk.book, known, self._place, last, events)
            self._place = last
            self._go_on()

    def _take(self, chunk: Chunk) -> None:
        """Let *chunk* be played next."""
        self._chunk, self._place, self._checked, self._feed = chunk, 0, 0, None
        self._run_ns = [self._clock.run_ns(stamp_ns) for stamp_ns in chunk.stamp_ns]
        self._last = len(self._run_ns)
        if self._clock.to_ns is not None:
            self._last = bisect_left(chunk.stamp_ns, self._clock.to_ns)

    def _go_on(self) -> None:
        """Take the next chunk, if this one has been played to its end."""
        if self._place == len(self._run_ns):
            self._check_up_to(self._place)
            chunk = next(self._source, None)
            if chunk is not None:
                self._take(chunk)

    def _made_ready(self) -> tuple[Ints, Ints]:
        """The chunk for the book. The tape's first message is not applied: its book is the first that there is."""
        chunk, book = self._chunk, self.book
        feed, known = fed(chunk.messages, np.array(self._run_ns), chunk.sound, book.tape)
        if chunk.first_row == 1 and self._place == 0:
            shown_already(feed, 0)
        kinds = chunk.messages[:, 0]
        book.begin(chunk.book[chunk.sound], chunk.messages[kinds == NEW, 3])
        return feed, known

    def _check_up_to(self, place: int) -> None:
        self._check.feed(self._chunk, self._checked, place)
        self._checked = place

    def _skip_to_start(self) -> list[int]:
        """Pass over the rows before time 0, unchecked: the book that stands then, or the tape's first."""
        name, clock, chunk = self._tape.messages.name, self._clock, self._chunk
        clock.check_begin(name, chunk.stamp_ns[0], chunk.first_row)
        if clock.to_ns is not None:
            clock.check_end(name, *last_stamp(self._tape))
        book: list[int] = chunk.book[0].tolist() if chunk.sound[0] else [0] * 4 * self._tape.levels
        while self.next_ns < 0:
            chunk = self._chunk
            self._place = bisect_left(self._run_ns, 0, 0, self._last)
            for place in range(self._place):
                if chunk.kind[place] == HALT:
                    self._halted = chunk.price_micros[place] <= 0
            sound = np.flatnonzero(chunk.sound[: self._place])
            if len(sound):
                book = chunk.book[sound[-1]].tolist()
            self._checked = self._place
            self._go_on()
        if self._place == len(self._run_ns):  # the last row was passed over
            clock.check_end(name, self._chunk.stamp_ns[-1], self._chunk.first_row + self._place - 1)
        return book
