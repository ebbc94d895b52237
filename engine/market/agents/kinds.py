"""The kinds of reacting agents, by their names in YAML."""

from __future__ import annotations

from typing import Any

from engine.market.agents.fundamental import Fundamental
from engine.market.agents.market_maker import MarketMaker
from engine.market.agents.momentum import Momentum
from engine.market.agents.sell_program import SellProgram
from engine.market.agents.stop_loss import StopLoss

KINDS: dict[str, type[Any]] = {
    "market_maker": MarketMaker,
    "fundamental": Fundamental,
    "momentum": Momentum,
    "stop_loss": StopLoss,
    "sell_program": SellProgram,
}
