"""What the checks are asked of one instruction: everything they look at, gathered once."""

from __future__ import annotations

from engine.domain.governance import FIRM, STRATEGY_PREFIX, VENUE, Decision, DeskView, Level
from engine.domain.orders import NewOrder, ReplaceOrder
from engine.domain.records import ParentOrder
from engine.trading.asked import Ask, deny
from engine.trading.checks_size import parent_of
from engine.trading.exposure import Exposures
from engine.trading.flatten import Flattener
from engine.trading.levels import Levels
from engine.trading.limits_in_force import LimitsInForce
from engine.trading.loss import LossWatch
from engine.trading.own_book import Chain
from engine.trading.past import Groups, Past
from engine.trading.rules import FIRM_LEVEL, INSTRUMENT, STRATEGY, OrderRules

_L3 = Level.L3


class Asking:
    """Gathers what the checks look at, from the desk's view and from what the governor keeps."""

    def __init__(
        self, limits: LimitsInForce, past: Past, levels: Levels, losses: LossWatch, flattener: Flattener
    ) -> None:
        self.parents: dict[int, ParentOrder] = {}
        """Every parent order that was announced, by its id."""
        self._limits = limits
        self._past = past
        self._levels = levels
        self._losses = losses
        self._flattener = flattener
        self._exposures = Exposures()
        self.obey()

    def obey(self) -> None:
        """Other limits are in force."""
        self._exposures.obey(self._limits.sector_of)

    def follow(self, view: DeskView, symbol: str = "") -> None:
        """Put what has changed since the last call into the sums over all symbols, for a look at *symbol*.

        That one's own part is put in place of the one in the sum when it is looked at, so it may be of before.
        """
        changed = self._exposures.follow(view)
        for book in self._past.book.valued:
            stale = book.stale
            if changed or (stale and not (len(stale) == 1 and symbol in stale)):
                book.follow(changed, self._exposures.marks)

    def ask(self, order: NewOrder | ReplaceOrder, view: DeskView, rules: OrderRules, groups: Groups) -> Ask | Decision:
        """The instruction with everything the checks look at; a deny if the order to replace is not there."""
        symbol, side, now_ns = order.symbol, order.side, view.now_ns
        self.follow(view, symbol)
        open_qty = added = group_added = order.qty
        same_side, position = view.working(symbol, side), view.position(symbol)
        no_more_open = False
        if isinstance(order, ReplaceOrder):
            old, chain = view.order_left(order.target_id), self._past.book.chains.get(order.target_id)
            if old is None:
                return deny("unknown_order")
            if refused := _refused(order, old[0], chain):
                return refused
            open_qty = max(order.qty - (chain.filled if chain else 0), 0)
            same_side = max(same_side - old[1], 0)
            added = max(open_qty - old[1], 0)
            no_more_open = not added
            group_added = added if chain else open_qty
        reducing = side * position < 0 and same_side + open_qty <= abs(position)
        level, where = self._levels.meets(symbol, order.strategy)
        asked = Ask(
            order=order,
            rules=rules,
            firm=self._limits.firm,
            view=view,
            now_ns=now_ns,
            past=self._past,
            exposures=self._exposures,
            quote=view.quote(symbol),
            limit_micros=order.limit_micros,
            open_qty=open_qty,
            added=added,
            group_added=group_added,
            same_side=same_side,
            position=position,
            increasing=not (reducing or no_more_open),
            level=level,
            level_of=_level_of(where),
            allowance=self._flattener.allowance(symbol, view) if level >= _L3 else 0,
            losses=self._losses.losses(view),
            capital_micros=self._limits.capital_micros,
            groups=groups,
            source_fault=self._limits.fault(now_ns),
        )
        if self.parents and (parent := self.parents.get(parent_of(asked))) is not None:
            fits = (parent.symbol, parent.side) == (symbol, int(side))
            asked.parent_qty = parent.qty if fits else 0
        return asked


def _refused(order: ReplaceOrder, old_side: object, chain: Chain | None) -> Decision | None:
    """Why the order may not be replaced by this one."""
    if chain is not None and chain.symbol != order.symbol:
        return deny("unknown_order")
    if old_side is not order.side:
        return deny("bad_side")
    if chain is not None and (chain.strategy, chain.trader) != (order.strategy, order.trader):
        return deny("not_permitted", level=STRATEGY)
    return None


def _level_of(scope: str) -> str:
    """The word for a scope in a deny."""
    if scope in (FIRM, VENUE):
        return FIRM_LEVEL
    return STRATEGY if scope.startswith(STRATEGY_PREFIX) else INSTRUMENT
