"""Composition root: command line, settings, wiring, the run loop, delivery."""
