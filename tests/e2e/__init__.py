"""A browser in front of a real Home Assistant with simulated cameras."""
