"""Factors: multiplied in and divided out, whatever the order."""

from __future__ import annotations

from math import prod

from hypothesis import given
from hypothesis import strategies as st

from engine.faults.factors import without

FACTOR = st.integers(100, 10_000).map(lambda hundredths: hundredths / 100)
TAKEN_OUT_ANYHOW = st.lists(FACTOR, min_size=1, max_size=4).flatmap(
    lambda factors: st.tuples(st.just(factors), st.permutations(factors))
)


@given(TAKEN_OUT_ANYHOW)
def test_nothing_is_left_of_factors_that_were_all_taken_out(factors: tuple[list[float], list[float]]) -> None:
    """Exactly one, not nearly."""
    put_in, taken_out = factors
    product = prod(put_in)
    for factor in taken_out:
        product = without(product, factor)

    assert product == 1.0
