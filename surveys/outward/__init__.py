"""What other systems are told of signals, cases and improvements. Pure."""
