"""Every reason code of the reference governor's denies: stable words that gates, controls and people go by.

``check`` is the number of the check in the list of twenty that the governor is built by; 0 stands for its states.
"""

from __future__ import annotations

from typing import NamedTuple


class Reason(NamedTuple):
    """One reason code: the check it is of, and when an order is denied with it."""

    code: str
    check: int
    meaning: str


REASONS: tuple[Reason, ...] = (
    Reason("unknown_symbol", 1, "The desk does not trade the symbol, or whose order it is is no word"),
    Reason("bad_side", 1, "The side is none, or a replace has another one than its order"),
    Reason("bad_qty", 1, "The size is not a whole number of lots above 0"),
    Reason("bad_kind", 1, "Kind or time in force is none that is known"),
    Reason("bad_price", 1, "The price is off the grid, not above 0, or given with a market order"),
    Reason("bad_id", 1, "The order's id is not a whole number"),
    Reason("unknown_order", 1, "The order to replace is not live"),
    Reason("limit_missing", 2, "A compulsory limit that the order needs is not given"),
    Reason("order_qty", 2, "The order is larger than one order may be"),
    Reason("order_notional", 2, "At its worst price the order is worth more than one order may be"),
    Reason(
        "slicing", 2, "With the orders of its side a moment before, it is larger or worth more than one order may be"
    ),
    Reason("price_collar", 3, "The price is too far from the last two-sided mid"),
    Reason("no_quote", 3, "There is no quote to hold the order against, or no price to meet"),
    Reason("position", 4, "Position, working orders and this one, all filled, are beyond the limit"),
    Reason("gross_notional", 4, "The same over all symbols, in USD"),
    Reason("open_order_shares", 5, "Too many shares may still fill in the symbol"),
    Reason("open_notional", 5, "Orders that may still fill are worth too much"),
    Reason("open_orders", 5, "Too many orders may still fill"),
    Reason("buying_power", 6, "Equity does not cover the margin of what is held and working"),
    Reason("order_rate", 7, "Too many orders in one second, of firm, desk, trader, strategy or symbol"),
    Reason("rate_terminated", 7, "So many were asked for in one second that the strategy is stopped"),
    Reason("duplicate_order", 8, "Too many orders that differ in nothing but their id, in a short time"),
    Reason("duplicate_id", 8, "An order of this id was approved before: the same order twice is one order"),
    Reason("repeated_execution", 9, "The strategy entered again after a fill too often without a word from a person"),
    Reason("self_trade", 11, "The order would meet one of the desk's own"),
    Reason("daily_loss", 12, "The loss of the session has reached its first step"),
    Reason("drawdown", 12, "The fall from the session's highest equity has reached its first step"),
    Reason("order_to_trade", 13, "Too many messages for each fill"),
    Reason("stale_quote", 14, "The last quote is too old"),
    Reason("crossed_quote", 14, "The last quote is crossed or locked"),
    Reason("quote_jump", 14, "The last mid jumped beyond everything usual, and nothing has confirmed it"),
    Reason("quote_backwards", 14, "The last quote is older than the one before it"),
    Reason("sequence_gap", 14, "Something of the feed was lost, and no quote of the symbol has come since"),
    Reason("no_check_quote", 14, "The second source of prices says nothing, or nothing fresh"),
    Reason("source_disagreement", 14, "The two sources of prices are too far apart"),
    Reason("market_limit_state", 15, "A market order while a quote stands at a price band"),
    Reason("market_paused", 15, "Trading in the symbol is paused: only limit orders that reduce may be sent"),
    Reason("market_halted", 15, "The market is halted: likewise"),
    Reason("market_closed", 15, "The session is over, or has not begun"),
    Reason("short_sale", 15, "The sale goes short at or below the best bid while short sales are restricted"),
    Reason("restricted", 16, "The symbol is on the list of those that may only be given up"),
    Reason("not_permitted", 16, "Strategy, trader or desk may not trade the symbol, or not change this order"),
    Reason("no_locate", 16, "The sale would go further under 0 than shares are located"),
    Reason("concentration", 17, "The symbol would be too large a part of the capital"),
    Reason("sector_concentration", 17, "The symbol's sector would be too large a part of the capital"),
    Reason("leverage", 17, "Gross notional over equity would be too high"),
    Reason("child_qty", 18, "The slices of a parent order would be more than it"),
    Reason("unknown_parent", 18, "Nobody has announced the parent order, or it is of another symbol or side"),
    Reason("limits_unreachable", 19, "The source of the limits has been silent for too long"),
    Reason("limits_emptied", 19, "The source gives limits in which compulsory ones are missing"),
    Reason("limits_unsound", 19, "The source gives a number that is none, or below nothing"),
    Reason("limits_older", 19, "The source gives limits older than those in force"),
    Reason("limits_changed", 19, "The source gives other limits under the same version"),
    Reason("limits_unapproved", 19, "The source gives limits that two people have not approved"),
    Reason("limits_not_in_force", 19, "The source gives limits of a later session"),
    Reason("held", 20, "A hold is in force: nothing that raises the risk"),
    Reason("stopped", 20, "A stop is latched: likewise, until two people re-arm it"),
    Reason("flattening", 20, "The position is being given up: only what a slice might do"),
)
"""In the order of the checks."""
