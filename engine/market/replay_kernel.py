"""Playing a tape's messages on the order book, compiled: each is applied, and compared with the tape's own book.

Orders that the tape has no message for, because they were there before it or came into its levels from beyond, stand in
the book without a number, in front of their queue: they are older than what the tape has said at their price, so the
desk's place is never better than it was. An execution is an aggressor that comes in at that price with that quantity:
it meets the desk's order first where that stands in front, and the tape's order keeps what it would have lost.
"""

from __future__ import annotations

from engine.market import book_arrays as b
from engine.market import replay_arrays as at
from engine.market.jit import jit
from engine.market.replay_arrays import Floats, Ints
from engine.market.replay_lay_kernel import levered_tick, scaled, settle, shown_tick
from engine.market.replay_row_kernel import see
from engine.market.replay_slots_kernel import change_level, cut_slot, latest, new_slot, on_tape, touch, without_number
from engine.market.replay_trade_kernel import sweep, tell, tell_print
from engine.market.tape_rows import CUT, DELETED, HALT, HIDDEN, NEW, VISIBLE


@jit
def play(
    book: Ints, tape: Ints, levers: Floats, feed: Ints, rows: Ints, known: Ints, told: Ints, first: int, last: int
) -> int:
    """Play the rows *first* to *last*, without *last*; the row to go on with.

    It stops early when an order of the desk has traded, or when there may be too little room for the next row.
    """
    for place in range(first, last):
        if short_of_room(book, tape, told, len(rows[place]) // 4):
            return place
        tape[at.PRINT_FROM] = tape[at.TOLD]
        tape[at.DESK_FILLED] = 0
        apply(book, tape, levers, feed[place], known, told)
        sound = feed[place, at.SOUND]
        if sound == at.IS_SOUND:
            see(book, tape, levers, rows[place])
        bring_up_to_date(book, tape, levers, told, feed[place, at.AT_NS], sound)
        if not tape[at.STOPPED] or sound == at.NO_ROW:
            tell_top(tape, told, feed[place, at.AT_NS])
        if tape[at.DESK_FILLED]:
            return place + 1
    return last


@jit
def short_of_room(book: Ints, tape: Ints, told: Ints, levels: int) -> bool:
    """Whether a row of so many levels might need more room than there is."""
    resting: int = book[b.BID_ORDERS] + book[b.ASK_ORDERS]
    taken: int = tape[at.SLOTS] - tape[at.FREE_SLOTS]
    return bool(
        tape[at.FREE_SLOTS] <= 2 * levels + 2
        or book[b.FREE_ROWS] <= taken - book[b.LIVE] + 2 * levels + 2
        or max(tape[at.BIDS], tape[at.ASKS]) + levels + 2 > tape[at.LEVELS_MOST]
        or tape[at.TOLD] + 2 * (resting + taken + 2 * levels) + 8 > len(told)
    )


# ---- what a message says


@jit
def apply(book: Ints, tape: Ints, levers: Floats, message: Ints, known: Ints, told: Ints) -> None:
    """Apply a message to the tape's orders, and let an execution trade in the book."""
    kind, qty, way = message[at.KIND], message[at.QTY], message[at.WAY]
    if kind == HALT:
        tape[at.HALTED] = message[at.PRICE_MICROS] <= 0  # −1 halts, 0 resumes only quoting, 1 resumes trading
    elif qty <= 0 or (way != 1 and way != -1):
        return
    elif kind == HIDDEN or (kind == VISIBLE and message[at.SOUND] != at.IS_SOUND):
        traded = printable(tape, levers, message)
        if traded:
            tell_traded(tape, levers, told, message, traded)
    elif message[at.SOUND] == at.IS_SOUND:
        slot = known[message[at.PLACE]]
        if slot and (tape[slot + at.NUMBER] != message[at.ID] or tape[slot + at.SIDE] != way):  # forgotten since
            slot = 0
        if kind == NEW:
            age = book[b.NEXT_SEQ]
            book[b.NEXT_SEQ] += 1
            slot = new_slot(tape, way, message[at.PRICE_MICROS], qty, message[at.ID], age)
            known[message[at.PLACE]] = slot
            change_level(tape, way, message[at.PRICE_MICROS], qty)
            touch(tape, slot)
        elif kind in (CUT, DELETED, VISIBLE):
            price_micros = tape[slot + at.PRICE] if slot else message[at.PRICE_MICROS]
            if kind == VISIBLE:
                qty = execute(book, tape, levers, told, message, slot, price_micros)
            elif slot and kind == DELETED:
                qty = tape[slot + at.ON_TAPE]
                tape[slot + at.SHIFT] = min(tape[slot + at.SHIFT], 0)  # what it had more goes with it
            take_off(tape, slot, way, price_micros, qty)


@jit
def take_off(tape: Ints, slot: int, side: int, price_micros: int, qty: int) -> None:
    """Take shares off an order of the tape; off those at this price, if it has no slot or too little."""
    while qty > 0:
        if not slot:
            slot = without_number(tape, side, price_micros) or latest(tape, side, price_micros)
            if not slot:
                return
        part = min(qty, tape[slot + at.ON_TAPE])
        qty -= part
        change_level(tape, side, price_micros, -part)
        cut_slot(tape, slot, part)
        slot = 0


@jit
def execute(book: Ints, tape: Ints, levers: Floats, told: Ints, message: Ints, slot: int, price_micros: int) -> int:
    """Let the execution of a visible order trade in the book: the shares that the tape's orders lose by it."""
    side = message[at.WAY]
    if not slot:
        slot = without_number(tape, side, price_micros) or latest(tape, side, price_micros)
    there = on_tape(tape, side, price_micros)
    qty: int = min(message[at.QTY], there)
    traded = printable(tape, levers, message)
    # What the tape's order loses by this, as it is shown.
    lost = min(scaled(levers, there) - scaled(levers, there - qty), traded) if tape[at.IN_BOOK] else 0
    if traded and tape[at.IN_BOOK]:
        limit_tick = shown_tick(tape, levers, side, price_micros)
        left, unpaid = sweep(book, tape, told, message[at.AT_NS], -side, traded, limit_tick, slot, lost)
        # Shares that found nobody because the desk had taken them are not traded; what others trade beyond the
        # book that is shown (levers on depth and volume) is.
        traded = left - max(unpaid - tape[at.DESK_FILLED], 0)
    if traded > 0:
        tell_traded(tape, levers, told, message, traded)
    if slot:
        tape[slot + at.SHIFT] += min(lost, tape[slot + at.ON_TAPE])
    return qty


@jit
def printable(tape: Ints, levers: Floats, message: Ints) -> int:
    """Shares that trade in an execution, under the levers; none while the venue has stopped, or outside its bands."""
    if tape[at.STOPPED]:
        return 0
    if levers[at.LAID_UPPER] > 0:
        tick = levered_tick(tape, levers, message[at.WAY], message[at.PRICE_MICROS])
        if tick < levers[at.LAID_LOWER] or tick > levers[at.LAID_UPPER]:
            return 0
    return int(message[at.QTY] * levers[at.VOLUME_FACTOR])


@jit
def tell_traded(tape: Ints, levers: Floats, told: Ints, message: Ints, qty: int) -> None:
    """Print shares that others traded, at the tape's price as it is shown; undisturbed it may lie between two ticks."""
    price_micros = message[at.PRICE_MICROS]
    if levers[at.LAID_PRICE] != 1.0 or levers[at.LAID_WIDEN] != 0.0:
        price_micros = levered_tick(tape, levers, message[at.WAY], price_micros) * tape[at.TICK_MICROS]
    tell_print(tape, told, message[at.AT_NS], price_micros, qty, -message[at.WAY])


# ---- what follows


@jit
def bring_up_to_date(book: Ints, tape: Ints, levers: Floats, told: Ints, t_ns: int, sound: int) -> None:
    """Lay in the book what has changed; all of it, if the levers act otherwise than before."""
    in_book = not (tape[at.HALTED] or tape[at.STOPPED])
    if in_book != tape[at.IN_BOOK]:
        tape[at.IN_BOOK] = in_book
        touch_all(tape)
    elif sound and is_pulled(tape, levers):
        touch_all(tape)
    if tape[at.TOUCHED]:
        settle(book, tape, levers, told, t_ns)


@jit
def is_pulled(tape: Ints, levers: Floats) -> bool:
    """Lay the levers as they are wanted now; whether the whole book must be laid anew."""
    widen = 0.0
    if tape[at.ROW_ASK] and tape[at.ROW_BID]:
        spread = tape[at.ROW_ASK] - tape[at.ROW_BID]
        widen = (levers[at.SPREAD_FACTOR] - 1.0) * spread / 2 * levers[at.PRICE_FACTOR]
    changed = (
        levers[at.LAID_PRICE] != levers[at.PRICE_FACTOR]
        or levers[at.LAID_WIDEN] != widen
        or levers[at.LAID_DEPTH] != levers[at.DEPTH_FACTOR]
        or levers[at.LAID_LOWER] != levers[at.LOWER]
        or levers[at.LAID_UPPER] != levers[at.UPPER]
    )
    levers[at.LAID_PRICE] = levers[at.PRICE_FACTOR]
    levers[at.LAID_WIDEN] = widen
    levers[at.LAID_DEPTH] = levers[at.DEPTH_FACTOR]
    levers[at.LAID_LOWER] = levers[at.LOWER]
    levers[at.LAID_UPPER] = levers[at.UPPER]
    return bool(changed or levers[at.LAID_DEPTH] != 1.0)


@jit
def touch_all(tape: Ints) -> None:
    """Let every slot be brought up to date."""
    for row in range(tape[at.SLOTS_USED]):
        slot = at.SLOTS_FROM + at.SLOT_COLUMNS * row
        if tape[slot + at.SIDE]:
            touch(tape, slot)


@jit
def tell_top(tape: Ints, told: Ints, t_ns: int) -> None:
    """Tell the top of the tape's orders, if it has changed; the desk's own are not in it."""
    bid, bid_qty, ask, ask_qty = 0, 0, 0, 0
    for row in range(0 if tape[at.HALTED] else tape[at.SLOTS_USED]):
        slot = at.SLOTS_FROM + at.SLOT_COLUMNS * row
        side, tick, shares = tape[slot + at.SIDE], tape[slot + at.TICK], tape[slot + at.SHARES]
        if side == 0 or shares == 0:
            continue
        if side > 0:
            if tick > bid:
                bid, bid_qty = tick, 0
            if tick == bid:
                bid_qty += shares
        else:
            if ask == 0 or tick < ask:
                ask, ask_qty = tick, 0
            if tick == ask:
                ask_qty += shares
    if (
        bid != tape[at.QUOTE_BID]
        or bid_qty != tape[at.QUOTE_BID_QTY]
        or ask != tape[at.QUOTE_ASK]
        or ask_qty != tape[at.QUOTE_ASK_QTY]
    ):
        tape[at.QUOTE_BID] = bid
        tape[at.QUOTE_BID_QTY] = bid_qty
        tape[at.QUOTE_ASK] = ask
        tape[at.QUOTE_ASK_QTY] = ask_qty
        tell(tape, told, at.QUOTE, t_ns, bid, bid_qty, ask, ask_qty, 0)
