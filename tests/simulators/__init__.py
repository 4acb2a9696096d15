"""Simulated devices that speak on real loopback sockets."""
