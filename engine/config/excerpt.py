"""The source line below a problem, with its carets: cut to the screen, aligned, and without secrets."""

from __future__ import annotations

import re
import unicodedata

from engine.config.mark import Mark

WIDTH = 110
"""Columns of a source line that are shown."""

MOST_ECHOED = 40
"""Characters of a value that a message repeats."""

_HUSHED_KEY = re.compile(
    r"(?i)(?:pass(?:word|wd|phrase)|secret|token|api_?key|private_?key|access_?key|credential)s?$"
    r"|(?:^|[_.-])(?:password|passwd|secret|api_?key|private_?key)(?:[_.-]|$)"
)
_KEY_IN_LINE = re.compile(r"([\w.-]+)['\"]?\s*[:=]\s*(?=\S)")
_PASSWORD_IN_URL = re.compile(r"(://[^:/@\s]*:)[^@\s]+@")


def is_secretive(name: str) -> bool:
    """Whether a key of this name may hold a secret (``password``, ``api_key``, ``redis_token``)."""
    return bool(_HUSHED_KEY.search(name))


def without_secrets(line: str) -> str:
    """*line* with what looks like a secret's value replaced by ``***``."""
    for found in _KEY_IN_LINE.finditer(line):
        if is_secretive(found[1]) and not line[found.end() :].startswith("{"):
            return f"{line[: found.end()]}***"
    return _PASSWORD_IN_URL.sub(r"\1***@", line)


def echo(value: object, key: str | int | None = None) -> str:
    """*value* as a message repeats it: quoted if text, at most 40 characters, never a secret."""
    if isinstance(key, str) and is_secretive(key):
        return "***"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    text = _plain_line(without_secrets(str(value)))
    if len(text) > MOST_ECHOED:
        text = text[: MOST_ECHOED - 3] + "..."
    return f"'{text}'" if isinstance(value, str) else text


def excerpt(mark: Mark, line: str) -> list[str]:
    """Three lines: an empty gutter, the source line, the carets under the stretch that *mark* names."""
    shown = without_secrets(line)
    hidden = shown != line
    start, end = mark.col - 1, max(mark.end_col - 1, mark.col)
    cut = max(0, start - WIDTH // 2) if len(shown) > WIDTH else 0
    shown = shown[cut : cut + WIDTH]
    gutter = " " * len(str(mark.line))
    start = max(0, min(start - cut, len(shown)))
    end = max(start + 1, min(end - cut, len(shown)))
    if hidden and start < len(shown):
        end = min(end, len(shown))
    before, under = shown[:start], shown[start:end] or "^"
    carets = " " * _width(before) + "^" * max(1, _width(under))
    return [f"{gutter} |", f"{mark.line} | {_plain_line(shown)}", f"{gutter} | {carets}"]


def _plain_line(text: str) -> str:
    """*text* on one line, with tabs and control characters made harmless to a terminal."""
    return "".join(
        " " if char in "\t\n\r" else char if unicodedata.category(char) not in {"Cc", "Cf", "Zl", "Zp"} else "·"
        for char in text
    )


def _width(text: str) -> int:
    """Terminal columns that *text* takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )
