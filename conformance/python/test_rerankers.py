"""AnswerDotAI's rerankers: APIRanker with each of its dialects that has a scoring endpoint here.

It asks for all documents and never looks at the status: an error is whatever reading the missing parts of the answer
raises. An empty list breaks in the client before anything is sent.
"""

import pytest
from corpus import BEST, DOCUMENTS, MANY, MODEL, QUERY, check
from rerankers import Reranker
from rerankers.models.api_rankers import APIRanker

PATHS = {
    "cohere": "/v1/rerank",
    "jina": "/v1/rerank",
    "voyage": "/v1/rerank",
    "mixedbread.ai": "/v1/reranking",
    "pinecone": "/rerank",
    "text-embeddings-inference": "/rerank",
}

# What is missing in the body of an error: a key of the object, or, of TEI's, the list.
ERRORS = {provider: (KeyError, "results") for provider in PATHS}
ERRORS["voyage"] = ERRORS["mixedbread.ai"] = ERRORS["pinecone"] = (KeyError, "data")
ERRORS["text-embeddings-inference"] = (TypeError, "indices")


@pytest.fixture(params=PATHS)
def provider(request):
    return request.param


def ranker(provider, url, key="unused"):
    return APIRanker(MODEL, key, provider, url=url + PATHS[provider])


def pairs(answer):
    return [(result.doc_id, result.score) for result in answer]


def test_ranks(provider, url):
    answer = ranker(provider, url).rank(QUERY, DOCUMENTS)
    check(pairs(answer))
    assert answer[0].text == DOCUMENTS[BEST]
    assert [result.rank for result in answer] == list(range(1, len(DOCUMENTS) + 1))


def test_front_door(url):
    """What its documentation shows: a name and the kind of API."""
    answer = Reranker(MODEL, model_type="APIRanker", api_provider="jina", api_key="unused", url=url + "/v1/rerank",
                      verbose=0).rank(QUERY, DOCUMENTS, doc_ids=["a", "b", "c", "d", "e"])
    assert answer.top_k(1)[0].doc_id == "c"


def test_no_documents(provider, url):
    with pytest.raises(IndexError):
        ranker(provider, url).rank(QUERY, [])


def test_blank_query(provider, url):
    kind, missing = ERRORS[provider]
    with pytest.raises(kind, match=missing):
        ranker(provider, url).rank("  ", DOCUMENTS)


def test_1200_documents(provider, url):
    check(pairs(ranker(provider, url).rank(QUERY, MANY)), documents=MANY)


def test_key(provider, locked, key):
    check(pairs(ranker(provider, locked, key).rank(QUERY, DOCUMENTS)))


def test_wrong_key(provider, locked):
    kind, missing = ERRORS[provider]
    with pytest.raises(kind, match=missing):
        ranker(provider, locked, "wrong").rank(QUERY, DOCUMENTS)


def test_overload(provider, busy):
    kind, missing = ERRORS[provider]
    with pytest.raises(kind, match=missing):
        ranker(provider, busy).rank(QUERY, DOCUMENTS)
