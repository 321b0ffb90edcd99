"""Where the servers are (conformance/servers starts them and says so), and how the small one is kept overloaded."""

import http.client
import os
import socket
import urllib.parse

import pytest

# Clients read keys and addresses from the environment; what the developer has there must not decide a test.
for name in ("CO_API_URL", "CO_API_KEY", "COHERE_API_KEY", "JINAAI_API_KEY", "MIXEDBREAD_BASE_URL", "MXBAI_API_KEY",
             "OPENAI_API_KEY", "OPENAI_BASE_URL", "PINECONE_ADDITIONAL_HEADERS", "PINECONE_API_KEY",
             "PINECONE_CONTROLLER_HOST", "VOYAGE_API_KEY", "VOYAGE_API_KEY_PATH"):
    os.environ.pop(name, None)
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
os.environ["LANGSMITH_TRACING"] = "false"


def given(name):
    value = os.environ.get(name)
    if not value:
        pytest.exit(f"{name} is not set; run conformance/run-python, which starts the servers", returncode=2)
    return value


@pytest.fixture(scope="session")
def url():
    """A server that asks for no key."""
    return given("RERANK4J_URL")


@pytest.fixture(scope="session")
def locked():
    """A server that asks for a key."""
    return given("RERANK4J_LOCKED_URL")


@pytest.fixture(scope="session")
def key():
    return given("RERANK4J_KEY")


LATE = b"\r\n".join([b"POST /v1/rerank HTTP/1.1", b"Host: 127.0.0.1", b"Content-Type: application/json",
                     b"Content-Length: 2", b"Expect: 100-continue", b"", b""])


@pytest.fixture
def busy():
    """A server that works on one request at a time, while it has one. A request that keeps the processor busy would end
    some time; this one's body is late until the test has ended. That its turn has come, the server says by asking for
    the body."""
    address = given("RERANK4J_BUSY_URL")
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname, parts.port), timeout=60) as late:
        late.sendall(LATE)
        answer = http.client.HTTPResponse(late)
        assert b" 100 " in answer.fp.readline()
        answer.fp.readline()
        yield address
        late.sendall(b"{}")
        answer.begin()
        assert answer.status == 400  # {} asks for nothing; once it is answered, the server is free again
