"""Tests of the reacting agents."""
