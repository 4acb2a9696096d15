"""Runs a device: folds what it says, polls, listens, commands; alike for every family."""
