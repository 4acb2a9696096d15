"""Other clients of the same boxes beside ours, on the same simulators."""
