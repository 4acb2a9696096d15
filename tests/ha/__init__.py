"""Tests of the Home Assistant side, in a real Home Assistant."""
