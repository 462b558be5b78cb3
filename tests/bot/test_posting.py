"""Posting over connections that are kept, against servers that say byte for byte what a test tells them to say."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import posting
from bot.posting import Broken, Poster, Reply, Unsent
from bot.telegram import Telegram
from handlers.replies import message

BODY = b'{"ok":true,"result":{"message_id":5}}'
WHOLE = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
CLOSING = WHOLE.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (
    10,
    BODY[:10],
    len(BODY) - 10,
    BODY[10:],
)
TO_THE_END = b"HTTP/1.1 200 OK\r\n\r\n" + BODY
PAGE = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 4\r\n\r\n<p/>"
SAID = {
    "whole": WHOLE,
    "closing": CLOSING,
    "in chunks": CHUNKED,
    "to the end": TO_THE_END,
    "of an old server": TO_THE_END.replace(b"1.1", b"1.0"),
    "after another": b"HTTP/1.1 103 Early Hints\r\n\r\n" + WHOLE,
    "nothing in it": b"HTTP/1.1 204 No Content\r\n\r\n",
    "a page": PAGE,
    "a redirection": b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
    "cut short": WHOLE[:-3],
    "chunks cut short": CHUNKED[:-5],
    "head cut short": WHOLE[:20],
    "another, then nothing": b"HTTP/1.1 103 Early Hints\r\n\r\n",
    "nothing": b"",
    "not HTTP": b"SSH-2.0-OpenSSH\r\n\r\n",
    "no length": WHOLE.replace(b": 37", b": many"),
}
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def served(answer: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of a server; `answer` is awaited for each connection."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def posting_to(answer: Answer, at_most: int = 8) -> AsyncIterator[Poster]:
    """A client of such a server."""
    async with served(answer) as port:
        poster = Poster(f"http://127.0.0.1:{port}/bot/", at_most)
        yield poster
        await poster.close()


async def asked(reader: asyncio.StreamReader) -> bytes:
    """A whole request."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return head + await reader.readexactly(length)


class Counting:
    """Answers alike on every connection, and counts them; `requests`: those of each."""

    def __init__(self, said: bytes) -> None:
        self.said = said
        self.requests: list[int] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests.append(0)
        number = len(self.requests) - 1
        while True:
            await asked(reader)
            self.requests[number] += 1
            writer.write(self.said)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
async def test_what_comes_back_means_the_same_as_to_a_client_that_knows_all_of_http(said: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await reader.read(10_000)
        writer.write(said)
        writer.write_eof()
        await reader.read()

    async with served(answer) as port:
        telegram, call = Telegram("4242:secret", f"http://127.0.0.1:{port}"), message(7, "Привет")
        thin, known = await telegram._exchange(call, 5.0), await telegram._upload(call, 5.0)
        await telegram.close()
    assert (thin.result, thin.value, thin.code) == (known.result, known.value, known.code)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.sampled_from((WHOLE, CHUNKED, PAGE)), st.lists(st.integers(1, 120), max_size=5))
def test_an_answer_may_come_in_any_pieces(said: bytes, cuts: Sequence[int]) -> None:
    places = sorted({0, len(said), *(cut for cut in cuts if cut < len(said))})
    transport = Transport()
    connection = posting._Connection(lambda _: None)
    connection.connection_made(transport)

    async def exchange() -> Reply:
        answered = asyncio.ensure_future(connection.exchange(b"", asyncio.get_running_loop().time() + 5))
        await asyncio.sleep(0)
        for begin, end in pairwise(places):
            connection.data_received(said[begin:end])
        return await answered

    assert asyncio.run(exchange()) == (Reply(502, b"<p/>") if said is PAGE else Reply(200, BODY))
    assert connection.kept


class Transport(asyncio.Transport):
    """Goes nowhere."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Into nothing."""

    def abort(self) -> None:
        """Nothing to end."""


async def test_a_request_says_what_it_is() -> None:
    seen = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await asked(reader))
        writer.write(WHOLE)

    async with posting_to(answer) as poster:
        await poster.post("sendMessage", b'{"chat_id": 7}', 5.0)
    head, _, body = seen[0].partition(b"\r\n\r\n")
    line, *headers = head.decode().split("\r\n")
    assert (line, body) == ("POST /bot/sendMessage HTTP/1.1", b'{"chat_id": 7}')
    assert {"Content-Type: application/json", "Accept-Encoding: identity", "Content-Length: 14"} < set(headers)
    assert any(each.startswith("Host: 127.0.0.1:") for each in headers)


async def test_a_connection_is_kept_for_the_next_call() -> None:
    server = Counting(WHOLE)
    async with posting_to(server) as poster:
        for _ in range(3):
            assert await poster.post("getMe", b"{}", 5.0) == Reply(200, BODY)
    assert server.requests == [3]


async def test_a_connection_the_server_wants_closed_is_not_kept() -> None:
    server = Counting(CLOSING)
    async with posting_to(server) as poster:
        for _ in range(2):
            await poster.post("getMe", b"{}", 5.0)
    assert server.requests == [1, 1]


async def test_a_connection_idle_for_long_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "KEPT_SECONDS", -1.0)
    server = Counting(WHOLE)
    async with posting_to(server) as poster:
        for _ in range(2):
            await poster.post("getMe", b"{}", 5.0)
    assert server.requests == [1, 1]


async def test_an_answer_nobody_asked_for_is_not_taken_for_the_next_one() -> None:
    server = Counting(WHOLE + PAGE)
    async with posting_to(server) as poster:
        assert await poster.post("getMe", b"{}", 5.0) == Reply(200, BODY)
        assert await poster.post("getMe", b"{}", 5.0) == Reply(200, BODY)
    assert server.requests == [1, 1]


async def test_after_an_answer_that_came_too_late_the_connection_is_not_used_again() -> None:
    late, requests = asyncio.Event(), []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        requests.append(await asked(reader))
        if len(requests) == 1:
            writer.write(WHOLE[:30])  # the head is there, and the rest is not
            await late.wait()
        writer.write(WHOLE)
        await reader.read()

    async with posting_to(answer) as poster:
        with pytest.raises(TimeoutError):
            await poster.post("sendMessage", b"{}", 0.1)
        late.set()
        assert await poster.post("getMe", b"{}", 5.0) == Reply(200, BODY)
    assert len(requests) == 2


async def test_a_call_given_up_leaves_no_connection_behind() -> None:
    taken = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asked(reader)
        taken.set()
        assert await reader.read() == b""

    async with posting_to(answer, at_most=1) as poster:
        call = asyncio.create_task(poster.post("getMe", b"{}", 5.0))
        await taken.wait()
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        with pytest.raises(TimeoutError):
            await poster.post("getMe", b"{}", 0.1)


async def test_where_every_connection_is_taken_a_call_that_cannot_wait_is_not_sent() -> None:
    taken, let_go, requests = asyncio.Event(), asyncio.Event(), []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            requests.append(await asked(reader))
            taken.set()
            await let_go.wait()
            writer.write(WHOLE)

    async with posting_to(answer, at_most=1) as poster:
        first = asyncio.create_task(poster.post("getMe", b"{}", 5.0))
        await taken.wait()
        with pytest.raises(Unsent):
            await poster.post("getMe", b"{}", 0.05)
        waiting = asyncio.create_task(poster.post("getMe", b"{}", 5.0))
        let_go.set()
        assert await first == await waiting == Reply(200, BODY)
    assert len(requests) == 2


async def test_an_answer_without_an_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "LARGEST_REPLY", 1000)

    async with posting_to(Counting(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000)) as poster:
        with pytest.raises(Broken):
            await poster.post("getMe", b"{}", 5.0)


@pytest.mark.parametrize("host", ["127.0.0.1:1", "127.0.0.1:99999", "host.invalid", f"{'a' * 64}.example"])
async def test_where_there_is_no_connection_nothing_is_sent(host: str) -> None:
    poster = Poster(f"http://{host}/bot/", 1)
    for _ in range(2):  # the place of the first is free again
        with pytest.raises(Unsent):
            await poster.post("getMe", b"{}", 5.0)


async def test_a_server_has_to_prove_who_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = tmp_path / "server.pem"
    certificate.write_bytes(proof())
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate)
    async with served(Counting(WHOLE), tls) as port:
        stranger = Poster(f"https://127.0.0.1:{port}/bot/", 1)
        with pytest.raises(Unsent):
            await stranger.post("getMe", b"{}", 5.0)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        poster = Poster(f"https://127.0.0.1:{port}/bot/", 1)
        assert [await poster.post("getMe", b"{}", 5.0) for _ in range(2)] == [Reply(200, BODY)] * 2
        await poster.close()


def proof() -> bytes:
    """A certificate for this machine, signed by itself, and its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    made = made.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
    written = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return written + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
