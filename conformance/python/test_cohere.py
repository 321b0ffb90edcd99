"""The cohere package, versions 5, 6 and 7 (one in each environment): ClientV2, AsyncClientV2 and the older Client.

Retries: two by default after 429 and 5xx, waiting for Retry-After; switched off here.
"""

import asyncio

import cohere
import cohere.errors
import pytest
from corpus import BEST, DOCUMENTS, MANY, MODEL, QUERY, check

ONCE = {"max_retries": 0}


def v2(url, key="unused", **request):
    return cohere.ClientV2(key, base_url=url).rerank(model=MODEL, request_options=ONCE, **request)


def v2_async(url, key="unused", **request):
    async def ask():
        async with cohere.AsyncClientV2(key, base_url=url) as client:
            return await client.rerank(model=MODEL, request_options=ONCE, **request)

    return asyncio.run(ask())


def v1(url, key="unused", **request):
    return cohere.Client(key, base_url=url).rerank(model=MODEL, request_options=ONCE, **request)


@pytest.fixture(params=[v2, v2_async, v1], ids=lambda function: function.__name__)
def rerank(request):
    return request.param


def pairs(answer):
    return [(result.index, result.relevance_score) for result in answer.results]


def test_ranks(rerank, url):
    answer = rerank(url, query=QUERY, documents=DOCUMENTS)
    check(pairs(answer))
    assert answer.id
    assert answer.meta.billed_units.search_units == 1
    assert answer.meta.api_version.version == ("1" if rerank is v1 else "2")


def test_top_n(rerank, url):
    check(pairs(rerank(url, query=QUERY, documents=DOCUMENTS, top_n=2)), 2)


def test_top_n_above_the_number_of_documents(rerank, url):
    check(pairs(rerank(url, query=QUERY, documents=DOCUMENTS, top_n=50)))


@pytest.mark.parametrize("rerank", [v2, v2_async], ids=lambda function: function.__name__)
def test_nulls_are_as_if_left_out(rerank, url):
    check(pairs(rerank(url, query=QUERY, documents=DOCUMENTS, top_n=None, max_tokens_per_doc=None)))


@pytest.mark.parametrize("rerank", [v2, v2_async], ids=lambda function: function.__name__)
def test_documents_are_cut(rerank, url):
    """The one long document says at its end what was asked for, where five tokens do not reach."""
    documents = ["Notices of the house. " + DOCUMENTS[BEST], DOCUMENTS[BEST]]
    answer = rerank(url, query=QUERY, documents=documents, max_tokens_per_doc=5)
    scores = dict(pairs(answer))
    whole = dict(pairs(rerank(url, query=QUERY, documents=documents)))
    assert scores[0] < whole[0]


def test_documents_back(url):
    answer = v1(url, query=QUERY, documents=DOCUMENTS, return_documents=True)
    check(pairs(answer))
    assert [result.document.text for result in answer.results] == [DOCUMENTS[result.index] for result in answer.results]


def test_documents_only_when_asked_for(url):
    assert all(result.document is None for result in v1(url, query=QUERY, documents=DOCUMENTS).results)


def test_documents_with_fields(url):
    """They come back whole."""
    documents = [{"text": text, "place": str(place)} for place, text in enumerate(DOCUMENTS)]
    answer = v1(url, query=QUERY, documents=documents, return_documents=True)
    check(pairs(answer))
    assert answer.results[0].document.text == DOCUMENTS[BEST]
    assert answer.results[0].document.place == str(BEST)


def test_the_fields_that_count(url):
    documents = [{"text": "A notice.", "body": text} for text in DOCUMENTS]
    check(pairs(v1(url, query=QUERY, documents=documents, rank_fields=["body"])))


def test_without_a_model(url):
    check(pairs(cohere.Client("unused", base_url=url).rerank(query=QUERY, documents=DOCUMENTS)))


def test_no_documents(rerank, url):
    with pytest.raises(cohere.errors.BadRequestError) as raised:
        rerank(url, query=QUERY, documents=[])
    assert "documents" in raised.value.body["message"]


def test_blank_query(rerank, url):
    with pytest.raises(cohere.errors.BadRequestError) as raised:
        rerank(url, query="  ", documents=DOCUMENTS)
    assert "query" in raised.value.body["message"]


@pytest.mark.parametrize("rerank", [v2, v1], ids=lambda function: function.__name__)
def test_1200_documents(rerank, url):
    check(pairs(rerank(url, query=QUERY, documents=MANY)), documents=MANY)


def test_key(rerank, locked, key):
    check(pairs(rerank(locked, key, query=QUERY, documents=DOCUMENTS)))


def test_wrong_key(rerank, locked):
    with pytest.raises(cohere.errors.UnauthorizedError) as raised:
        rerank(locked, "wrong", query=QUERY, documents=DOCUMENTS)
    assert raised.value.body["message"]


def test_overload(rerank, busy):
    with pytest.raises(cohere.errors.TooManyRequestsError) as raised:
        rerank(busy, query=QUERY, documents=DOCUMENTS)
    assert raised.value.body["message"]
    assert int({name.lower(): value for name, value in raised.value.headers.items()}["retry-after"]) >= 1
