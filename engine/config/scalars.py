"""What a plain scalar means: the YAML 1.2 core rules, minus the forms that two readers would read differently."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.config.node import Scalar

MOST_WHOLE = 2**63 - 1
"""Whole numbers beyond this do not fit the engine's integers."""

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OCTAL_LOOK = re.compile(r"[-+]?0[0-9]+")
_NUMBER = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_MAY_BE_MORE = frozenset("-+.0123456789~nNtTfF")


@dataclass(frozen=True, slots=True)
class Refused:
    """A plain scalar that is not accepted: the code, why, and what to write instead."""

    code: str
    message: str
    help: str


def scalar(text: str) -> Scalar | Refused:
    """The value of the plain (unquoted) *text*: null, true or false, a number, else the text itself."""
    if text and text[0] not in _MAY_BE_MORE:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return _whole(text)
    if _NUMBER.fullmatch(text):
        return _finite(text)
    if _NOT_FINITE.fullmatch(text):
        return Refused("Y112", f"{text} is not a number that can be compared", "write a finite number")
    return text


def is_plain_safe(text: str) -> bool:
    """Whether *text*, unquoted, reads as the same text under the rules of YAML 1.1 and of YAML 1.2."""
    return scalar(text) == text and not _LEGACY.fullmatch(text)


_LEGACY = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null)"  # YAML 1.1 booleans
    r"|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"  # 16:00, base sixty
    r"|[-+]?[0-9][0-9_,]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?"  # 1_000
    r"|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?0[bxo][0-9a-fA-F_]+"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?"  # dates
    r"|[=<]{1,2}"
)


def _whole(text: str) -> int | Refused:
    if _OCTAL_LOOK.fullmatch(text):
        bare = text.lstrip("+-0") or "0"
        return Refused(
            "Y111",
            f"{text[:40]} begins with 0: some readers take it as base eight",
            f'write {bare[:40]}, or "{text[:40]}" in quotes if it is a name',
        )
    if len(text) > 20 or abs(int(text)) > MOST_WHOLE:
        return Refused("Y113", "this whole number is too large", f"at most {MOST_WHOLE} is accepted")
    return int(text)


def _finite(text: str) -> float | Refused:
    number = float(text)
    if number - number != 0:
        return Refused("Y113", f"{text[:40]} is too large for a number", "write a finite number below 1e308")
    return number
