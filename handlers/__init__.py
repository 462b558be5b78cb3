"""Telegram in and out, thin: read the update, call one use case, render what comes back."""
