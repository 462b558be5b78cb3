"""Other systems told of signals, cases and improvements."""
