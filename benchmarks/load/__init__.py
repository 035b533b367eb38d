"""The bot under load: a lean Bot API server with parents behind it, two bots to compare with, and a soak."""
