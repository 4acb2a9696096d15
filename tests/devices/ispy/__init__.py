"""The iSpy family, tried on simulated PCs."""
