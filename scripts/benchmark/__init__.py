"""`scripts/bench`: measures what is claimed, beside what others do in the same run."""
