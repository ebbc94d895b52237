"""The conditions that hold the desk by themselves, and let it go when they have cleared and the books agree.

``daily_loss_soft`` ``drawdown_soft``: a loss at or beyond its soft step, until it is back under 80 % of it ·
``limits_…``: the limits may not be judged by, see :mod:`engine.trading.limits_source` (begun by the governor) ·
``session_down``: the broker session is down (for too long: the position is given up) · ``books_disagree``: an
order's fate has been unknown for over a second · ``stale_quote``: something is held whose last quote is too old to know
what it is worth.
"""

from __future__ import annotations

from math import isfinite

from engine.base.units import NS_PER_S, ns_from_ms, ns_from_s
from engine.domain.governance import DeskView
from engine.trading.levels import Levels
from engine.trading.loss import LossWatch, Step
from engine.trading.rules import Limit

BOOKS_PATIENCE_NS = NS_PER_S
"""Books that disagree for longer than this hold the desk; shorter is the normal way of an answer."""


class Holds:
    """Looks at the desk and begins and ends the automatic holds in *levels*."""

    def __init__(self, levels: Levels, losses: LossWatch, quote_age: Limit, session_down: Limit) -> None:
        self._levels = levels
        self._losses = losses
        self._first_look_ns: int | None = None
        self._last_look_ns = 0
        self._disagree_since_ns: int | None = None
        self._down_since_ns: int | None = None
        self._found: tuple[tuple[Step, Step], bool, bool, bool] | None = None
        """At the last look: what the losses called for, session up, books agree, a quote too old."""
        self._beyond: tuple[str, ...] = ()
        self._all_fresh_until_ns = -1
        """Until then no quote can be too old, of whatever is held: quotes only become newer."""
        self.obey(quote_age, session_down)

    def obey(self, quote_age: Limit, session_down: Limit) -> None:
        """Hold by these limits from now on."""
        self._age_ns = None if quote_age.hard is None else ns_from_ms(_patience(quote_age.hard))
        self._down_most_ns = None if session_down.hard is None else ns_from_s(_patience(session_down.hard))
        self._all_fresh_until_ns, self._was_in_order = -1, False

    def look(self, view: DeskView) -> tuple[str, ...]:
        """Look now; the names of what calls for giving the position up: losses, and a session that is down too long."""
        now_ns = view.now_ns
        if self._first_look_ns is None:
            self._first_look_ns = now_ns
        if not self._as_before(view, now_ns):
            self._beyond = self._look_at_losses(view) + self._look_at_session(view)
            self._look_at_books(view)
            self._look_at_quotes(view)
        self._last_look_ns = now_ns
        return self._beyond

    def _as_before(self, view: DeskView, now_ns: int) -> bool:
        """Whether session and books are well, and the rest as at the last look.

        Then a look would only begin and end the same holds once more; nearly all looks are like that.
        """
        up, agree, before = view.session_up, view.books_agree, self._found
        too_old = now_ns > self._all_fresh_until_ns and now_ns > self._due_ns(view, now_ns)
        self._found = (self._losses.steps(view), up, agree, too_old)
        return up and agree and self._found == before

    def _look_at_losses(self, view: DeskView) -> tuple[str, ...]:
        beyond = []
        for loss in self._losses.losses(view):
            step, reason = loss.step, f"{loss.name}_soft"
            if step is Step.FLATTEN:
                beyond.append(loss.name)
            if step is not Step.STAY:
                self._hold(reason, view, view.now_ns, condition=step is not Step.NOTHING)
        return tuple(beyond)

    def _look_at_session(self, view: DeskView) -> tuple[str, ...]:
        self._hold("session_down", view, view.now_ns, condition=not view.session_up)
        if view.session_up:
            self._down_since_ns = None
            return ()
        if self._down_since_ns is None:
            self._down_since_ns = view.now_ns
        too_long = self._down_most_ns is not None and view.now_ns - self._down_since_ns > self._down_most_ns
        return ("session_down",) if too_long else ()

    def _look_at_books(self, view: DeskView) -> None:
        if view.books_agree:
            self._disagree_since_ns = None
            self._levels.release("books_disagree")
            return
        if self._disagree_since_ns is None:
            self._disagree_since_ns = view.now_ns
        due_ns = self._disagree_since_ns + BOOKS_PATIENCE_NS
        self._hold("books_disagree", view, due_ns, condition=view.now_ns > due_ns)

    def _look_at_quotes(self, view: DeskView) -> None:
        if self._age_ns is None:
            return
        due_ns = self._due_ns(view, view.now_ns)
        self._hold("stale_quote", view, max(due_ns, self._last_look_ns), condition=view.now_ns > due_ns)

    def _due_ns(self, view: DeskView, now_ns: int) -> int:
        """When the oldest of the last quotes of what is held is, or was, too old; never without an age limit."""
        if self._age_ns is None:
            return now_ns
        oldest_ns = oldest_of_all_ns = now_ns
        for symbol in view.symbols():
            quote = view.quote(symbol)
            quoted_ns = quote.t_ns if quote else self._first_look_ns or 0
            oldest_of_all_ns = min(oldest_of_all_ns, quoted_ns)
            if view.position(symbol):
                oldest_ns = min(oldest_ns, quoted_ns)
        self._all_fresh_until_ns = oldest_of_all_ns + self._age_ns
        return oldest_ns + self._age_ns

    def _hold(self, reason: str, view: DeskView, trigger_ns: int, *, condition: bool) -> None:
        if condition:
            self._levels.hold(reason, trigger_ns)
        elif view.books_agree:
            self._levels.release(reason)


def _patience(length: float) -> float:
    """*length*; none at all if it is no number."""
    return length if isfinite(length) else 0.0
