"""What is said of importance, on a picture or below a table."""

from metrics.drivers import Drivers
from reports.speech import Speech


def importance_refusal(t: Speech, drivers: Drivers | None) -> str:
    """Why there is none."""
    if drivers is None:
        return t("Importance is told of all confidential answers together only, and only if nothing is suppressed.")
    if drivers.n >= drivers.needed:
        return t("Answers differ too little to tell what moves them.")
    return t(
        "Too few responses to tell importance: {n} of {needed} needed, which judge every component and the NPS.",
        n=t.count(drivers.n),
        needed=t.count(drivers.needed),
    )


def importance_method(t: Speech, drivers: Drivers | None) -> list[str]:
    """How it was come by."""
    if drivers is None or not drivers.drivers:
        return []
    said = [
        t(
            "Johnson’s relative weights over {n} responses explain {share} of the differences in NPS. Bootstrap, 95%.",
            n=t.count(drivers.n),
            share=t.percent(t.count(round(100 * (drivers.r_squared or 0)))),
        ),
        t("Dashed: an even share. A component may move people little because nobody differs about it."),
    ]
    if drivers.left_out:
        said.append(t("Left out, for too few or equal answers: {names}.", names=t.names("component", drivers.left_out)))
    return said


def importance_said(t: Speech, drivers: Drivers | None) -> list[str]:
    """The one or the other."""
    return importance_method(t, drivers) or [importance_refusal(t, drivers)]
