"""T7xx: a timeline that cannot be played."""

from __future__ import annotations

from engine.config.codes.code import Code

_ITEM = "- id: slow_feed\n  fault: feed_delay\n  with: {add_ms: 200}\n"
_CRASH = "- id: crash\n  fault: price_shock\n  with: {symbol: SPY, drop_pct: 15, over_s: 300}\n"

TIMELINE = {
    "T701": Code(
        "item without one time",
        "An item begins at exactly one of at_s, at_time and after.",
        _ITEM + "  for_s: 60",
        _ITEM + "  at_s: 330\n  for_s: 60",
    ),
    "T702": Code(
        "comes after nothing",
        "'after' names another item of the timeline by its id.",
        _ITEM + "  after: crsh\n  for_s: 60",
        _ITEM + "  after: crash\n  for_s: 60",
    ),
    "T703": Code(
        "items wait for each other",
        "Items that follow each other in a circle never begin.",
        "- {id: a, after: b}\n- {id: b, after: a}",
        "- {id: a, at_s: 300}\n- {id: b, after: a}",
    ),
    "T704": Code(
        "fault without an end",
        "A fault that does not end by itself needs for_s.",
        _ITEM + "  at_s: 330",
        _ITEM + "  at_s: 330\n  for_s: 60",
    ),
    "T705": Code(
        "fault with two lengths",
        "This fault's own parameters say how long it lasts.",
        _CRASH + "  at_s: 300\n  for_s: 60",
        _CRASH + "  at_s: 300",
    ),
    "T706": Code(
        "fault in the warm-up",
        "The desk must first be seen without faults.",
        _CRASH + "  at_s: 10      # warmup_s: 60",
        _CRASH + "  at_s: 300",
    ),
    "T707": Code(
        "run too short",
        "After the last fault the desk needs the time of after_faults to converge, and it must be seen.",
        "clock: {run_for_s: 400}      # the crash heals at 600 s",
        "clock: {run_for_s: 1500}",
    ),
    "T708": Code(
        "same fault twice at a time",
        "Two of the same fault at once cannot be told apart.",
        "- {id: a, fault: feed_delay, at_s: 300, for_s: 60}\n- {id: b, fault: feed_delay, at_s: 310, for_s: 60}",
        "- {id: a, fault: feed_delay, at_s: 300, for_s: 60}\n- {id: b, fault: feed_delay, at_s: 400, for_s: 60}",
    ),
    "T709": Code(
        "instrument not in the market",
        "The desk, a fault or a safeguard of the venue names a symbol that the market does not trade.",
        "with: {symbol: SPX, drop_pct: 15, over_s: 300}",
        "with: {symbol: SPY, drop_pct: 15, over_s: 300}",
    ),
    "T712": Code(
        "item's name given twice",
        "Items are told apart by their id.",
        "- {id: crash, at_s: 300}\n- {id: crash, at_s: 900}",
        "- {id: crash, at_s: 300}\n- {id: second_crash, at_s: 900}",
    ),
    "T713": Code(
        "data too short",
        "The market's data must last until the desk has converged after the last fault.",
        "a fault at 23,000 s on a tape of 23,400 s",
        "a fault at 300 s on a tape of 23,400 s",
    ),
    "T714": Code(
        "tape of another day",
        "Fees, limits and sessions are those of a day, so the clock must start on the tape's.",
        'start: "2025-08-05T09:30:00-04:00"     # with the tape of 2012-06-21',
        'start: "2012-06-21T09:30:00-04:00"',
    ),
    "T715": Code(
        "fault that the market cannot play",
        "A fault changes a market by its levers (price, depth, spread, ...). Each market model names those that it "
        "obeys; a fault that pulls another one would do nothing.",
        "market: {model: order_book, ...}      # its prices come from orders; nobody sets them\n" + _CRASH,
        "market: {model: reduced, ...}\n" + _CRASH,
    ),
    "T716": Code(
        "agents that are not there",
        "A fault changes the settings of a block of reacting agents, which market.agents must have under that id.",
        "fault: agent_change\nwith: {agent: maker, set: {widen: 5}}      # the block is called makers",
        "fault: agent_change\nwith: {agent: makers, set: {widen: 5}}",
    ),
    "T717": Code(
        "change that the agents cannot make",
        "A block of agents has its own keys, and some of them cannot change while it lives. What is set must be "
        "another value than before, by at least 1 % of it, and fit the other settings, also together with other "
        "changes at the time.",
        "fault: agent_change\nwith: {agent: makers, set: {count: 0}}",
        "fault: agent_change\nwith: {agent: makers, set: {withdraw_at: 1}}",
    ),
}
