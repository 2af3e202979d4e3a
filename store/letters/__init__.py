"""Letters (回信): the outbox with its states, and which answers are due."""
