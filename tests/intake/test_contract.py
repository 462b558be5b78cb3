"""The OpenAPI document says what the door for events does: what fits it is taken, what does not is refused."""

import asyncio
from collections.abc import Iterator
from copy import deepcopy
from threading import Thread
from typing import Any

import pytest
import schemathesis
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
    status_code_conformance,
)

from intake.doors import Doors
from intake.http import make_app
from intake.openapi import document
from tests.intake.bench import Clock, Store, sources, standard
from tests.intake.conftest import all_well


class Signed(AuthBase):
    """Signs the bytes that leave."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body or b""
        request.headers.update(standard(body.encode() if isinstance(body, str) else body))
        return request


def with_bodies_alone() -> dict[str, Any]:
    """The document without the headers of the signature, which is made for every request."""
    described = deepcopy(document())
    del described["paths"]["/v1/events"]["post"]["parameters"]
    return described


OPERATION = schemathesis.openapi.from_dict(with_bodies_alone())["/v1/events"]["POST"]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
CHECKS += [positive_data_acceptance, negative_data_rejection]
BRIEFLY = settings(max_examples=100, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """The doors in a thread of their own: the client of schemathesis blocks."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    app = make_app(ready=all_well, doors=Doors(sources=sources(), take=Store().take, now=Clock()))
    runner = web.AppRunner(app, auto_decompress=False)

    async def start() -> str:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}"

    yield asyncio.run_coroutine_threadsafe(start(), loop).result()
    asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@BRIEFLY
@given(case=OPERATION.as_strategy(generation_mode=GenerationMode.POSITIVE))
def test_an_event_that_fits_the_document_is_taken(address: str, case: Case) -> None:
    case.call_and_validate(base_url=address, auth=Signed(), checks=CHECKS)


@BRIEFLY
@given(case=OPERATION.as_strategy(generation_mode=GenerationMode.NEGATIVE))
def test_an_event_that_does_not_fit_the_document_is_refused(address: str, case: Case) -> None:
    case.call_and_validate(base_url=address, auth=Signed(), checks=CHECKS)
