"""The real market data that some tests read; they are not shipped, and those tests skip without them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

DATA = Path(os.environ.get("STRESS_DATA", Path(__file__).parents[3] / "shared" / "data"))
NAMES = {
    "AMZN": "lobster-amzn-2012-06-21",
    "AAPL": "lobster-aapl-2012-06-21",
    "binance": "binance-feed-2024-08-08",
    "bitstamp": "bitstamp-l3-2015-05-01",
    "LUNA": "luna-usdt-1m-2022-05",
    "SPY": "spy-5min-2019-2020",
    "S&P": "sp500-daily-1950-2018",
    "VIX": "vix-daily-1990-2026",
}


def real(name: str) -> Path:
    """The folder of a real data set; the test is skipped where it is absent."""
    folder = DATA / NAMES[name]
    if not folder.is_dir():
        pytest.skip(f"the real data {folder.name} are not here: set STRESS_DATA to the folder that holds them")
    return folder
