"""Tests of the room ``market``."""
