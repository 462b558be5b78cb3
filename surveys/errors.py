"""What can go wrong, as data: a stable code and the offending values. Adapters make the sentence."""

from collections.abc import Mapping


class SurveyError(Exception):
    """Something a person asked for cannot be done.

    `code` is stable and is the key of the sentence in every language; `values` fill its placeholders.
    """

    code = "error"

    def __init__(self, **values: object) -> None:
        self.values: Mapping[str, object] = values
        super().__init__(f"{self.code}: {', '.join(f'{k}={v!r}' for k, v in values.items())}")


class InvitationRefused(SurveyError):
    """The link opens nothing for whoever tries it. They are not told why: that would tell which tokens there are."""

    code = "invitation_unknown"


class InvitationUnknown(InvitationRefused):
    """The token belongs to no invitation: mistyped, guessed or erased. Or too many were tried to look at this one."""


class InvitationExpired(InvitationRefused):
    """The invitation was not opened in time."""


class InvitationForeign(InvitationRefused):
    """The invitation belongs to another person than the one who opens it."""


class InvitationForStaff(SurveyError):
    """A member of the vendor's staff opened a link; a client's invitation would have been bound to them."""

    code = "invitation_staff"


class InvitationUsed(SurveyError):
    """The invitation has been answered to the end, or was refused."""

    code = "invitation_used"


class NothingOpen(SurveyError):
    """There is no interview the signal could belong to."""

    code = "nothing_open"


class UnknownQuestionnaire(SurveyError):
    """No questionnaire of this key, or no such version of it. Values: `key`, `allowed`."""

    code = "questionnaire_unknown"


class BadQuery(SurveyError):
    """A report was asked for in words that make no query. Values: `reason`, `word`, `allowed`, `nearest` or None.

    Reasons: unknown, twice, incomplete, bad_date, not_for_metric, empty_period, unclosed_quote, too_long, too_many,
    two_breakdowns, three_breakdowns, outdated; and with `dimension` among the values, of which `nearest` and `allowed`
    are keys: no_such, no_such_yours, several_such.
    """

    code = "query"
