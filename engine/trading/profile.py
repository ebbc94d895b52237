"""The Profile document: how long each stage of the desk takes, and where those figures come from."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from engine.base.errors import ExitCode, StressError
from engine.base.keys import key


class ProfileError(StressError, ValueError):
    """Service times that make no distribution."""

    exit_code: ClassVar[ExitCode] = ExitCode.INVALID_DOCUMENT


@dataclass(frozen=True, kw_only=True)
class ServiceTime:
    """How long one stage or link takes, by four points of its distribution, in microseconds.

    Between the points the logarithm of the time grows linearly with the quantile; the fastest is a quarter of the
    median. ``max_us`` is the longest there can be.
    """

    p50_us: float = key("Half of the times are at most this, in microseconds", above=0, max=60_000_000)
    p99_us: float = key("99 of 100 times are at most this, in microseconds", above=0, max=60_000_000)
    p999_us: float = key("999 of 1000 times are at most this, in microseconds", above=0, max=60_000_000)
    max_us: float = key("The longest time there is, in microseconds", above=0, max=60_000_000)

    @property
    def disorder(self) -> str:
        """What is wrong with the four points; nothing if they are above 0 and none is below the one before."""
        if 0 < self.p50_us <= self.p99_us <= self.p999_us <= self.max_us:
            return ""
        return (
            "0 < p50_us <= p99_us <= p999_us <= max_us was expected, "
            f"was {self.p50_us:g}, {self.p99_us:g}, {self.p999_us:g}, {self.max_us:g}"
        )


@dataclass(frozen=True, kw_only=True)
class StageTimes:
    """The way of a tick and of an order through the desk. Links delay, stages serve one thing after the other.

    Raise ProfileError, naming every stage whose points are out of order.
    """

    feed_link: ServiceTime = key("From the venue to the desk's feed handler (a link)")
    feed_handler: ServiceTime = key("Decoding one market event and updating the desk's view (a stage)")
    strategy: ServiceTime = key("From a decoded quote to the strategy's instructions (a stage)")
    governor: ServiceTime = key("The governor's decision on one instruction (a stage)")
    gateway: ServiceTime = key("Encoding one instruction for the venue (a stage)")
    order_link: ServiceTime = key("From the gateway to the venue's door (a link)")
    ack_link: ServiceTime = key("From the venue's answer to the desk (a link)")

    def __post_init__(self) -> None:
        times: dict[str, ServiceTime] = {field.name: getattr(self, field.name) for field in fields(self)}
        wrong = [f"stages.{name}: {time.disorder}" for name, time in times.items() if time.disorder]
        if wrong:
            raise ProfileError("; ".join(wrong), "a percentile cannot be below a lower one; put the figures in order")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The modelled speed of one desk. Its figures are a model's until they were measured on the desk itself."""

    profile: str = key(
        "Name of this document", pattern=r"^[a-z][a-z0-9_]*$", pattern_help="small letters, digits and _"
    )
    title: str = key("What desk this is, in a few words")
    source: str = key("Where the figures come from: a measurement (host, day, command), or that they are modelled")
    stages: StageTimes = key("Service times by stage and link")
