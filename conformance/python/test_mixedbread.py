"""The mixedbread package. Two retries by default after 429 and 5xx; switched off here."""

import asyncio

import mixedbread
import pytest
from corpus import BEST, DOCUMENTS, MANY, MODEL, QUERY, check


def sync(url, key="unused", query=QUERY, input=DOCUMENTS, **request):
    client = mixedbread.Mixedbread(api_key=key, base_url=url, max_retries=0)
    return client.rerank(model=MODEL, query=query, input=input, **request)


def async_(url, key="unused", query=QUERY, input=DOCUMENTS, **request):
    async def ask():
        async with mixedbread.AsyncMixedbread(api_key=key, base_url=url, max_retries=0) as client:
            return await client.rerank(model=MODEL, query=query, input=input, **request)

    return asyncio.run(ask())


@pytest.fixture(params=[sync, async_], ids=["sync", "async"])
def rerank(request):
    return request.param


def pairs(answer):
    return [(item.index, item.score) for item in answer.data]


def test_ranks(rerank, url):
    answer = rerank(url)
    check(pairs(answer))
    assert answer.object == "list"
    assert answer.model
    assert answer.usage.total_tokens >= answer.usage.prompt_tokens > 0
    assert answer.return_input is False
    assert all(item.input is None for item in answer.data)


def test_top_k(rerank, url):
    answer = rerank(url, top_k=2)
    check(pairs(answer), 2)
    assert answer.top_k == 2


def test_input_back(rerank, url):
    answer = rerank(url, return_input=True)
    check(pairs(answer))
    assert answer.return_input is True
    assert [item.input for item in answer.data] == [DOCUMENTS[item.index] for item in answer.data]


def test_the_fields_that_count(url):
    input = [{"text": "A notice.", "body": text} for text in DOCUMENTS]
    answer = sync(url, input=input, rank_fields=["body"], return_input=True)
    check(pairs(answer))
    assert answer.data[0].input == input[BEST]


def test_no_documents(rerank, url):
    with pytest.raises(mixedbread.BadRequestError):
        rerank(url, input=[])


def test_blank_query(rerank, url):
    with pytest.raises(mixedbread.BadRequestError):
        rerank(url, query="  ")


def test_1200_documents(url):
    check(pairs(sync(url, input=MANY)), documents=MANY)


def test_key(rerank, locked, key):
    check(pairs(rerank(locked, key)))


def test_wrong_key(rerank, locked):
    with pytest.raises(mixedbread.AuthenticationError):
        rerank(locked, "wrong")


def test_overload(rerank, busy):
    with pytest.raises(mixedbread.RateLimitError):
        rerank(busy)
