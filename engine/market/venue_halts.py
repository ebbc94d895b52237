"""Which symbols the venue stops, and why: each mechanism holds a symbol by itself, and the last one lets it go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.domain.orders import NewOrder
from engine.domain.ports import NEVER_NS, MarketModel
from engine.domain.quotes import MarketState
from engine.kernel.world import World
from engine.market.announcer import Announcer
from engine.market.resting import may_rest

HALTED = "halted"
"""The reason code of an order that a stop refuses."""
REOPENED, LIMIT_LEFT = "reopened", "limit_state_left"
"""Why a symbol is open again: after a stop, after a limit state."""
_GRAVITY = (MarketState.PAUSED, MarketState.HALTED, MarketState.CLOSED)


@dataclass(frozen=True, slots=True)
class Hold:
    """One mechanism keeps a symbol from trading until *until_ns* (``NEVER_NS``: until it is released)."""

    by: str
    state: MarketState
    reason: str
    until_ns: int
    refuses: bool
    """Whether new orders are refused, all of them."""


class Halts:
    """The state of every symbol. The model trades a symbol while nobody holds it."""

    def __init__(
        self,
        world: World,
        model: MarketModel,
        say: Announcer,
        *,
        sync: Callable[[], None],
        reopen: Callable[[str], None],
    ) -> None:
        """*sync* brings the market to now; *reopen* lets a symbol trade again that nobody holds any more."""
        self._world = world
        self._model = model
        self._say = say
        self._sync = sync
        self._reopen = reopen
        self._holds: dict[str, dict[str, Hold]] = {each.symbol: {} for each in model.instruments}
        self._limits: dict[str, str] = {}
        """Symbols in a limit state, and its reason."""
        self._said: dict[str, tuple[MarketState, str]] = {}

    def trades(self, symbol: str) -> bool:
        """Whether orders of *symbol* are matched now."""
        return not self._holds[symbol]

    def in_limit_state(self, symbol: str) -> bool:
        """Whether a quote of *symbol* stands at a band."""
        return symbol in self._limits

    def refusal(self, order: NewOrder) -> str:
        """Why a sound new order is refused now, or nothing; what passes is kept for the auction."""
        holds = self._holds[order.symbol].values()
        closed = next((hold for hold in holds if hold.state is MarketState.CLOSED), None)
        if closed is not None:
            return closed.reason
        refused = any(hold.refuses for hold in holds) or not may_rest(order)
        return HALTED if holds and refused else ""

    def hold(self, symbol: str, hold: Hold) -> None:
        """Stop *symbol*; a hold of the same mechanism takes the place of its last one."""
        if not self._holds[symbol]:
            self._limits.pop(symbol, None)
            self._model.set_trading(symbol, trading=False)
        self._holds[symbol][hold.by] = hold
        self._tell(symbol, REOPENED)
        if hold.until_ns < NEVER_NS:
            self._world.at(hold.until_ns, lambda: self._expire(symbol, hold))

    def release(self, symbol: str, by: str) -> None:
        """The mechanism *by* lets *symbol* go."""
        self._holds[symbol].pop(by, None)
        self._tell(symbol, REOPENED)
        if not self._holds[symbol]:
            self._reopen(symbol)

    def enter_limit_state(self, symbol: str, reason: str) -> None:
        """A quote of *symbol*, which trades, stands at a band."""
        self._limits[symbol] = reason
        self._tell(symbol, "")

    def leave_limit_state(self, symbol: str) -> None:
        """No quote of *symbol* stands at a band any more."""
        del self._limits[symbol]
        self._tell(symbol, LIMIT_LEFT)

    def _expire(self, symbol: str, hold: Hold) -> None:
        self._sync()
        if self._holds[symbol].get(hold.by) is hold:
            self.release(symbol, hold.by)

    def _tell(self, symbol: str, opened: str) -> None:
        """Say the gravest state of *symbol* if it is another one than was said last."""
        holds = self._holds[symbol].values()
        if holds:
            worst = max(holds, key=lambda hold: _GRAVITY.index(hold.state))
            state, reason = worst.state, worst.reason
        elif symbol in self._limits:
            state, reason = MarketState.LIMIT_STATE, self._limits[symbol]
        else:
            state, reason = MarketState.OPEN, opened
        if self._said.get(symbol) != (state, reason):
            self._said[symbol] = (state, reason)
            self._say.state(symbol, state, reason)
