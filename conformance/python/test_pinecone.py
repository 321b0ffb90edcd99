"""The pinecone package, versions 7 and 10 (one in each environment): the second one a rewrite, with other exceptions.

Both send a document as an object and refuse an empty list themselves. Version 10 decodes the answer strictly; its
retries are switched off here. Those of version 7 cannot be: it leaves them to urllib3, which asks five times more when
a 429 has a Retry-After.
"""

import pinecone
import pytest
from corpus import BEST, DOCUMENTS, MANY, MODEL, QUERY, check

NEW = int(pinecone.__version__.split(".")[0]) >= 8

if NEW:
    from pinecone import RetryConfig
    from pinecone.errors.exceptions import ApiError, PineconeValueError, RateLimitError, UnauthorizedError

    NO_DOCUMENTS = BLANK_QUERY = PineconeValueError
    INVALID, UNAUTHORIZED, OVERLOADED = ApiError, UnauthorizedError, RateLimitError
    OPTIONS = {"retry_config": RetryConfig(max_retries=0), "timeout": 120}
else:
    from pinecone.exceptions import PineconeApiException, UnauthorizedException

    NO_DOCUMENTS = Exception
    BLANK_QUERY = INVALID = OVERLOADED = PineconeApiException
    UNAUTHORIZED = UnauthorizedException
    OPTIONS = {}


def rerank(url, key="unused", query=QUERY, documents=DOCUMENTS, **request):
    client = pinecone.Pinecone(api_key=key, host=url, **OPTIONS)
    return client.inference.rerank(model=MODEL, query=query, documents=documents, **request)


def pairs(answer):
    return [(item.index, item.score) for item in answer.data]


def status(error):
    return error.status_code if NEW else error.status


def test_ranks(url):
    answer = rerank(url)
    check(pairs(answer))
    assert answer.model
    assert answer.usage.rerank_units == 1
    assert [item.document["text"] for item in answer.data] == [DOCUMENTS[item.index] for item in answer.data]


def test_top_n(url):
    check(pairs(rerank(url, top_n=2)), 2)


def test_without_documents_back(url):
    answer = rerank(url, return_documents=False)
    check(pairs(answer))
    assert all(item.get("document") is None for item in answer.data)


def test_a_field_of_documents(url):
    documents = [{"id": f"d{position}", "body": text, "text": "x"} for position, text in enumerate(DOCUMENTS)]
    answer = rerank(url, documents=documents, rank_fields=["body"])
    check(pairs(answer))
    assert answer.data[0].document["id"] == f"d{BEST}"


def test_no_documents(url):
    with pytest.raises(NO_DOCUMENTS, match="documents"):
        rerank(url, documents=[])


def test_blank_query(url):
    """Version 10 does not send it."""
    with pytest.raises(BLANK_QUERY, match="query"):
        rerank(url, query=" \t")


def test_invalid_request(url):
    """What both leave to the server: a field that the documents do not have."""
    with pytest.raises(INVALID) as raised:
        rerank(url, rank_fields=["body"])
    assert "rank_fields" in str(raised.value)
    assert status(raised.value) == 400


def test_1200_documents(url):
    check(pairs(rerank(url, documents=MANY)), documents=MANY)


def test_key(locked, key):
    """It comes in the header Api-Key."""
    check(pairs(rerank(locked, key)))


def test_wrong_key(locked):
    with pytest.raises(UNAUTHORIZED):
        rerank(locked, "wrong")


def test_overload(busy):
    with pytest.raises(OVERLOADED) as raised:
        rerank(busy)
    assert status(raised.value) == 429
