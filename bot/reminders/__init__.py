"""Which messages are due, and the outbox that sends each of them once. It knows no Telegram and no words."""
