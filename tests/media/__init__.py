"""Tests of what PyAV does for us."""
