"""A local Bot API server and a page that plays Telegram. Shares no code with the bot it tests."""
