"""Recordings in Home Assistant: found, seen and played."""
