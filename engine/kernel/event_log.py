"""The event log: the append-only record of a run, and its fingerprint.

Every record is packed to bytes that do not depend on the process (see :mod:`engine.domain.records`) and hashed as it
comes. Checkpoints are taken by event count and by simulated time, never by how the run was sliced, so that two
logs can be compared without reading all of them.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from operator import itemgetter
from pathlib import Path
from typing import IO, Any, TypeVar, cast, get_type_hints

from engine.base.units import NS_PER_S
from engine.domain.records import KINDS, Record

R = TypeVar("R")

MAGIC = b"stress.events/1\n"
EVENTS_PER_CHECKPOINT = 10_000
NS_PER_CHECKPOINT = 60 * NS_PER_S
_RECORDS_PER_FLUSH = 1_000
"""A divisor of :data:`EVENTS_PER_CHECKPOINT`, so that one look at the count serves both."""
_MOST_TEXTS = 10_000
"""How many packed texts are remembered of one kind."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The digest of everything up to here: ``events`` records, the last at ``t_ns``."""

    events: int
    t_ns: int
    digest: str


class EventLog:
    """Append-only; read by kind (`of`) or whole (`__iter__`)."""

    def __init__(self) -> None:
        self._by_kind: dict[type[Any], list[Any]] = defaultdict(list)
        self._order: list[Record] = []
        self._hash = blake2b(digest_size=32)
        self._buffer: list[bytes] = []
        self._packed: list[bytes] = []
        """Everything before the buffer, as it was hashed and will be written."""
        self._next_checkpoint_ns = NS_PER_CHECKPOINT
        self._last_ns = 0
        self.checkpoints: list[Checkpoint] = []
        self.observers: list[Callable[[Record], None]] = []

    def append(self, record: Record) -> None:
        """Add *record*. Raise ValueError if it is older than the last one."""
        t_ns, kind, order = record.t_ns, type(record), self._order
        if t_ns < self._last_ns:
            raise ValueError(f"a record of t={t_ns} came after one of t={self._last_ns}: {record}")
        packed = _PACK[kind](record)  # first: a record that does not fit leaves the log as it was
        if t_ns >= self._next_checkpoint_ns:
            self._checkpoint()
            self._next_checkpoint_ns = (t_ns // NS_PER_CHECKPOINT + 1) * NS_PER_CHECKPOINT
        self._last_ns = t_ns
        order.append(record)
        self._by_kind[kind].append(record)
        self._buffer.append(packed)
        if not len(order) % _RECORDS_PER_FLUSH:
            self._flush()
            if not len(order) % EVENTS_PER_CHECKPOINT:
                self._checkpoint()
        for observe in self.observers:
            observe(record)

    def of(self, kind: type[R]) -> list[R]:
        """Every record of one kind, in order. Do not change the list."""
        return cast("list[R]", self._by_kind.get(kind, []))

    def fingerprint(self) -> str:
        """The digest over every record so far, 64 hex digits."""
        self._flush()
        return self._hash.hexdigest()

    @property
    def last_ns(self) -> int:
        """The time of the last record."""
        return self._last_ns

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[Record]:
        return iter(self._order)

    def write(self, path: Path) -> None:
        """Write the log to *path* (gzip without name or time, so equal logs are equal files)."""
        with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=0) as out:
            out.write(MAGIC)
            self._flush()
            for packed in self._packed:
                out.write(packed)

    def _flush(self) -> None:
        packed = b"".join(self._buffer)
        self._buffer.clear()
        self._hash.update(packed)
        self._packed.append(packed)

    def _checkpoint(self) -> None:
        if self.checkpoints and self.checkpoints[-1].events == len(self._order):
            return
        self.checkpoints.append(Checkpoint(len(self._order), self._last_ns, self.fingerprint()))


def read_log(path: Path) -> EventLog:
    """The log that :meth:`EventLog.write` wrote. Raise ValueError if the file is not one or is cut short."""
    log = EventLog()
    try:
        with gzip.open(path, "rb") as raw:
            source = cast("IO[bytes]", raw)
            if source.read(len(MAGIC)) != MAGIC:
                raise ValueError("it does not begin like an event log of this version")
            while number := source.read(1):
                log.append(_unpack(_kind(number[0]), source))
    except (EOFError, gzip.BadGzipFile, zlib.error, struct.error, ValueError) as error:
        where = f"is damaged after {len(log)} records" if len(log) else "is no event log that can be read"
        raise ValueError(f"{path.name} {where}: {error}") from error
    return log


def _kind(number: int) -> type[Record]:
    if number >= len(KINDS):
        raise ValueError(f"a kind of record below {len(KINDS)} was expected, was {number}")
    return KINDS[number]


_CODES: dict[type, str] = {int: "q", float: "d", bool: "?"}
_MOST_BYTES = 65_535


def _cut(text: bytes) -> bytes:
    """As much of a text as a record takes, ending with a whole character."""
    return text[:_MOST_BYTES].decode(errors="ignore").encode()


def _layout(kind: type[Record]) -> tuple[struct.Struct, tuple[int, ...], tuple[int, ...]]:
    """The packed form of a kind: a struct for the numbers, the places of numbers, the places of texts."""
    types = [hint for name, hint in get_type_hints(kind).items() if name in kind._fields]
    numbers = tuple(place for place, hint in enumerate(types) if hint is not str)
    texts = tuple(place for place, hint in enumerate(types) if hint is str)
    code = "".join(_CODES[types[place]] for place in numbers)
    return struct.Struct("<B" + code + "H" * len(texts)), numbers, texts


class _Tails(dict[tuple[str, ...], bytes]):
    """The lengths and letters of a record's texts as they are packed: the same few come again and again."""

    def __missing__(self, texts: tuple[str, ...]) -> bytes:
        if len(self) > _MOST_TEXTS:
            self.clear()
        words = [_encoded(text) for text in texts]
        self[texts] = tail = struct.pack(f"<{len(words)}H", *map(len, words)) + b"".join(words)
        return tail


def _encoded(text: str) -> bytes:
    whole = text.encode(errors="backslashreplace")
    return whole if len(whole) <= _MOST_BYTES else _cut(whole)


def _packer(number: int, kind: type[Record]) -> Callable[[Record], bytes]:
    layout, numbers, texts = _layout(kind)
    if not texts:
        return lambda record: layout.pack(number, *record)
    pack_head = partial(struct.Struct(layout.format[: len(layout.format) - len(texts)]).pack, number)
    tails, numbers_of, texts_of = _Tails(), _fields(numbers), _fields(texts)

    def pack_mixed(record: Record) -> bytes:
        return pack_head(*numbers_of(record)) + tails[texts_of(record)]

    return pack_mixed


def _fields(places: tuple[int, ...]) -> Callable[[Record], tuple[Any, ...]]:
    """What stands at these places of a record, always as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    (place,) = places
    return itemgetter(slice(place, place + 1))


def _unpack(kind: type[Record], source: IO[bytes]) -> Record:
    layout, numbers, texts = _layout(kind)
    head = source.read(layout.size - 1)
    values = struct.Struct("<" + layout.format[2:]).unpack(head)
    fields: list[Any] = [None] * (len(numbers) + len(texts))
    for place, value in zip(numbers, values, strict=False):
        fields[place] = value
    for place, length in zip(texts, values[len(numbers) :], strict=True):
        word = source.read(length)
        if len(word) != length:
            raise EOFError("a text is cut short")
        fields[place] = word.decode()
    return kind(*fields)


_PACK: dict[type[Any], Callable[[Record], bytes]] = {kind: _packer(number, kind) for number, kind in enumerate(KINDS)}
