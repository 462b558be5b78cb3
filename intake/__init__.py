"""HTTP doors: Telegram's webhook, health, metrics."""
