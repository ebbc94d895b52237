"""Forms that YAML accepts and that mean something else than a person thinks."""

from __future__ import annotations

from typing import Any

from engine.config.mark import Mark
from engine.config.problems import Problems

_NO_BREAK_SPACE = "\u00a0"


def refuse_tag(tag: str | None, mark: Mark, problems: Problems, *, known: bool) -> None:
    """Add a problem if a value has a tag; *known* is whether the parser can do without."""
    if tag is None and known:
        return
    shown = (tag or "!").replace("tag:yaml.org,2002:", "!!")
    help = "write the plain value; put a text that begins with ! in quotes"
    problems.error("Y124", f"the tag '{shown[:40]}' is not accepted", mark, help)


def refuse_no_break_space(text: str, mark: Mark, problems: Problems) -> None:
    """Add a problem if the unquoted *text* has a no-break space where a space would be read."""
    if text.startswith(_NO_BREAK_SPACE) or f":{_NO_BREAK_SPACE}" in text:
        col = mark.col + text.index(_NO_BREAK_SPACE)
        at = Mark(mark.file, mark.line, col, col + 1)
        problems.error(
            "Y115", "a no-break space stands where a space was expected", at, "replace it with a plain space"
        )


def warn_if_cut(value: Any, text: str, end: Any, mark: Mark, problems: Problems) -> None:
    """Warn if the unquoted *value*, which ends at *end* of the file's *text*, is cut as in ``title: Crash #2``.

    A comment has two spaces before its # or one after it.
    """
    if not (isinstance(value, str) or value is None):
        return
    after = text[end.index : end.index + 3]
    if value is None:
        after = " " + after.lstrip(" ")
    if len(after) == 3 and after.startswith(" #") and not after[2].isspace() and after[2] not in "#!":
        at = Mark(mark.file, end.line + 1, end.column + 2, end.column + 3)
        what = "the text ends before this #, the rest is a comment"
        problems.warn("W601", what, at, 'put the whole text in "quotes"')
