"""Numbers in, estimates out. Standard library only."""
