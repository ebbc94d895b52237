"""Runs: the scenario document, building a world from it, playing it, judging it, and the result."""
