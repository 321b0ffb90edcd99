"""Where the servers are (conformance/servers starts them and says so), and how the small one is kept overloaded."""

import json
import os
import threading
import time
import urllib.error
import urllib.request

import pytest

# Clients read keys and addresses from the environment; what the developer has there must not decide a test.
for name in ("CO_API_URL", "CO_API_KEY", "COHERE_API_KEY", "JINAAI_API_KEY", "MIXEDBREAD_BASE_URL", "MXBAI_API_KEY",
             "OPENAI_API_KEY", "OPENAI_BASE_URL", "PINECONE_API_KEY", "PINECONE_CONTROLLER_HOST", "VOYAGE_API_KEY",
             "VOYAGE_API_KEY_PATH"):
    os.environ.pop(name, None)
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
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


LONG = {"query": "spare parts", "documents": [f"{number} " + "spare parts on a shelf " * 40 for number in range(1200)]}


def status(url, body):
    """Of the answer; 0 if the server closed the connection, as it may before it has read what it refuses."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=300) as answer:
            return answer.status
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused.code
    except OSError:
        return 0


@pytest.fixture(scope="session")
def busy():
    """A server that works on one request at a time and refuses what comes meanwhile. Here it always has one: 1,200
    documents of 200 words, again and again until the last test has ended."""
    rerank = given("RERANK4J_BUSY_URL") + "/v1/rerank"
    over = threading.Event()

    def keep_busy():
        while not over.is_set():
            if status(rerank, LONG) in (0, 429):
                over.wait(0.05)

    threading.Thread(target=keep_busy, daemon=True).start()
    bound = time.monotonic() + 60
    while status(rerank, {"query": "a", "documents": ["b"]}) != 429:
        assert time.monotonic() < bound, "the small server was never overloaded"
    yield given("RERANK4J_BUSY_URL")
    over.set()


def pytest_collection_modifyitems(items):
    # Last, because the long requests take the processor from every other test.
    items.sort(key=lambda item: "busy" in item.fixturenames)
