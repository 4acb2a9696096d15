"""Makes this folder the one Home Assistant's test tools find integrations in."""
