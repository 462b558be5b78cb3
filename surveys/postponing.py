"""“Not now”: the interview asks when, and sleeps until then."""

from dataclasses import replace

from surveys.events import ButtonStale, Postponed, Resumed, Turn
from surveys.interview import Interview, Phase
from surveys.later import Offer
from surveys.signals import Pressed


def put_off(interview: Interview, button: Pressed) -> Turn:
    """Asks when to come back. Where the question does not stay open long enough for any answer, it just sleeps."""
    offer = _offered(interview, button)
    if offer is None:
        return Turn(interview, (ButtonStale(),))
    asks = replace(interview, turn=interview.turn + 1, phase=Phase.POSTPONING, offer=offer)
    return Turn(asks) if offer.moments else Turn(replace(asks, phase=Phase.ASLEEP), (Postponed(),))


def pressed(interview: Interview, button: Pressed) -> Turn:
    """A button of the card that asks when, or of the one that waits for the time."""
    match button.action:
        case "back" if interview.phase is Phase.POSTPONING:
            return Turn(awake(interview))
        case "resume" if interview.phase is Phase.ASLEEP:
            return wake(interview)
        case "hour" | "tomorrow" | "morning" | "week" as when if interview.phase is Phase.POSTPONING:
            offer = _offered(interview, button)
            if offer is None or when not in offer.moments:
                return put_off(interview, button)
            chosen = replace(offer, moments={when: offer.moments[when]})
            asleep = replace(interview, turn=interview.turn + 1, phase=Phase.ASLEEP, offer=chosen)
            return Turn(asleep, (Postponed(),))
        case _:
            return Turn(interview, (ButtonStale(),))


def wake(interview: Interview) -> Turn:
    """Its time has come, or the person is here."""
    return Turn(awake(interview), (Resumed(),)) if interview.put_off else Turn(interview)


def awake(interview: Interview) -> Interview:
    """Where it was when it was put off."""
    phase = Phase.ASKING if interview.trail else Phase.INTRODUCTION
    return replace(interview, turn=interview.turn + 1, phase=phase, offer=None)


def _offered(interview: Interview, button: Pressed) -> Offer | None:
    return None if button.offer is None else button.offer.before(interview.valid_until)
