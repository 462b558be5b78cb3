"""Sample data for the preview: companies, people and answers that exist nowhere, the same every time."""

from bot.sample.directory import sample_directory, telegram_ids
from bot.sample.waves import SampleInvitation, play, sample_pulses, sample_waves

__all__ = ["SampleInvitation", "play", "sample_directory", "sample_pulses", "sample_waves", "telegram_ids"]
