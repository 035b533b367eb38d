"""What the bot says back: a message comes in, replies go out; it knows no Telegram."""
