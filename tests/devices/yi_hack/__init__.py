"""Tests of the yi-hack family."""
