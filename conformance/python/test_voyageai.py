"""The voyageai package, versions 0.3, 0.4 and 0.5 (one in each environment), and its AsyncClient.

It takes an error's sentence from `detail`. Versions before 0.5 break on an `error` object in the body.
No retries unless asked for.
"""

import asyncio

import pytest
import voyageai
import voyageai.error
from corpus import BEST, DOCUMENTS, MANY, MODEL, QUERY, check


def sync(url, key="unused", query=QUERY, documents=DOCUMENTS, **request):
    return voyageai.Client(key, base_url=url + "/v1").rerank(query, documents, MODEL, **request)


def async_(url, key="unused", query=QUERY, documents=DOCUMENTS, **request):
    return asyncio.run(voyageai.AsyncClient(key, base_url=url + "/v1").rerank(query, documents, MODEL, **request))


@pytest.fixture(params=[sync, async_], ids=["sync", "async"])
def rerank(request):
    return request.param


def pairs(answer):
    return [(result.index, result.relevance_score) for result in answer.results]


def test_ranks(rerank, url):
    answer = rerank(url)
    check(pairs(answer))
    assert answer.total_tokens > 0
    assert answer.results[0].document == DOCUMENTS[BEST]


def test_top_k(rerank, url):
    check(pairs(rerank(url, top_k=2)), 2)


def test_no_documents(rerank, url):
    with pytest.raises(voyageai.error.InvalidRequestError, match="documents"):
        rerank(url, documents=[])


def test_blank_query(rerank, url):
    with pytest.raises(voyageai.error.InvalidRequestError, match="query"):
        rerank(url, query="  ")


def test_1200_documents(url):
    check(pairs(sync(url, documents=MANY)), documents=MANY)


def test_key(rerank, locked, key):
    check(pairs(rerank(locked, key)))


def test_wrong_key(rerank, locked):
    with pytest.raises(voyageai.error.AuthenticationError):
        rerank(locked, "wrong")


def test_overload(rerank, busy):
    with pytest.raises(voyageai.error.RateLimitError):
        rerank(busy)


def test_embeddings(url):
    """It asks for base64 by itself."""
    answer = voyageai.Client("unused", base_url=url + "/v1").embed(DOCUMENTS, MODEL, input_type="document")
    assert [len(vector) for vector in answer.embeddings] == [384] * len(DOCUMENTS)
    assert answer.total_tokens > 0
