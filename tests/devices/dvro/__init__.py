"""Tests of the DVR+O family."""
