"""Turns a parser's complaint into a sentence for a person who does not know YAML's grammar."""

from __future__ import annotations

import re
from typing import Any

from yaml import YAMLError

from engine.config.excerpt import without_secrets
from engine.config.mark import Mark
from engine.config.problems import Problems

_QUOTE = 'put the text in "quotes"'

# Part of the parser's own words -> code, what is wrong, what to do.
_KNOWN = (
    (
        "mapping values are not allowed",
        "Y141",
        "a colon and a space stand inside a text without quotes",
        f"{_QUOTE}; a second key begins on a line of its own",
    ),
    ("found a tab character", "Y114", "a tab stands where spaces were expected", "indent with spaces"),
    ("cannot start any token", "Y143", "a text cannot begin with this character without quotes", _QUOTE),
    (
        "expected comment or line break",
        "Y143",
        "a value cannot begin with > or |",
        f"{_QUOTE}; a comparison is part of the key (fail_above: 15)",
    ),
    (
        "expected alphabetic or numeric",
        "Y143",
        "a text cannot begin with * or & without quotes",
        _QUOTE,
    ),
    (
        "unexpected end of stream",
        "Y144",
        "the quote opened here is never closed",
        "close it at the end of the text",
    ),
    (
        "found unexpected document indicator",
        "Y144",
        "the quote opened here is never closed",
        "close it before the line ---",
    ),
    (
        "unknown escape character",
        "Y145",
        "a backslash in double quotes begins an escape that does not exist",
        "use 'single quotes' for the text",
    ),
    (
        "did not find expected ',' or",
        "Y146",
        "a comma or the closing bracket was expected",
        "put a comma between two entries, and close every { and [",
    ),
    (
        "did not find expected key",
        "Y148",
        "this line's indentation fits nothing above it",
        "give it the indentation of the line above",
    ),
    (
        "expected '-' indicator",
        "Y148",
        "a list item ('- ...') was expected, or a deeper indentation",
        "give it the indentation of the line above, or begin it with '- '",
    ),
    (
        "block sequence entries are not allowed",
        "Y148",
        "a list cannot begin on the line of its key",
        "put '- ...' on the next line, or write [a, b]",
    ),
    ("expected node content", "Y149", "a value was expected", f"write one, or {_QUOTE}"),
    ("directive", "Y149", "YAML directives (%...) are not accepted", "take the line out"),
)


def explain_syntax(error: YAMLError, text: str, file: str, problems: Problems) -> None:
    """Add the problem that *error* is, as a person would say it."""
    mark: Any = getattr(error, "problem_mark", None)
    if mark is None:
        _explain_character(error, text, file, problems)
        return
    words = f"{getattr(error, 'problem', '') or ''}"
    lines = problems.sources[file]
    line = min(mark.line, len(lines) - 1)
    at = Mark(file, line + 1, mark.column + 1, mark.column + 2)
    if _is_trap(words, text, mark, lines, at, problems):
        return
    if "could not find expected ':'" in words:
        _explain_no_colon(_context(error, file) or at, lines, problems)
        return
    for part, code, message, help in _KNOWN:
        if part in words:
            context = _context(error, file)
            begins_there = code in {"Y143", "Y144"} or not lines[line].strip()
            place = context if context is not None and begins_there and "block mapping" not in words else at
            if code == "Y144" and lines[place.line - 1][place.col - 1 : place.col] == "'":
                help = 'close it; a text with an apostrophe goes into "double quotes"'
            problems.error(code, message, place, help)
            return
    problems.error("Y149", f"this is not YAML: {words}", at, "compare with an example of 'stress new'")


_GLUED = re.compile(r"(\s*(?:- )?)([\w.-]+):(\S.*)")
_EQUALS = re.compile(r"(\s*(?:- )?)([\w.-]+)\s*=\s*(.*)")


def _explain_no_colon(at: Mark, lines: tuple[str, ...], problems: Problems) -> None:
    """A line that should be ``key: value``: the colon is missing, has no space after it, or is another sign."""
    line = without_secrets(lines[at.line - 1]).rstrip()
    whole = Mark(at.file, at.line, at.col, len(line) + 1)
    if found := _GLUED.fullmatch(line):
        col = found.end(2) + 1
        message, help = "a space was expected after the colon", f"write '{found[2]}: {found[3][:40]}'"
        problems.error("Y147", message, Mark(at.file, at.line, col, col + 1), help)
    elif found := _EQUALS.fullmatch(line):
        message = "'key: value' was expected, was a line with ="
        problems.error("Y147", message, whole, f"write '{found[2]}: {found[3][:40]}'")
    else:
        message = "'key: value' was expected, was a line without a colon"
        problems.error("Y147", message, whole, "write a colon and a space after the key")


def _is_trap(words: str, text: str, mark: Any, lines: tuple[str, ...], at: Mark, problems: Problems) -> bool:
    """Whether it is one of the three traps that the parser names badly."""
    before = text[max(0, mark.index - 1) : mark.index + 1]
    if before == "${":
        name = text[mark.index + 1 :].split("}")[0]
        stretch = Mark(at.file, at.line, at.col - 1, at.col + len(name) + 2)
        problems.error(
            "Y142",
            f"${{{name[:40]}}} stands without quotes inside {{...}} or [...]",
            stretch,
            f'write "${{{name[:40]}}}" in quotes, or one entry per line',
        )
        return True
    if before[:1] in {'"', "'"} and "did not find expected" in words:
        stretch = Mark(at.file, at.line, at.col, at.col + 1)
        message, help = "the quoted text ends before this", "put a text with \"quotes\" in it into 'single quotes'"
        problems.error("Y144", message, stretch, help)
        return True
    for number in (at.line, at.line - 1):
        line = lines[number - 1] if 0 < number <= len(lines) else ""
        found = _no_break_space(line)
        if found >= 0:
            place = Mark(at.file, number, found + 1, found + 2)
            problems.error(
                "Y115", "a no-break space stands where a space was expected", place, "replace it with a plain space"
            )
            return True
    line = lines[at.line - 1]
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    if "\t" in indent and at.col <= len(indent) + 1:
        col = indent.index("\t") + 1
        problems.error(
            "Y114",
            "a tab stands where spaces were expected",
            Mark(at.file, at.line, col, col + 1),
            "indent with spaces",
        )
        return True
    return _is_indentation(line, lines, at, problems)


def _is_indentation(line: str, lines: tuple[str, ...], at: Mark, problems: Problems) -> bool:
    """A line indented under a finished 'key: value', or after a key whose colon has no space."""
    above = next(
        (n for n in range(at.line - 1, 0, -1) if lines[n - 1].strip() and not lines[n - 1].lstrip().startswith("#")), 0
    )
    if ":" not in line[: at.col] or not above or line[: at.col - 1].count(":") > 0:
        return False
    parent = lines[above - 1]
    depth, parent_depth = (len(text) - len(text.lstrip(" ")) for text in (line, parent))
    if line[at.col - 1 : at.col] != ":":
        return False
    if ": " in parent and depth > parent_depth:
        place = Mark(at.file, at.line, depth + 1, at.col)
        problems.error(
            "Y148",
            f"this line is indented under line {above}, which already has its value",
            place,
            f"give it the indentation of line {above}, or move that value",
        )
        return True
    if ":" in parent and ": " not in parent and not parent.rstrip().endswith(":"):
        col = parent.index(":") + 1
        problems.error(
            "Y147", "a space was expected after the colon", Mark(at.file, above, col, col + 1), "write 'key: value'"
        )
        return True
    return False


def _no_break_space(line: str) -> int:
    at = line.find(":\u00a0")
    return at + 1 if at >= 0 else (0 if line.startswith("\u00a0") else -1)


def _context(error: YAMLError, file: str) -> Mark | None:
    mark: Any = getattr(error, "context_mark", None)
    return Mark(file, mark.line + 1, mark.column + 1, mark.column + 2) if mark else None


def _explain_character(error: YAMLError, text: str, file: str, problems: Problems) -> None:
    """The parser's reader refused a character (a control character, a lone surrogate)."""
    bad = next((n for n, char in enumerate(text) if not _printable(char)), 0)
    line = text.count("\n", 0, bad) + 1
    col = bad - (text.rfind("\n", 0, bad) + 1) + 1
    problems.error(
        "Y104",
        f"the control character U+{ord(text[bad]):04X} is not accepted",
        Mark(file, line, col, col + 1),
        "take it out",
    )


def _printable(char: str) -> bool:
    """Whether YAML accepts *char* (its production ``c-printable``)."""
    return (
        char in "\t\n\r\x85"
        or " " <= char <= "~"
        or "\xa0" <= char <= "\ud7ff"
        or "\ue000" <= char <= "\ufffd"
        or char >= "\U00010000"
    )
