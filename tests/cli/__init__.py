"""Tests of ``cli``: each verb as a user runs it."""
