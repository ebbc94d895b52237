"""What is known of a kind of document: its word, its dataclass, its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from engine.config.shape import field_named

T = TypeVar("T")


@dataclass(frozen=True)
class DocKind(Generic[T]):
    """A kind of document. Its *word* is the first key; its names are relative to *folder*, without extension."""

    word: str
    cls: type[T]
    folder: str
    has_params: bool = False
    """Whether ``params:`` and ``${name}`` are allowed; the dataclass then has a field ``params``."""
    base_word: str | None = None
    """The word of incomplete documents that this kind may extend, if there are any."""

    @property
    def words(self) -> tuple[str, ...]:
        """The words that may stand first: of the kind itself, and of its bases."""
        return (self.word,) if self.base_word is None else (self.word, self.base_word)

    def check(self) -> None:
        """Raise TypeError if the dataclass lacks a field that the kind needs."""
        needed = [self.word, *(["params"] if self.has_params else []), *(["extends"] if self.base_word else [])]
        for name in needed:
            if field_named(self.cls, name) is None:
                raise TypeError(f"the document {self.cls.__qualname__} of kind '{self.word}' needs a field '{name}'")
