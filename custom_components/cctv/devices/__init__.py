"""Speaks the vendors' languages and says one common one; knows no Home Assistant."""
