"""The large loop: causes that repeat over projects, what is decided about them, and how clients are told. Pure."""
