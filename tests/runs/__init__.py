"""Tests of ``runs``."""
