"""Tests of the CCTV integration, its device layer and its simulators."""
