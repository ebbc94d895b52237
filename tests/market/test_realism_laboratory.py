"""Which markets can be measured."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from engine.base.errors import UsageError
from engine.market import models
from engine.market.realism_laboratory import calibrated, laboratory_of

from .recordings import ToyLaboratory, ToyMarket


@dataclass(frozen=True)
class Bare:
    """A market without order messages."""


@dataclass(frozen=True)
class Uncalibrated:
    """A market that has a laboratory, and no parameters of its own."""

    def laboratory(self) -> ToyLaboratory:
        """The laboratory."""
        return ToyLaboratory()


def test_a_market_with_order_messages_has_a_laboratory() -> None:
    """That of the document, with its parameters."""
    assert laboratory_of(ToyMarket(rate=3)) == ToyLaboratory(rate=3)


def test_a_market_without_order_messages_is_refused() -> None:
    """What can be measured is named."""
    with models.lent("toy", ToyMarket), pytest.raises(UsageError, match="makes no order messages") as refused:
        laboratory_of(Bare())

    assert "toy" in refused.value.instruction


@dataclass(frozen=True)
class Parts:
    """Several markets side by side."""

    parts: tuple[object, ...]


def test_of_a_mixed_market_the_part_with_messages_is_measured() -> None:
    """One order book among many reduced symbols; of two nobody says which."""
    assert laboratory_of(Parts((Bare(), ToyMarket(), Bare()))) == ToyLaboratory()
    with pytest.raises(UsageError, match="2 parts of this market make order messages"):
        laboratory_of(Parts((ToyMarket(), ToyMarket())))
    with pytest.raises(UsageError, match="makes no order messages"):
        laboratory_of(Parts((Bare(),)))


def test_a_model_is_measured_with_what_it_ships() -> None:
    """By name."""
    with models.lent("toy", ToyMarket):
        assert calibrated("toy") == ToyMarket()


@pytest.mark.parametrize(
    ("cls", "said"), [(Bare, "the model toy makes no order messages"), (Uncalibrated, "comes without parameters")]
)
def test_a_model_that_cannot_be_measured_by_name_is_refused(cls: type, said: str) -> None:
    """No order messages, or no parameters."""
    with models.lent("toy", cls), pytest.raises(UsageError, match=said):
        calibrated("toy")
