"""Tests of the Open API family."""
