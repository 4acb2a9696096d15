"""The demonstration: simulated cameras, and a real Home Assistant that lives with them."""
