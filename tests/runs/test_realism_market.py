"""What is measured: the market of a scenario, of a base, or a model with what it ships."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.base.errors import UsageError
from engine.config.problems import DocumentError
from engine.config.writer import write_yaml
from engine.market import models
from engine.market.reduced import Reduced
from engine.runs.realism_market import bands, market_of
from tests.market.recordings import ToyMarket, shipped

from .small import Desk


@pytest.fixture(autouse=True)
def toy() -> Iterator[None]:
    """A model called toy."""
    with models.lent("toy", ToyMarket):
        yield


def base(folder: Path, **keys: Any) -> Desk:
    """A workspace with a base of these keys."""
    desk = Desk(folder)
    desk.write()
    path = folder / "scenarios.d" / "base" / "ours.yaml"
    path.parent.mkdir()
    path.write_text(write_yaml({"base": "ours"} | keys), encoding="utf-8")
    return desk


def test_a_scenario_is_measured_by_its_market(tmp_path: Path) -> None:
    """Whatever else it has: desk, faults and gates play no part."""
    desk = Desk(tmp_path)
    path = desk.write(market={"model": "toy", "rate": 3})

    assert market_of(desk.library(), path) == ToyMarket(rate=3)
    assert market_of(desk.library(), "small") == ToyMarket(rate=3)


def test_a_model_is_measured_with_what_it_ships(tmp_path: Path) -> None:
    """By name, without a document."""
    assert market_of(Desk(tmp_path).library(), "toy") == ToyMarket()


def test_a_base_is_measured_by_its_market(tmp_path: Path) -> None:
    """A base is incomplete; its market need not be."""
    desk = base(tmp_path, market={"model": "toy", "rate": 2})

    assert market_of(desk.library(), "base/ours") == ToyMarket(rate=2)


def test_the_shipped_base_has_the_market_that_its_scenarios_have(tmp_path: Path) -> None:
    """Bound as a scenario's, parts of parts included."""
    found = market_of(Desk(tmp_path).library(), "base/equity_day")

    assert isinstance(found, Reduced)
    assert [instrument.symbol for instrument in found.instruments] == ["SPY"]


@pytest.mark.parametrize(
    ("keys", "reason"),
    [({"title": "Nothing"}, "names no market model"), ({"market": {"model": "reduced"}}, "is incomplete")],
)
def test_a_base_without_a_whole_market_is_refused(tmp_path: Path, keys: dict[str, Any], reason: str) -> None:
    """A scenario that extends it has one."""
    with pytest.raises(UsageError, match=reason):
        market_of(base(tmp_path, **keys).library(), "base/ours")


def test_an_invalid_scenario_is_said_with_its_line(tmp_path: Path) -> None:
    """As stress validate says it."""
    desk = Desk(tmp_path)
    path = desk.write(market={"model": "toy", "rte": 3})

    with pytest.raises(DocumentError) as refused:
        market_of(desk.library(), path)

    assert "unknown field 'rte'" in str(refused.value)
    assert "scenarios.d/small.yaml:" in str(refused.value)


def test_a_misspelt_model_is_corrected(tmp_path: Path) -> None:
    """A name that is neither a document nor a model, but nearly one."""
    with pytest.raises(UsageError) as refused:
        market_of(Desk(tmp_path).library(), "reducd")

    assert refused.value.instruction == "did you mean the model reduced?"


def test_the_shipped_bands_are_found_by_name(tmp_path: Path) -> None:
    """And one of another name is not there."""
    assert bands(Desk(tmp_path).library(), "realism") == shipped()
    with pytest.raises(DocumentError):
        bands(Desk(tmp_path).library(), "no_such_bands")
    with pytest.raises(DocumentError):
        bands(Desk(tmp_path).library(), "latency_core")
