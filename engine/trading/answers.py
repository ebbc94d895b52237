"""What a governor may answer: the contract's types, checked to the last field, for governors that are not ours.

Each function says in a few words what is wrong with an answer, or nothing (``""``) if it is sound.
"""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from typing import Any

from engine.domain.governance import (
    FIRM,
    STRATEGY_PREFIX,
    VENUE,
    CancelAll,
    Decision,
    DeskView,
    Level,
    NoteOverride,
    Reduce,
    SetState,
    SoftBreach,
)
from engine.domain.orders import NewOrder, OrderKind, Origin, Side, TimeInForce

COMMANDS_MOST = 1_000
"""More commands than this in one answer are garbage."""
SOFT_MOST = 100
"""More soft limits than this cannot be passed by one order."""
_TEXT_MOST = 200
_INT_MOST = 2**62


def decision_fault(answer: object) -> str:
    """What is wrong with the answer of ``decide``; empty if it is a sound Decision."""
    if type(answer) is not Decision:
        return f"a Decision was expected, was {_kind(answer)}"
    approved: object = answer.approved
    if type(approved) is not bool:
        return f"approved: True or False was expected, was {_kind(approved)}"
    for name in ("observed", "limit"):
        fault = _number_fault(name, getattr(answer, name))
        if fault:
            return fault
    texts = (_text_fault(name, getattr(answer, name)) for name in ("reason", "level", "limits_sha"))
    return next((fault for fault in texts if fault), "") or _soft_fault(answer.soft)


def _soft_fault(soft: object) -> str:
    """What is wrong with the soft limits that an order is said to be beyond."""
    if type(soft) is not tuple or any(type(each) is not SoftBreach for each in soft):
        return f"soft: a tuple of SoftBreach was expected, was {_kind(soft)}"
    if len(soft) > SOFT_MOST:
        return f"soft: at most {SOFT_MOST} were expected, were {len(soft)}"
    for each in soft:
        if each.limit is None:
            return "soft.limit: a number was expected, was None"
        numbers = (_number_fault(f"soft.{name}", getattr(each, name)) for name in ("observed", "limit"))
        texts = (_text_fault(f"soft.{name}", getattr(each, name)) for name in ("reason", "level"))
        if fault := next((fault for fault in (*numbers, *texts) if fault), ""):
            return fault
    return ""


def commands_fault(answer: object, view: DeskView) -> str:
    """What is wrong with the answer of an ``on_…`` call; empty if it is a tuple of sound Commands."""
    if type(answer) is not tuple:
        return f"a tuple of Commands was expected, was {_kind(answer)}"
    if len(answer) > COMMANDS_MOST:
        return f"at most {COMMANDS_MOST} Commands were expected, was {len(answer)}"
    for command in answer:
        check = _COMMANDS.get(type(command))
        fault = check(command, view) if check else f"a Command was expected, was {_kind(command)}"
        if fault:
            return fault
    return ""


def _cancel_fault(command: CancelAll, view: DeskView) -> str:
    return _scope_fault(command.scope, view)


def _state_fault(command: SetState, view: DeskView) -> str:
    if type(command.level) is not Level:
        return f"level: a Level was expected, was {_kind(command.level)}"
    if not _whole(command.trigger_ns) or not 0 <= command.trigger_ns <= view.now_ns:
        return f"trigger_ns: a time from 0 to now was expected, was {_kind(command.trigger_ns)}"
    return _scope_fault(command.scope, view) or _text_fault("reason", command.reason)


def _reduce_fault(command: Reduce, view: DeskView) -> str:
    order = command.order
    if type(order) is not NewOrder:
        return f"order: a NewOrder was expected, was {_kind(order)}"
    if order.symbol not in view.symbols():
        return "order.symbol: a symbol of the desk was expected"
    for name, kind in (("side", Side), ("kind", OrderKind), ("tif", TimeInForce), ("origin", Origin)):
        value = getattr(order, name)
        if type(value) is not kind:
            return f"order.{name}: a {kind.__name__} was expected, was {_kind(value)}"
    if not _whole(order.qty) or not 0 < order.qty < _INT_MOST:
        return f"order.qty: whole shares above 0 were expected, was {_kind(order.qty)}"
    return _price_fault(order)


def _price_fault(order: NewOrder) -> str:
    price = order.limit_micros
    if order.kind is OrderKind.MARKET:
        return "" if price is None else "order.limit_micros: None was expected of a market order"
    if not _whole(price) or price is None or not 0 < price < _INT_MOST:
        return f"order.limit_micros: whole micro-dollars above 0 were expected, was {_kind(price)}"
    return ""


def _override_fault(command: NoteOverride, view: DeskView) -> str:
    for name in ("until_ns", "order_id"):
        value = getattr(command, name)
        if not _whole(value) or not 0 <= value < _INT_MOST:
            return f"{name}: a whole number from 0 was expected, was {_kind(value)}"
    texts = (_text_fault(name, getattr(command, name)) for name in ("what", "scope", "reason", "by"))
    return next((fault for fault in texts if fault), "")


_COMMANDS: dict[type, Callable[[Any, DeskView], str]] = {
    CancelAll: _cancel_fault,
    Reduce: _reduce_fault,
    SetState: _state_fault,
    NoteOverride: _override_fault,
}


def _scope_fault(scope: object, view: DeskView) -> str:
    if isinstance(scope, str):
        if scope in (FIRM, VENUE) or scope in view.symbols():
            return ""
        if scope.startswith(STRATEGY_PREFIX):
            return _text_fault("scope", scope)
    return f"scope: '{FIRM}' or a symbol of the desk was expected, was {_kind(scope)}"


def _number_fault(name: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"{name}: a number or None was expected, was {_kind(value)}"
    try:
        sound = isfinite(value)
    except OverflowError:
        sound = False
    return "" if sound else f"{name}: a finite number was expected"


def _text_fault(name: str, value: object) -> str:
    if not isinstance(value, str):
        return f"{name}: a text was expected, was {_kind(value)}"
    sound = len(value) <= _TEXT_MOST and (value.isprintable() or not value)
    return "" if sound else f"{name}: at most {_TEXT_MOST} printable characters were expected"


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _kind(value: object) -> str:
    """The type's name, with the value where it is short and the same in every process."""
    name = type(value).__name__
    if value is None or isinstance(value, bool | int | float | str):
        return f"{name} {str(value)[:40]!r}" if isinstance(value, str) else f"{name} {str(value)[:40]}"
    return name
