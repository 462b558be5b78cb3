"""The log: structured lines on standard error, ids and codes, never names, words or tokens."""

import json
import logging
import sys
import threading
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from bot.console import place
from surveys.trace import TRACE

LEVELS: Final = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure_logging(level: str = "info") -> None:
    """To be called once, before the first line. `level`: the least that is told."""
    others = logging.StreamHandler(sys.stderr)
    others.setFormatter(Others())
    logging.basicConfig(level=logging.WARNING, handlers=[others], force=True)
    sys.excepthook = lambda _kind, error, _trace: _stray("error that nobody caught", error)
    threading.excepthook = lambda stray: _stray("error in a thread", stray.exc_value)
    warnings.showwarning = _warned
    sys.unraisablehook = lambda stray: _stray("error that cannot be raised", stray.exc_value)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # a sweep tells itself what went wrong in it
    structlog.configure(
        processors=[
            with_trace,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def _stray(event: str, error: BaseException | None) -> None:
    """What Python itself would tell in full, with whatever the error quotes."""
    if not isinstance(error, KeyboardInterrupt | None):
        logging.getLogger("python").error(event, exc_info=error)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """What is warned of may be quoted in it: aiogram quotes a whole update."""
    logging.getLogger("python").warning(f"{category.__name__} at {Path(filename).name}:{lineno}")


def with_trace(logger: WrappedLogger, method: str, line: EventDict) -> EventDict:
    """Adds the name of the update or event that the line is about."""
    trace = TRACE.get()
    return line if trace is None else {"trace": trace, **line}


class Others(logging.Formatter):
    """Lines of libraries in the same form: their sentence without what it would quote, and the kind of an error."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        what = {} if error is None else {"error": type(error).__name__, "at": place(error)}
        line = {
            "event": str(record.msg).partition("\n")[0],
            "logger": record.name,
            **what,
            "level": record.levelname.lower(),
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        return json.dumps(with_trace(None, "", line), ensure_ascii=False)
