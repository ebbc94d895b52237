"""The accounting invariants I1 to I12 of the desk's books, each a function that says what does not hold.

They are the reference's (controls and events, part 4): computed from other numbers than those they check. ``check``
functions look at a :class:`Scene` and return sentences, empty when the invariant holds. In tests they run after every
event, in a run now and then and at the end. What is noticed only when it happens (an execution with two contents, a
fill after the confirmed end, a bust of something else) is kept by the ledger under the invariant's number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.domain.orders import OrderState, Side
from engine.trading.holding import Holding
from engine.trading.ledger_journal import SUSPENSE
from engine.trading.ledger_replay import replayed, state_hash

if TYPE_CHECKING:
    from engine.trading.broker_end import Statement
    from engine.trading.ledger import Ledger
    from engine.trading.order_table import OrderTable


@dataclass(frozen=True, slots=True)
class Scene:
    """What an invariant looks at: the ledger and, where they are at hand, the live orders and the broker's account."""

    ledger: Ledger
    orders: OrderTable | None = None
    statement: Statement | None = None


def check_i1_cash(scene: Scene) -> list[str]:
    """Cash is the capital, and what every execution moved, less fees."""
    ledger = scene.ledger
    expected = ledger.capital_micros + ledger.flow_micros - ledger.fees_paid_micros
    if ledger.cash_micros == expected:
        return []
    return [f"I1: cash {expected} micro-dollars was expected from the fills, was {ledger.cash_micros}"]


def check_i2_position(scene: Scene) -> list[str]:
    """A position is the sum of its signed executions, counted anew."""
    counted = Counter({symbol: qty for symbol, (qty, _) in scene.ledger.opening.items()})
    for fill in scene.ledger.standing():
        counted[fill.symbol] += fill.side * fill.qty
    return [
        f"I2: position {counted[symbol]} of {symbol} was expected, was {holding.position}"
        for symbol, holding in scene.ledger.holdings.items()
        if not holding.position == counted[symbol] == holding.signed_fills
    ]


def check_i3_idempotence(scene: Scene) -> list[str]:
    """An execution is booked once, and only what was booked was taken back."""
    ledger = scene.ledger
    ghosts = sorted(ledger.busted - ledger.booked.keys())
    told = [f"I3: execution {exec_id} was taken back and never booked" for exec_id in ghosts]
    return [*_noted(scene, "I3"), *told]


def check_i4_no_overfill(scene: Scene) -> list[str]:
    """What each order filled is the sum of its executions, and never more than the order."""
    counted: Counter[int] = Counter()
    for fill in scene.ledger.standing():
        counted[fill.order_id] += fill.qty
    told = [
        f"I4: order {order_id} was filled {counted[order_id]} by its executions, {order.filled} by its account"
        for order_id, order in scene.ledger.orders.items()
        if order.filled != counted[order_id]
    ]
    return [*_noted(scene, "I4"), *told]


def check_i5_order_states(scene: Scene) -> list[str]:
    """No order is filled after its end was confirmed, but for what was filled before and had not come."""
    return _noted(scene, "I5")


def check_i6_average(scene: Scene) -> list[str]:
    """Cost lies between the prices paid, and is that of the executions booked one after the other."""
    told = []
    for symbol, holding in scene.ledger.holdings.items():
        if not holding.average_is_sound:
            told.append(
                f"I6: {symbol} cost {holding.cost_micros} for {holding.position} shares,"
                f" was filled between {holding.low_micros} and {holding.high_micros}"
            )
        elif (again := _again(scene.ledger, symbol)).cost_micros != holding.cost_micros:
            told.append(f"I6: {symbol} cost {again.cost_micros} was expected from the fills, was {holding.cost_micros}")
    return told


def check_i7_busts(scene: Scene) -> list[str]:
    """What was taken back is what had been booked, and nothing of it is left in the realised profit."""
    told = _noted(scene, "I7")
    if scene.ledger.busted:
        for symbol, holding in scene.ledger.holdings.items():
            expected, realised = _again(scene.ledger, symbol).realised_micros, holding.realised_micros
            if realised != expected:
                told.append(f"I7: {symbol} realised {expected} was expected without busts, was {realised}")
    return told


def check_i8_reservations(scene: Scene) -> list[str]:
    """What is reserved for working orders is the sum of their open shares, and nothing without them."""
    orders = scene.orders
    if orders is None:
        return []
    told = []
    for symbol, (buys, sells) in orders.recount().items():
        reserved = orders.working(symbol, Side.BUY), orders.working(symbol, Side.SELL)
        if reserved != (buys, sells):
            told.append(f"I8: {buys} bid, {sells} offered of {symbol} were expected to be reserved, was {reserved}")
    unknown = sum(order.state is OrderState.UNKNOWN for order in orders.live())
    if unknown != orders.unknown:
        told.append(f"I8: {unknown} unknown orders were expected to be counted, was {orders.unknown}")
    return told


def check_i9_statement(scene: Scene) -> list[str]:
    """Executions, positions, cash before fees and open orders are the broker's, when nothing is under way."""
    ledger, theirs = scene.ledger, scene.statement
    if theirs is None:
        return []
    ours = frozenset(ledger.booked) - ledger.busted
    told = [f"I9: execution {each} is the broker's and not ours" for each in sorted(theirs.executions - ours)]
    told += [f"I9: execution {each} is ours and not the broker's" for each in sorted(ours - theirs.executions)]
    for symbol, holding in ledger.holdings.items():
        traded = holding.position - ledger.opening.get(symbol, (0, 0))[0]
        if traded != theirs.positions.get(symbol, 0):
            told.append(f"I9: {theirs.positions.get(symbol, 0)} {symbol} traded was the broker's word, ours {traded}")
    opened = -sum(qty * price for qty, price in ledger.opening.values())
    if ledger.flow_micros - opened != theirs.flow_micros:
        told.append(f"I9: cash flow {theirs.flow_micros} was the broker's word, ours {ledger.flow_micros - opened}")
    return [*told, *_open_orders_apart(scene, theirs)]


def check_i10_double_entry(scene: Scene) -> list[str]:
    """Debits are credits, every balance counted, and nothing is in suspense."""
    accounts = scene.ledger.accounts
    total, turnover = sum(accounts.balances.values()), accounts.debits_micros - accounts.credits_micros
    told = []
    if total or turnover:
        told.append(f"I10: accounts that sum to 0 were expected, was {total} micro-dollars (turnover {turnover})")
    if accounts.balances[SUSPENSE]:
        told.append(f"I10: nothing in suspense was expected, was {accounts.balances[SUSPENSE]} micro-dollars")
    return told


def check_i11_replay(scene: Scene) -> list[str]:
    """The history, done again to fresh books, gives the same books."""
    ours, again = state_hash(scene.ledger), state_hash(replayed(scene.ledger, scene.ledger.history))
    return [] if ours == again else [f"I11: books of hash {again} were expected from the history, was {ours}"]


def check_i12_profit(scene: Scene) -> list[str]:
    """Realised plus unrealised profit less fees is the change of equity, exactly."""
    ledger = scene.ledger
    equity, unrealised, realised = Fraction(ledger.cash_micros), Fraction(0), 0
    for holding in ledger.holdings.values():
        value = holding.position * Fraction(holding.mark_micros)
        equity += value
        unrealised += value - holding.cost_micros
        realised += holding.realised_micros
    profit, change = realised + unrealised - ledger.fees_paid_micros, equity - ledger.capital_micros
    if profit == change and realised == ledger.realised_micros:
        return []
    return [f"I12: profit {float(profit)} was expected to be the change of equity {float(change)}"]


INVARIANTS: MappingProxyType[str, Callable[[Scene], list[str]]] = MappingProxyType(
    {
        "I1": check_i1_cash,
        "I2": check_i2_position,
        "I3": check_i3_idempotence,
        "I4": check_i4_no_overfill,
        "I5": check_i5_order_states,
        "I6": check_i6_average,
        "I7": check_i7_busts,
        "I8": check_i8_reservations,
        "I9": check_i9_statement,
        "I10": check_i10_double_entry,
        "I11": check_i11_replay,
        "I12": check_i12_profit,
    }
)
"""Every invariant by its number in the reference."""


def broken(scene: Scene, without: tuple[str, ...] = ()) -> list[str]:
    """Every invariant that does not hold in *scene*, each sentence with its number; empty when all hold.

    Those named in *without* are left out: I11 does the whole history again.
    """
    return [sentence for number, check in INVARIANTS.items() if number not in without for sentence in check(scene)]


def _noted(scene: Scene, number: str) -> list[str]:
    return [sentence for sentence in scene.ledger.breaks if sentence.startswith(f"{number}:")]


def _again(ledger: Ledger, symbol: str) -> Holding:
    moves = [(fill.side * fill.qty, fill.price_micros) for fill in ledger.standing(symbol)]
    return Holding.of([ledger.opening.get(symbol, (0, 0)), *moves], 0.0)


def _open_orders_apart(scene: Scene, theirs: Statement) -> list[str]:
    if scene.orders is None:
        return []
    ours = {order.order_id: order.open_qty for order in scene.orders.live() if order.state is OrderState.WORKING}
    if ours == theirs.open_orders:
        return []
    return [f"I9: open orders {theirs.open_orders} were the broker's word, ours {ours}"]
