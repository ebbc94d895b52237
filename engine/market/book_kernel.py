"""The order book's own moves, compiled: let an order rest, take it out, match one against the other side.

Price, then time: a queue is first in, first out; what is cut keeps its place. Every function expects its room to be
there (window, free rows, rows of ``matches`` and ``messages``); :mod:`engine.market.limit_book` makes it.
"""

from __future__ import annotations

from engine.market import book_arrays as at
from engine.market.book_arrays import BACKGROUND, Ints
from engine.market.jit import jit


@jit
def level_of(book: Ints, tick: int) -> int:
    """Where the level of *tick* begins, which must lie in the window."""
    return row_of(book, tick - book[at.BASE])


@jit
def shares_at(book: Ints, tick: int) -> int:
    """Shares resting at *tick*; 0 for the tick 0 of an empty side."""
    qty: int = book[level_of(book, tick) + at.LEVEL_QTY] if tick else 0
    return qty


@jit
def rest(book: Ints, t_ns: int, side: int, tick: int, qty: int, owner: int, order_id: int) -> int:
    """Let an order rest at the end of the queue at *tick*, which must not cross; its name."""
    order: int = book[at.FREE]
    book[at.FREE] = book[order + at.NEXT]
    book[at.FREE_ROWS] -= 1
    level = level_of(book, tick)
    tail = book[level + at.TAIL]
    seq = book[at.NEXT_SEQ]
    book[at.NEXT_SEQ] = seq + 1
    book[order + at.NEXT] = 0
    book[order + at.PREV] = tail
    book[order + at.TICK] = tick
    book[order + at.SIGNED_QTY] = side * qty
    book[order + at.OWNER] = owner
    book[order + at.ORDER_ID] = order_id
    book[order + at.SEQ] = seq
    if tail:
        book[tail + at.NEXT] = order
    else:
        book[level + at.HEAD] = order
    book[level + at.TAIL] = order
    book[level + at.LEVEL_QTY] += qty
    place = 0
    if owner == BACKGROUND:
        place = book[at.LIVE_FROM] + book[at.LIVE]
        book[place] = order
        book[at.LIVE] += 1
    book[order + at.PLACE] = place
    if side > 0:
        book[at.BID_ORDERS] += 1
        if tick > book[at.BEST_BID]:
            book[at.BEST_BID] = tick
    else:
        book[at.ASK_ORDERS] += 1
        if book[at.BEST_ASK] == 0 or tick < book[at.BEST_ASK]:
            book[at.BEST_ASK] = tick
    if book[at.RECORDING]:
        note(book, t_ns, at.ADD, seq, side, qty, tick)
    return order


@jit
def remove(book: Ints, t_ns: int, order: int) -> int:
    """Take an order out: the shares it still had."""
    signed_qty: int = book[order + at.SIGNED_QTY]
    seq, tick = book[order + at.SEQ], book[order + at.TICK]
    side, qty = (1 if signed_qty > 0 else -1), abs(signed_qty)
    unlink(book, order)
    if book[at.RECORDING]:
        note(book, t_ns, at.DELETE, seq, side, qty, tick)
    return qty


@jit
def cut(book: Ints, t_ns: int, order: int, qty: int) -> int:
    """Take *qty* shares (fewer than it has) off an order, which keeps its place: the shares left."""
    side = 1 if book[order + at.SIGNED_QTY] > 0 else -1
    book[order + at.SIGNED_QTY] -= side * qty
    left: int = abs(book[order + at.SIGNED_QTY])
    book[level_of(book, book[order + at.TICK]) + at.LEVEL_QTY] -= qty
    if book[at.RECORDING]:
        note(book, t_ns, at.CUT, book[order + at.SEQ], side, qty, book[order + at.TICK])
    return left


@jit
def take(book: Ints, t_ns: int, side: int, qty: int, limit_tick: int, owner: int, order_id: int) -> int:
    """Match *qty* shares against the other side, best price first, at *limit_tick* or better (0: any): shares left."""
    best = at.BEST_ASK if side > 0 else at.BEST_BID
    while qty > 0:
        tick = book[best]
        if tick == 0 or (limit_tick != 0 and side * (tick - limit_tick) > 0):
            break
        level = level_of(book, tick)
        order = book[level + at.HEAD]
        there = -side * book[order + at.SIGNED_QTY]
        part = min(qty, there)
        qty -= part
        match(book, t_ns, order, part, side, owner, order_id)
        seq = book[order + at.SEQ]
        if part == there:
            unlink(book, order)
        else:
            book[order + at.SIGNED_QTY] += side * part
            book[level + at.LEVEL_QTY] -= part
        if book[at.RECORDING]:
            note(book, t_ns, at.EXECUTE, seq, -side, part, tick)
    return qty


@jit
def match(book: Ints, t_ns: int, order: int, qty: int, aggressor: int, taker_owner: int, taker_id: int) -> None:
    """Write down that *qty* shares of the resting *order* are about to trade."""
    row = book[at.MATCHES_FROM] + at.MATCH_COLUMNS * book[at.MATCHES]
    book[row + at.AT_NS] = t_ns
    book[row + at.MATCH_TICK] = book[order + at.TICK]
    book[row + at.MATCH_QTY] = qty
    book[row + at.AGGRESSOR] = aggressor
    book[row + at.MAKER_OWNER] = book[order + at.OWNER]
    book[row + at.MAKER_ID] = book[order + at.ORDER_ID]
    book[row + at.MAKER_LEFT] = abs(book[order + at.SIGNED_QTY]) - qty
    book[row + at.TAKER_OWNER] = taker_owner
    book[row + at.TAKER_ID] = taker_id
    book[at.MATCHES] += 1


@jit
def unlink(book: Ints, order: int) -> None:
    """Take an order out of its queue, find the new best price if it was the last there, and free its row.

    A free row has no shares.
    """
    signed_qty, tick = book[order + at.SIGNED_QTY], book[order + at.TICK]
    level = level_of(book, tick)
    before, after = book[order + at.PREV], book[order + at.NEXT]
    if before:
        book[before + at.NEXT] = after
    else:
        book[level + at.HEAD] = after
    if after:
        book[after + at.PREV] = before
    else:
        book[level + at.TAIL] = before
    book[level + at.LEVEL_QTY] -= abs(signed_qty)
    if signed_qty > 0:
        book[at.BID_ORDERS] -= 1
        if tick == book[at.BEST_BID] and not book[level + at.HEAD]:
            book[at.BEST_BID] = next_level(book, level, -1) if book[at.BID_ORDERS] else 0
    else:
        book[at.ASK_ORDERS] -= 1
        if tick == book[at.BEST_ASK] and not book[level + at.HEAD]:
            book[at.BEST_ASK] = next_level(book, level, 1) if book[at.ASK_ORDERS] else 0
    place = book[order + at.PLACE]
    if place:
        book[at.LIVE] -= 1
        moved = book[book[at.LIVE_FROM] + book[at.LIVE]]
        book[place] = moved
        book[moved + at.PLACE] = place
    book[order + at.SIGNED_QTY] = 0
    book[order + at.NEXT] = book[at.FREE]
    book[at.FREE] = order
    book[at.FREE_ROWS] += 1


@jit
def ahead(book: Ints, order: int) -> int:
    """Shares in front of an order in its queue."""
    qty = 0
    order = book[order + at.PREV]
    while order:
        qty += abs(book[order + at.SIGNED_QTY])
        order = book[order + at.PREV]
    return qty


@jit
def next_level(book: Ints, level: int, step: int) -> int:
    """The price of the nearest level with orders beyond *level*, which must exist."""
    level += step * at.LEVEL_COLUMNS
    while not book[level + at.HEAD]:
        level += step * at.LEVEL_COLUMNS
    tick: int = (level - book[at.LEVELS_FROM]) // at.LEVEL_COLUMNS + book[at.BASE]
    return tick


@jit
def note(book: Ints, t_ns: int, kind: int, seq: int, side: int, qty: int, tick: int) -> None:
    """Write a message, with the top of the book after it."""
    row = book[at.MESSAGES_FROM] + at.MESSAGE_COLUMNS * book[at.MESSAGES]
    book[row + at.MESSAGE_NS] = t_ns
    book[row + at.KIND] = kind
    book[row + at.MESSAGE_SEQ] = seq
    book[row + at.MESSAGE_SIDE] = side
    book[row + at.MESSAGE_QTY] = qty
    book[row + at.MESSAGE_TICK] = tick
    book[row + at.MESSAGE_BID] = book[at.BEST_BID]
    book[row + at.MESSAGE_BID_QTY] = shares_at(book, book[at.BEST_BID])
    book[row + at.MESSAGE_ASK] = book[at.BEST_ASK]
    book[row + at.MESSAGE_ASK_QTY] = shares_at(book, book[at.BEST_ASK])
    book[at.MESSAGES] += 1


@jit
def recentre(book: Ints, tick: int) -> bool:
    """Move the window so that *tick* is in its middle; False, and nothing moved, if an order would fall out."""
    window = book[at.WINDOW]
    base = max(tick - window // 2, 0)
    shift = base - book[at.BASE]
    for row in range(window):
        if book[row_of(book, row) + at.HEAD] and not 0 <= row - shift < window:
            return False
    step = 1 if shift > 0 else -1
    row = 0 if shift > 0 else window - 1
    for _ in range(window if shift else 0):  # away from where the rows come from, so that none is overwritten unread
        source = row + shift
        for column in range(at.LEVEL_COLUMNS):
            there = book[row_of(book, source) + column] if 0 <= source < window else 0
            book[row_of(book, row) + column] = there
        row += step
    book[at.BASE] = base
    return True


@jit
def row_of(book: Ints, row: int) -> int:
    """Where a row of the window begins."""
    level: int = book[at.LEVELS_FROM] + at.LEVEL_COLUMNS * row
    return level
