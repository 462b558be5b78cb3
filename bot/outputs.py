"""Files that commands write: whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.console import Trouble


@contextmanager
def written_whole(output: Path) -> Iterator[Path]:
    """Where to write what is to stand at `output` in the end. Raises Trouble for a place where no file can stand.

    A link is not followed: in a directory of several users somebody else may have put it there.
    """
    if not output.name or output.is_symlink() or (output.exists() and not output.is_file()):
        raise Trouble(f"-o: {str(output)!r} is a directory, a link or a device; name a file")
    part = output.with_name(f".{output.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(exist_ok=False)
    except OSError as error:
        raise Trouble(f"-o: {output} cannot be written: {error.strerror}") from error
    try:
        yield part
        part.replace(output)
    finally:
        part.unlink(missing_ok=True)
