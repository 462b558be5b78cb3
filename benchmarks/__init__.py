"""Figures of speed, each a ratio to a named baseline measured in the same run."""
