"""What assistants do with rerank mcp, done by the official client, unmodified. It checks what tools answer against the
schemas that they were announced with."""

import json
import subprocess

import anyio
import pytest
from conftest import INDEX, RERANK, talks, wire

try:
    from mcp import MCPError
except ImportError:
    from mcp import McpError as MCPError

LEAVE = "examples/handbook/docs/leave.md"


@talks
async def test_it_greets(session, greeting):
    greeting = wire(greeting)
    assert greeting["serverInfo"]["name"] == "rerank4j"
    assert greeting["protocolVersion"] == "2025-11-25"
    assert set(greeting["capabilities"]) == {"tools", "resources"}
    assert "search" in greeting["instructions"]
    await session.send_ping()


@talks
async def test_tools_are_listed(session, greeting):
    tools = wire(await session.list_tools())["tools"]
    assert [tool["name"] for tool in tools] == ["search", "rerank"]
    for tool in tools:
        assert tool["annotations"]["readOnlyHint"] and tool["annotations"]["idempotentHint"]
        assert tool["inputSchema"]["required"] and tool["outputSchema"]["required"]


@talks
async def test_search(session, greeting):
    await session.list_tools()
    found = wire(await session.call_tool("search", {"query": "how many days of paid leave do I get", "limit": 4}))
    assert not found.get("isError")
    block = found["content"][0]["text"]
    assert block.startswith("[1] ") and "27 days" in block
    hits = found["structuredContent"]["hits"]
    assert len(hits) == 4 and hits[0]["document"].endswith(LEAVE)
    for hit in hits:
        assert f'[{hit["citation"]}] {hit["title"]}' in block
    filtered = wire(await session.call_tool("search", {"query": "leave", "filter": ["language=xx"]}))
    assert filtered["structuredContent"]["hits"] == []
    assert filtered["content"][0]["text"] == "Nothing was found that passes the filter."


@talks
async def test_rerank(session, greeting):
    await session.list_tools()
    texts = ["a desk", "there are 25 days of leave", "the salary is paid on the 25th"]
    ranked = wire(await session.call_tool("rerank", {"query": "how many days of leave", "texts": texts, "limit": 2}))
    results = ranked["structuredContent"]["results"]
    assert [result["index"] for result in results][0] == 1 and len(results) == 2
    assert ranked["content"][0]["text"].startswith("index 1, probability ")


@talks
async def test_wrong_arguments_are_told_to_the_model(session, greeting):
    await session.list_tools()
    for tool, arguments, sentence in (
        ("search", {}, "the argument query is missing: "),
        ("search", {"query": " "}, "query must not be empty"),
        ("search", {"query": "leave", "limit": 0}, "limit must be an integer from 1 to 100, got 0"),
        ("search", {"query": "leave", "limt": 5}, "there is no argument limt; did you mean limit?"),
        ("search", {"query": "leave", "filter": ["nobody=knows"]}, "names a field that no document of the index has"),
        ("rerank", {"query": "leave", "texts": []}, "texts must have at least 1 item, got 0"),
    ):
        refused = wire(await session.call_tool(tool, arguments))
        assert refused["isError"], refused
        assert sentence in refused["content"][0]["text"]
    with pytest.raises(MCPError, match="there is no such tool"):
        await session.call_tool("find", {})


@talks
async def test_documents_are_resources(session, greeting):
    listed = wire(await session.list_resources())
    assert "nextCursor" not in listed and len(listed["resources"]) == 21
    templates = wire(await session.list_resource_templates())["resourceTemplates"]
    assert [template["uriTemplate"] for template in templates] == ["rerank4j://document/{id}"]
    leave = next(resource for resource in listed["resources"] if resource["name"].endswith(LEAVE))
    document = wire(await session.read_resource(leave["uri"]))["contents"][0]
    assert document["uri"] == leave["uri"] and document["mimeType"] == "text/markdown"
    assert document["text"].startswith(f'# {leave["title"]}\n')
    assert "27 days of paid annual leave" in document["text"]
    with pytest.raises(MCPError, match="Resource not found"):
        await session.read_resource("rerank4j://document/nobody")


@talks
async def test_calls_at_once(session, greeting):
    queries = ["leave", "salary", "laptop", "travel", "sickness"] * 4
    answers = {}

    async def ask(i, query):
        answers[i] = wire(await session.call_tool("search", {"query": query, "limit": 1}))["structuredContent"]["hits"]

    async with anyio.create_task_group() as group:
        for i, query in enumerate(queries):
            group.start_soon(ask, i, query)
    assert len(answers) == 20
    for i in range(5, 20):
        assert answers[i] == answers[i % 5]


def test_nothing_but_messages_on_the_standard_output():
    """By hand: clients forgive what they do not understand."""
    lines = [
        '{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25", '
        '"capabilities": {}, "clientInfo": {"name": "hand", "version": "1"}}}',
        '{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        "this is no message",
        '{"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "search", "arguments": '
        '{"query": "leave"}}}',
    ]
    ended = subprocess.run([RERANK, "mcp", "--index", INDEX, "--verbose"], input="\n".join(lines) + "\n",
                           capture_output=True, encoding="utf-8", timeout=170, check=True)
    messages = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [message.get("id") for message in messages] == [1, None, 2]
    assert messages[1]["error"]["code"] == -32700
    assert messages[2]["result"]["structuredContent"]["hits"]
    assert "retriever: hybrid" in ended.stderr
