"""HTTP doors: events, Telegram's webhook, health, metrics."""
