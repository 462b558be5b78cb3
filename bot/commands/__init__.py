"""The commands: each takes the settings and its arguments, prints what it did, returns the exit code."""
