"""How questionnaires reach people."""

from typing import Final

TALK: Final = "interview"
"""Somebody asks in person and enters the answers."""
