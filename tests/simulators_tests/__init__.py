"""Tests of the simulated devices themselves, over raw sockets."""
