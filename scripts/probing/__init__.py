"""`scripts/probe`: the device layer alone, without Home Assistant."""
