"""Problems with documents: where, what, and what to do. All of them in one pass, in one format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.base.errors import ExitCode, StressError
from engine.base.words import counted
from engine.config.excerpt import excerpt
from engine.config.mark import Mark

__all__ = ["DocumentError", "Mark", "Problem", "Problems", "render", "render_one", "source_lines", "summary"]

MOST_SHOWN = 20
"""More problems than this are counted, not shown."""

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong: a stable code, a sentence, its place, and what to do about it."""

    code: str
    message: str
    mark: Mark | None = None
    help: str = ""
    item: str = ""
    """The thing that the place belongs to, such as ``timeline item 'crash'``."""
    severity: Literal["error", "warning"] = "error"
    notes: tuple[str, ...] = ()
    """Further lines, shown between the source line and the help."""

    def as_dict(self) -> dict[str, Any]:
        """The problem as plain data, for JSON."""
        place = {"file": self.mark.file, "line": self.mark.line, "col": self.mark.col} if self.mark else {}
        return {
            "code": self.code,
            "severity": self.severity,
            "message": self.message,
            **place,
            "item": self.item,
            "help": self.help,
            "notes": list(self.notes),
        }


class Problems:
    """Problems collected while documents are read, with the source lines that they point at."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}
        self.sources: dict[str, tuple[str, ...]] = {}
        """The lines of each file by the name that is shown to the user."""

    def add(self, problem: Problem) -> None:
        """Keep *problem*; the same one counts once."""
        self._found[problem] = None

    def error(self, code: str, message: str, mark: Mark | None = None, help: str = "", item: str = "") -> None:
        """Add an error."""
        self.add(Problem(code, message, mark, help, item))

    def warn(self, code: str, message: str, mark: Mark | None = None, help: str = "", item: str = "") -> None:
        """Add a warning."""
        self.add(Problem(code, message, mark, help, item, "warning"))

    def remember(self, file: str, text: str) -> None:
        """Keep the lines of *file*, so that problems in it can show them."""
        self.sources[file] = source_lines(text)

    @property
    def all(self) -> tuple[Problem, ...]:
        """Every problem, by file, line and column; those without a place come last."""
        return tuple(sorted(self._found, key=_order))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that make a document unusable."""
        return tuple(problem for problem in self.all if problem.severity == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that do not."""
        return tuple(problem for problem in self.all if problem.severity == "warning")

    def __len__(self) -> int:
        return len(self._found)

    def render(self) -> str:
        """All problems as text, with their source lines and a summary."""
        return render(self.all, self.sources)


class DocumentError(StressError):
    """A document or the configuration is invalid; its problems say where and why."""

    exit_code = ExitCode.INVALID_DOCUMENT

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        super().__init__(problems.render())

    def __reduce__(self) -> tuple[type[DocumentError], tuple[Problems]]:
        """Another process gets it with all its problems, not with their text alone."""
        return type(self), (self.problems,)


def source_lines(text: str) -> tuple[str, ...]:
    """The lines of *text* as YAML counts them (NEL, LS and PS break a line too)."""
    return tuple(_LINE_BREAK.split(text))


def render(problems: Sequence[Problem], sources: Mapping[str, Sequence[str]]) -> str:
    """*problems* as text, at most 20 of them, ending in a line that counts them all."""
    blocks = [render_one(problem, sources) for problem in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        blocks.append(f"... and {len(problems) - MOST_SHOWN} more")
    return "\n".join([*blocks, summary(problems)])


def summary(problems: Sequence[Problem]) -> str:
    """``2 errors, 1 warning in 1 file``."""
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    files = {problem.mark.file for problem in problems if problem.mark and not problem.mark.file.startswith("<")}
    counts = [counted(n, word) for n, word in ((errors, "error"), (warnings, "warning")) if n]
    where = f" in {counted(len(files), 'file')}" if files else ""
    return (", ".join(counts) or "no problems") + where


def render_one(problem: Problem, sources: Mapping[str, Sequence[str]]) -> str:
    """One problem: ``file:line:col: error[CODE]: message``, the source line, notes, help."""
    mark = problem.mark
    place = f"{mark}: " if mark else ""
    lines = [f"{place}{problem.severity}[{problem.code}]: {problem.message}"]
    gutter = " "
    if mark and 0 < mark.line <= len(sources.get(mark.file, ())):
        gutter = " " * len(str(mark.line))
        lines += excerpt(mark, sources[mark.file][mark.line - 1])
    lines += [f"{gutter} = {note}" for note in problem.notes]
    if problem.help:
        lines.append(f"{gutter} = help: {problem.help}")
    lines.append(f"{gutter} = more: stress explain {problem.code}")
    return "\n".join(lines)


def _order(problem: Problem) -> tuple[bool, str, int, int, str]:
    mark = problem.mark
    if mark is None:
        return (True, "", 0, 0, problem.code)
    return (False, mark.file, mark.line, mark.col, problem.code)
