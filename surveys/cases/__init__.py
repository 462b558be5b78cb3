"""The closed loop: signals, cases, and the client's own word on whether it helped. Pure, but for the use cases."""
