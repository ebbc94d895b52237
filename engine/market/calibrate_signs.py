"""How long metaorders are, from the memory of the aggressors' sides: Lillo, Mike and Farmer's model turned around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.market.recording import Floats

EXPONENTS = np.round(np.arange(1.1, 3.01, 0.05), 2)
LONE_PCT = np.arange(0.0, 61.0, 1.0)
LONGEST_LAG = 200
"""Within it a metaorder's next child is looked for; what is farther counts for nothing in the fit."""


@dataclass(frozen=True)
class SignFit:
    """Exponent of the lengths of metaorders, and aggressive orders that belong to none, in percent."""

    exponent: float
    lone_pct: float


def fit_signs(memory: Mapping[int, float], most: int) -> SignFit:
    """The metaorders of at most *most* orders whose signs have this *memory*: autocorrelation by lag.

    Least squares over a grid. Raise ValueError if no lag within reach is given.
    """
    lags = [lag for lag in sorted(memory) if lag < LONGEST_LAG]
    if not lags:
        raise ValueError(f"the memory of a lag below {LONGEST_LAG} was expected, was none")
    told = np.array([memory[lag] for lag in lags])
    same = np.column_stack([same_metaorder(exponent, most) for exponent in EXPONENTS.tolist()])
    best, found = np.inf, SignFit(1.5, 15.0)
    for lone_pct in LONE_PCT.tolist():
        missed = sign_memory(same, lone_pct / 100)[lags] - told[:, None]
        squares = np.sum(missed**2, axis=0)
        place = int(np.argmin(squares))
        if squares[place] < best:
            best, found = float(squares[place]), SignFit(float(EXPONENTS[place]), lone_pct)
    return found


def same_metaorder(exponent: float, most: int) -> Floats:
    """The chance that two children so many places apart are of one metaorder, from 0 to the longest lag.

    Lengths are Pareto numbers rounded up, at most *most*: P(length > n) = n^-exponent below it.
    """
    longer = np.arange(1, most, dtype=np.float64) ** -exponent  # P(length > n), n from 1
    longer = np.concatenate([[1.0], longer, [0.0]])
    pairs = np.cumsum(longer[::-1])[::-1]  # sum over n >= lag of P(length > n): places that have such a neighbour
    chance = np.zeros(LONGEST_LAG + 1)
    reach = min(LONGEST_LAG + 1, len(pairs))
    chance[:reach] = pairs[:reach] / pairs[0]
    return chance


def sign_memory(same: Floats, lone: float) -> Floats:
    """The autocorrelation of signs by lag, a share of *lone* orders lying between the children of metaorders.

    *same* is what :func:`same_metaorder` gives, or a column of it for each of several exponents; so is the answer.
    Two orders are alike in sign only if both are children, and of one metaorder; of the orders between them a binomial
    number are children.
    """
    memory = np.zeros_like(same)
    memory[0] = 1.0
    between = np.zeros(LONGEST_LAG + 1)
    between[0] = 1.0  # how many children lie between, at lag 1: none
    for lag in range(1, LONGEST_LAG + 1):
        memory[lag] = (1 - lone) ** 2 * (between[:-1] @ same[1:])
        between[1:] = lone * between[1:] + (1 - lone) * between[:-1]
        between[0] *= lone
    return memory
