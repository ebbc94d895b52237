"""Playing a LOBSTER day: every change of its top of book and every execution, row by row."""

from __future__ import annotations

from engine.domain.orders import Side
from engine.domain.ports import NEVER_NS, MarketEvent
from engine.market.quality import DataFinding
from engine.market.quality_messages import MessageCheck
from engine.market.replay_book import ReplayBook
from engine.market.replay_clock import ReplayClock
from engine.market.tape import Chunk, Tape, chunks, hashes, last_stamp
from engine.market.tape_rows import HALT, HIDDEN, VISIBLE


class MessagePlayer:
    """A LOBSTER day in a run. A crossed or locked row is not shown: the book above it stands until the next."""

    def __init__(self, tape: Tape, tick_micros: int, clock: ReplayClock) -> None:
        """Raise TapeError if the tape is broken, MarketError if it does not cover the window."""
        self._tape = tape
        self._clock = clock
        self._end_ns: int | None = None
        self._source = chunks(tape)
        self._chunk: Chunk = next(self._source)
        self._place = 0
        """The row to be played next, within the chunk."""
        self._check = MessageCheck(tape)
        self._checked = 0
        """The first row of the chunk that has not been checked."""
        self._halted = False
        self.next_ns = clock.run_ns(self._chunk.stamp_ns[0])
        opening = self._skip_to_start()
        self._checked = self._place
        self.book = ReplayBook(tape.symbol, tick_micros, opening, halted=self._halted)

    @property
    def end_ns(self) -> int:
        """The run's time at the last row played, found by a pass over the message file at the first question."""
        if self._end_ns is None:
            last_ns, _ = last_stamp(self._tape)
            self._end_ns = self._clock.run_ns(last_ns if self._clock.to_ns is None else min(last_ns, self._clock.to_ns))
        return self._end_ns

    def inputs(self) -> tuple[tuple[str, str], ...]:
        """Name and sha256 of the files played."""
        return hashes(self._tape)

    def findings(self) -> tuple[DataFinding, ...]:
        """What was odd in the rows played so far."""
        self._check_up_to(self._place)
        return self._check.findings.found()

    def play(self, events: list[MarketEvent]) -> None:
        """Play the row that is due: first its execution, then the book after it."""
        chunk, place, t_ns = self._chunk, self._place, self.next_ns
        book = self.book
        kind = chunk.kind[place]
        if kind in (VISIBLE, HIDDEN):
            # The direction is that of the resting order; the aggressor is the other party.
            aggressor = Side(-chunk.direction[place])
            events += book.trade(t_ns, aggressor, chunk.qty[place], chunk.price_micros[place], visible=kind == VISIBLE)
        if chunk.sound[place]:
            book.move_to(chunk.book, place)
            if chunk.top_moved[place] or not book.quiet:
                events += book.show(t_ns)
        if kind == HALT:
            events += book.halt(t_ns, halted=_halts(chunk.price_micros[place]))
        self._step()

    def _step(self) -> None:
        """Go to the next row."""
        self._place += 1
        if self._place == len(self._chunk.stamp_ns):
            self._check_up_to(self._place)
            chunk = next(self._source, None)
            if chunk is None:
                self.next_ns = NEVER_NS
                return
            self._chunk, self._place, self._checked = chunk, 0, 0
        stamp_ns = self._chunk.stamp_ns[self._place]
        self.next_ns = NEVER_NS if self._clock.is_over(stamp_ns) else self._clock.run_ns(stamp_ns)

    def _check_up_to(self, place: int) -> None:
        self._check.feed(self._chunk, self._checked, place)
        self._checked = place

    def _skip_to_start(self) -> list[int]:
        """Pass over the rows before time 0, unchecked: the book that stands then, or the tape's first."""
        name, clock = self._tape.messages.name, self._clock
        clock.check_begin(name, self._chunk.stamp_ns[0], self._chunk.first_row)
        if clock.to_ns is not None:
            clock.check_end(name, *last_stamp(self._tape))
        book: list[int] = self._chunk.book[0].tolist() if self._chunk.sound[0] else [0] * 4 * self._tape.levels
        while self.next_ns < 0:
            chunk, place = self._chunk, self._place
            if chunk.sound[place]:
                book = chunk.book[place].tolist()
            if chunk.kind[place] == HALT:
                self._halted = _halts(chunk.price_micros[place])
            self._checked = place + 1
            self._step()
        if self._place == len(self._chunk.stamp_ns):  # the last row was passed over
            clock.check_end(name, self._chunk.stamp_ns[-1], self._chunk.first_row + self._place - 1)
        return book


def _halts(price_micros: int) -> bool:
    """Whether a message of type 7 halts trading: −1 does, 0 resumes only quoting, 1 resumes trading."""
    return price_micros <= 0
