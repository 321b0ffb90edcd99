"""A server for each test, started by the client as assistants start it; run-mcp says how and makes the index."""

import os

import anyio
import pytest
from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


def given(name):
    value = os.environ.get(name)
    if not value:
        pytest.exit(f"{name} is not set; run conformance/run-mcp, which makes an index", returncode=2)
    return value


RERANK = given("RERANK4J")
INDEX = given("RERANK4J_INDEX")


def server(code=None, *options):
    """How the server is started; its exit code is left in a file if there is one."""
    args = ["mcp", "--index", INDEX, *options]
    kept = {name: os.environ[name] for name in ("HOME", "JAVA_HOME", "PATH", "RERANK4J_CACHE") if name in os.environ}
    if code is None:
        return StdioServerParameters(command=RERANK, args=args, env=kept)
    script = '"$@"; echo $? > "$0"'
    return StdioServerParameters(command="sh", args=["-c", script, str(code), RERANK, *args], env=kept)


def talks(test):
    """Runs a coroutine with a session, and what the server said at its beginning. Everything on the server's standard
    output must have been a message, and its end a good one."""

    def run(tmp_path):
        odd = []

        async def hear(message):
            if isinstance(message, Exception):
                odd.append(message)

        async def talk():
            async with stdio_client(server(tmp_path / "code")) as (read, write):
                async with ClientSession(read, write, message_handler=hear) as session:
                    greeting = await session.initialize()
                    # Until its models are there it cannot end as fast as the client wants it to.
                    await session.call_tool("rerank", {"query": "ready", "texts": ["ready"]})
                    await test(session, greeting)

        anyio.run(talk)
        assert odd == []
        assert (tmp_path / "code").read_text() == "0\n"

    run.__name__, run.__doc__ = test.__name__, test.__doc__  # not its arguments, which pytest would look for
    return run


def wire(message):
    """As it was sent: the names of its parts differ between versions of the client."""
    return message.model_dump(by_alias=True, mode="json", exclude_none=True)
