"""The client of 2026: it asks for a protocol of that year, takes no for an answer, and tells the server when it does not
wait any more."""

import anyio
from conftest import server, talks, wire
from mcp import Client


def test_a_newer_client_falls_back():
    async def talk(mode):
        async with Client(server(), mode=mode) as client:
            found = wire(await client.call_tool("search", {"query": "how many days of paid leave do I get"}))
            assert "27 days" in found["content"][0]["text"]
            assert len(wire(await client.list_resources())["resources"]) == 21

    anyio.run(talk, "auto")
    anyio.run(talk, "legacy")


@talks
async def test_a_call_nobody_waits_for_is_cancelled(session, greeting):
    texts = ["the days of leave are counted from January " * 60] * 1000
    await session.list_tools()
    with anyio.move_on_after(1) as waiting:
        await session.call_tool("rerank", {"query": "leave", "texts": texts})
    assert waiting.cancelled_caught
    # The model would be busy for minutes.
    ranked = wire(await session.call_tool("rerank", {"query": "leave", "texts": ["a desk", "leave"]}))
    assert [result["index"] for result in ranked["structuredContent"]["results"]] == [1, 0]
