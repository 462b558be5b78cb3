"""What is agreed to, when, and until when it holds."""

import hashlib
from dataclasses import replace
from datetime import timedelta

from surveys.interview import Interview
from surveys.questionnaire import Language, Mode, Questionnaire
from surveys.signals import Signal


def consent_digest(questionnaire: Questionnaire, mode: Mode, language: Language) -> str:
    """SHA-256, hexadecimal, of the text that is agreed to."""
    return hashlib.sha256(questionnaire.consent[mode][language].encode()).hexdigest()


def agree(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Interview:
    """The interview with the consent that the first step gives; coming back to the start changes the moment of it."""
    until = signal.at + timedelta(days=questionnaire.validity) if questionnaire.validity else None
    return replace(
        interview,
        consented_at=signal.at,
        consent=consent_digest(questionnaire, interview.mode, interview.language),
        valid_until=interview.valid_until or until,
    )


def agreed(questionnaire: Questionnaire, interview: Interview, signal: Signal) -> Interview:
    """The same where nothing was agreed to before."""
    return agree(questionnaire, interview, signal) if interview.consented_at is None else interview
