"""What one code of a problem says to ``stress explain``."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of problem: its title, why it is refused, and a wrong and a right way to write it."""

    title: str
    why: str
    wrong: str = ""
    right: str = ""

    @property
    def explanation(self) -> str:
        """Why, then the examples."""
        parts = [self.why]
        parts += [
            f"{word}:\n{indent(text, '    ')}" for word, text in (("wrong", self.wrong), ("right", self.right)) if text
        ]
        return "\n\n".join(parts)
