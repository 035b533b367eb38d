"""Which messages are due, pure, and the outbox that sends each once. Times are aware; days are those on the wall."""
