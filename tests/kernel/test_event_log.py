"""The event log: append-only, fingerprinted, written and read back to the last bit."""

from __future__ import annotations

import gzip
import math
import struct
import tempfile
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.units import NS_PER_S
from engine.domain.records import (
    KINDS,
    Decided,
    DeskSession,
    DeskTick,
    FaultHealed,
    FaultStarted,
    Finding,
    PhaseStarted,
    Record,
    VenueSession,
)
from engine.kernel.event_log import (
    EVENTS_PER_CHECKPOINT,
    MAGIC,
    NS_PER_CHECKPOINT,
    Checkpoint,
    EventLog,
    read_log,
)

INT64 = st.one_of(st.integers(-(2**63), 2**63 - 1), st.sampled_from([-(2**63), -1, 0, 1, 2**63 - 1]))
FIELDS: dict[type, st.SearchStrategy[Any]] = {
    int: INT64,
    float: st.floats(),
    bool: st.booleans(),
    str: st.text(max_size=20),
}


def records_of(kind: type[Record]) -> st.SearchStrategy[Record]:
    """Any record of *kind*; its time is set when it is put in order."""
    hints = get_type_hints(kind)
    return st.builds(kind, *(FIELDS[hints[name]] for name in kind._fields))


RECORDS = st.one_of([records_of(kind) for kind in KINDS])


def in_order(records: Iterable[Record], times: Iterable[int]) -> list[Record]:
    """*records* at ascending *times*."""
    return [record._replace(t_ns=t_ns) for record, t_ns in zip(records, sorted(times), strict=True)]


@st.composite
def histories(draw: st.DrawFn) -> list[Record]:
    """A short run of anything, in order of time."""
    records = draw(st.lists(RECORDS, max_size=12))
    times = draw(st.lists(st.integers(0, 2**63 - 1), min_size=len(records), max_size=len(records)))
    return in_order(records, times)


def log_of(records: Iterable[Record]) -> EventLog:
    """A log with these records."""
    log = EventLog()
    for record in records:
        log.append(record)
    return log


def same(one: object, other: object) -> bool:
    """Equality by which NaN is itself and 0.0 is not -0.0: what a bit-for-bit copy is."""
    if isinstance(one, float) and isinstance(other, float):
        return struct.pack("<d", one) == struct.pack("<d", other)
    return type(one) is type(other) and one == other


def written(log: EventLog, path: Path) -> bytes:
    """The packed records of a log, without head and compression."""
    log.write(path)
    return gzip.decompress(path.read_bytes()).removeprefix(MAGIC)


# ---- appending and reading


def test_a_log_remembers_in_order() -> None:
    """Whole, by kind, and its length."""
    one, two, three = PhaseStarted(0, "warmup"), DeskTick(5, "SPY", 3), PhaseStarted(5, "timeline")
    log = log_of([one, two, three])

    assert list(log) == [one, two, three]
    assert log.of(PhaseStarted) == [one, three]
    assert log.of(Finding) == []
    assert (len(log), log.last_ns) == (3, 5)


def test_an_empty_log_has_a_fingerprint_too() -> None:
    """64 hex digits, length 0."""
    log = EventLog()

    assert (len(log), log.last_ns, len(log.fingerprint())) == (0, 0, 64)
    int(log.fingerprint(), 16)


def test_time_never_goes_back() -> None:
    """An older record is refused with both times and changes nothing; an equal time is fine."""
    log = log_of([PhaseStarted(7, "warmup"), PhaseStarted(7, "timeline")])
    before = log.fingerprint()

    with pytest.raises(ValueError, match=r"a record of t=6 came after one of t=7: PhaseStarted\(t_ns=6"):
        log.append(PhaseStarted(6, "end"))

    assert (len(log), log.last_ns, log.fingerprint()) == (2, 7, before)


def test_a_negative_time_is_refused() -> None:
    """Nothing happens before the run begins."""
    with pytest.raises(ValueError, match="t=-1 came after one of t=0"):
        EventLog().append(PhaseStarted(-1, "warmup"))


@pytest.mark.parametrize("place", [2**63, -(2**63) - 1])
def test_a_number_that_does_not_fit_leaves_the_log_as_it_was(place: int) -> None:
    """More than 64 bits are an error at once, not a log that cannot be written at the end."""
    log = log_of([DeskTick(1, "SPY", 0)])
    before = log.fingerprint()

    with pytest.raises(struct.error):
        log.append(DeskTick(NS_PER_CHECKPOINT, "SPY", place))

    assert (len(log), log.last_ns, log.of(DeskTick)) == (1, 1, [DeskTick(1, "SPY", 0)])
    assert (log.fingerprint(), log.checkpoints) == (before, [])


def test_observers_see_every_record_as_it_comes() -> None:
    """With the record already in the log."""
    log = EventLog()
    seen: list[tuple[Record, int]] = []
    log.observers.append(lambda record: seen.append((record, len(log))))

    log.append(PhaseStarted(1, "warmup"))
    log.append(PhaseStarted(2, "end"))

    assert seen == [(PhaseStarted(1, "warmup"), 1), (PhaseStarted(2, "end"), 2)]


# ---- the fingerprint


@given(histories())
def test_equal_logs_have_equal_fingerprints(records: list[Record]) -> None:
    """However often anybody looked at it on the way."""
    looked_at = EventLog()
    for record in records:
        looked_at.append(record)
        looked_at.fingerprint()
        list(looked_at)

    assert looked_at.fingerprint() == log_of(records).fingerprint()


def test_the_fingerprint_is_this() -> None:
    """Written down: a change of packing or hash makes every stored fingerprint worthless, and must be meant."""
    log = log_of([PhaseStarted(0, "wärmup"), VenueSession(1, up=False, reason=""), DeskTick(2**62, "SPY", -1)])

    packed = (
        struct.pack("<BqH", 0, 0, 7) + "wärmup".encode(),
        struct.pack("<Bq?H", 11, 1, False, 0),
        struct.pack("<BqqH", 12, 2**62, -1, 3) + b"SPY",
    )

    assert log.fingerprint() == blake2b(b"".join(packed), digest_size=32).hexdigest() == GOLDEN


GOLDEN = "e51e993c08d836151d25b989117c459e14e238d08f01a3ed3ead746dadf44423"


def changed(value: Any) -> Any:
    """A value of the same type that differs."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + "x"
    if isinstance(value, float):
        return 1.0 if math.isnan(value) or value == 0 else -value
    return value - 1 if value > 0 else value + 1


@settings(max_examples=200)
@given(RECORDS, st.data())
def test_any_changed_field_changes_the_fingerprint(record: Record, data: st.DataObject) -> None:
    """Every field of every kind counts."""
    record = record._replace(t_ns=abs(record.t_ns) // 2 + 1)
    name = data.draw(st.sampled_from(record._fields))
    other = record._replace(**{name: changed(getattr(record, name))})

    assert log_of([record]).fingerprint() != log_of([other]).fingerprint()


@given(histories())
def test_the_kind_counts(records: list[Record]) -> None:
    """A heal is no start, though both have the same fields."""
    started, healed = FaultStarted(2**63 - 1, "a", "b"), FaultHealed(2**63 - 1, "a", "b")

    assert log_of([*records, started]).fingerprint() != log_of([*records, healed]).fingerprint()


@given(st.text(max_size=5), st.text(max_size=5))
def test_a_letter_that_moves_to_the_next_field_is_seen(one: str, other: str) -> None:
    """``ab, c`` and ``a, bc`` are two things."""
    here, there = Finding(0, one + "x", other), Finding(0, one, "x" + other)

    assert (log_of([here]).fingerprint() == log_of([there]).fingerprint()) == (here == there)


def test_order_counts() -> None:
    """Two records of one instant in another order are another run."""
    one, two = DeskTick(5, "SPY", 1), DeskTick(5, "QQQ", 1)

    assert log_of([one, two]).fingerprint() != log_of([two, one]).fingerprint()


def test_minus_zero_and_nan_are_values_like_others() -> None:
    """What differs in its bits differs; NaN is equal to itself here."""
    zero = Decided(0, 1, True, "", 0.0, 0.0, "", 0, 0, False)

    assert log_of([zero]).fingerprint() != log_of([zero._replace(observed=-0.0)]).fingerprint()
    nan = zero._replace(limit=math.nan)
    assert log_of([nan]).fingerprint() == log_of([nan._replace(limit=float("nan"))]).fingerprint()


# ---- checkpoints


def ticks(times_ns: Iterable[int]) -> list[Record]:
    """One small record at each time."""
    return [DeskSession(t_ns, up=True) for t_ns in times_ns]


def test_a_checkpoint_comes_every_ten_thousand_records() -> None:
    """With the digest of everything up to it."""
    records = ticks([5] * (2 * EVENTS_PER_CHECKPOINT + 1))
    log = log_of(records)

    assert log.checkpoints == [
        Checkpoint(n, 5, log_of(records[:n]).fingerprint()) for n in (EVENTS_PER_CHECKPOINT, 2 * EVENTS_PER_CHECKPOINT)
    ]


def test_a_checkpoint_comes_every_minute_of_simulated_time() -> None:
    """Taken before the first record of the next minute; a minute without records has none of its own."""
    minute = 60 * NS_PER_S
    records = ticks([1, minute - 1, minute, 3 * minute + 1, 4 * minute - 1, 4 * minute])
    log = log_of(records)

    assert [(point.events, point.t_ns) for point in log.checkpoints] == [
        (2, minute - 1),
        (3, minute),
        (5, 4 * minute - 1),
    ]
    assert [point.digest for point in log.checkpoints] == [log_of(records[:n]).fingerprint() for n in (2, 3, 5)]


def test_count_and_minute_at_once_make_one_checkpoint() -> None:
    """The same state is not said twice."""
    log = log_of(ticks([*[1] * EVENTS_PER_CHECKPOINT, NS_PER_CHECKPOINT]))

    assert [point.events for point in log.checkpoints] == [EVENTS_PER_CHECKPOINT]


@settings(max_examples=50)
@given(st.lists(st.integers(0, 10 * NS_PER_CHECKPOINT), max_size=30), st.sets(st.integers(0, 29)))
def test_checkpoints_do_not_depend_on_who_looks_when(times_ns: list[int], looks: set[int]) -> None:
    """A fingerprint asked for in the middle (a slice of the run) leaves no trace."""
    records = ticks(sorted(times_ns))
    sliced = EventLog()
    for place, record in enumerate(records):
        if place in looks:
            sliced.fingerprint()
        sliced.append(record)

    assert sliced.checkpoints == log_of(records).checkpoints
    assert all(one.events < two.events for one, two in zip(sliced.checkpoints, sliced.checkpoints[1:], strict=False))


# ---- files


@settings(max_examples=150)
@given(histories())
def test_what_is_written_is_read_back_to_the_bit(records: list[Record]) -> None:
    """Every kind, any text, the largest integers, NaN and minus zero; fingerprint and checkpoints too."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events"
        log = log_of(records)
        log.write(path)

        again = read_log(path)

    assert [type(record) for record in again] == [type(record) for record in records]
    assert all(same(a, b) for one, two in zip(again, records, strict=True) for a, b in zip(one, two, strict=True))
    assert (again.fingerprint(), again.checkpoints) == (log.fingerprint(), log.checkpoints)


def test_the_fingerprint_is_of_what_is_written(tmp_path: Path) -> None:
    """The file's bytes and the hash's bytes are the same bytes, also beyond one buffer."""
    log = log_of(Finding(t_ns, "code", "é" * 50) for t_ns in range(1_000))

    assert log.fingerprint() == blake2b(written(log, tmp_path / "events"), digest_size=32).hexdigest()


def test_equal_logs_are_equal_files(tmp_path: Path) -> None:
    """No name and no time of day is in them."""
    for name in ("one", "two"):
        log_of(ticks([1, 2, 3])).write(tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("letter", ["x", "é", "🂡"])
def test_a_text_longer_than_a_record_takes_is_cut_between_letters(letter: str, tmp_path: Path) -> None:
    """65,535 bytes, and never half a letter: the file must be readable."""
    log = log_of([Finding(0, "long", letter * 70_000)])
    log.write(tmp_path / "events")

    text = read_log(tmp_path / "events").of(Finding)[0].text

    assert text == letter * (65_535 // len(letter.encode()))


def test_half_a_surrogate_is_written_out(tmp_path: Path) -> None:
    """A text that is no Unicode (a file name of another encoding) does not end the run."""
    log = log_of([Finding(0, "odd", "\ud800")])
    log.write(tmp_path / "events")

    assert read_log(tmp_path / "events").of(Finding) == [Finding(0, "odd", "\\ud800")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A sound log of three records."""
    path = tmp_path / "events"
    log_of([PhaseStarted(1, "warmup"), Finding(2, "code", "text"), DeskTick(3, "SPY", 2)]).write(path)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x1f",
        b"no log",
        b"scenario: x\n",
        gzip.compress(b""),
        gzip.compress(b"stress.events/2\n"),
        gzip.compress(b"PK\x03\x04 and more"),
    ],
)
def test_a_foreign_file_is_no_log(tmp_path: Path, content: bytes) -> None:
    """Empty, text, another version: refused by name, with a reason."""
    path = tmp_path / "events"
    path.write_bytes(content)

    with pytest.raises(ValueError, match=r"^events is no event log that can be read: .+"):
        read_log(path)


def test_a_log_cut_short_anywhere_is_refused(file: Path) -> None:
    """Every shorter file, byte by byte."""
    whole = file.read_bytes()

    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"^events is "):
            read_log(file)


def test_records_cut_short_inside_a_sound_file_are_refused(file: Path) -> None:
    """Compression may be whole and the records not: everywhere but between two of them."""
    packed = gzip.decompress(file.read_bytes())
    ends = {len(MAGIC) + len(written(log_of(list(read_log(file))[:n]), file.with_name("part"))) for n in range(4)}

    for length in range(len(MAGIC), len(packed)):
        file.write_bytes(gzip.compress(packed[:length]))
        if length in ends:
            assert len(read_log(file)) < 3
        else:
            with pytest.raises(ValueError, match=r"^events is (damaged after [12] records|no event log)"):
                read_log(file)


@settings(max_examples=150)
@given(st.data())
def test_a_flipped_bit_is_never_passed_over(data: st.DataObject) -> None:
    """It gives a ValueError, or (in a byte of the header that means nothing) the same log; never another error."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "events"
        log = log_of([PhaseStarted(1, "warmup"), Finding(2, "code", "täxt"), DeskTick(3, "SPY", 2)])
        log.write(path)
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= 1 << data.draw(st.integers(0, 7))
        path.write_bytes(content)
        try:
            again = read_log(path)
        except ValueError as error:
            assert str(error).startswith("events is ")  # noqa: PT017 - either answer is right, another error is not
        else:
            assert again.fingerprint() == log.fingerprint()


@pytest.mark.parametrize(
    ("packed", "why"),
    [
        (bytes([255]), "a kind of record below"),
        (struct.pack("<BqH", 0, -1, 0), "a record of t=-1 came after one of t=0"),
        (struct.pack("<BqH", 0, 1, 2) + b"\xff\xfe", "can't decode byte 0xff"),
    ],
)
def test_nonsense_in_a_sound_file_is_refused(tmp_path: Path, packed: bytes, why: str) -> None:
    """An unknown kind, time that goes back, a text that is none."""
    path = tmp_path / "events"
    path.write_bytes(gzip.compress(MAGIC + packed))

    with pytest.raises(ValueError, match=f"^events is no event log that can be read: .*{why}"):
        read_log(path)
