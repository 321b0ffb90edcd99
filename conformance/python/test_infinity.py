"""infinity-client. By itself it answers None on every status but 200 and 422; told to raise, it raises
UnexpectedStatus. It reads a 422 as FastAPI's list of mistakes, so the server must not answer with one."""

import asyncio

import pytest
from corpus import BEST, DOCUMENTS, MANY, MODEL, QUERY, check
from infinity_client import AuthenticatedClient, Client
from infinity_client.api.default import embeddings, rerank
from infinity_client.errors import UnexpectedStatus
from infinity_client.models import OpenAIEmbeddingInputText, RerankInput, ReRankResult


def client(url, key="unused"):
    return AuthenticatedClient(base_url=url, token=key, raise_on_unexpected_status=True)


def ask(client, query=QUERY, documents=DOCUMENTS, **request):
    return rerank.sync(client=client, body=RerankInput(query=query, documents=documents, **request))


def pairs(answer):
    return [(result.index, result.relevance_score) for result in answer.results]


def test_ranks(url):
    answer = ask(client(url), model=MODEL)
    assert isinstance(answer, ReRankResult)
    check(pairs(answer))
    assert answer.model
    assert answer.usage.total_tokens >= answer.usage.prompt_tokens > 0
    assert all(not result.document for result in answer.results)


def test_ranks_async(url):
    body = RerankInput(query=QUERY, documents=DOCUMENTS)
    check(pairs(asyncio.run(rerank.asyncio(client=client(url), body=body))))


def test_top_n(url):
    check(pairs(ask(client(url), top_n=2)), 2)


def test_top_n_null(url):
    check(pairs(ask(client(url), top_n=None)))


def test_documents_back(url):
    answer = ask(client(url), return_documents=True)
    check(pairs(answer))
    assert [result.document for result in answer.results] == [DOCUMENTS[result.index] for result in answer.results]


def test_raw_scores(url):
    """Logits: the same order, and beyond what probabilities can be."""
    answer = ask(client(url), raw_scores=True)
    scores = [score for _, score in pairs(answer)]
    assert answer.results[0].index == BEST
    assert scores == sorted(scores, reverse=True)
    assert scores[-1] < 0


def test_no_documents(url):
    with pytest.raises(UnexpectedStatus) as raised:
        ask(client(url), documents=[])
    assert raised.value.status_code == 400
    assert b"documents" in raised.value.content


def test_blank_query(url):
    with pytest.raises(UnexpectedStatus) as raised:
        ask(client(url), query="  ")
    assert raised.value.status_code == 400
    assert b"query" in raised.value.content


def test_errors_without_raising(url):
    assert ask(Client(base_url=url), documents=[]) is None


def test_1200_documents(url):
    check(pairs(ask(client(url), documents=MANY)), documents=MANY)


def test_key(locked, key):
    check(pairs(ask(client(locked, key))))


def test_wrong_key(locked):
    with pytest.raises(UnexpectedStatus) as raised:
        ask(client(locked, "wrong"))
    assert raised.value.status_code == 401


def test_overload(busy):
    with pytest.raises(UnexpectedStatus) as raised:
        ask(client(busy))
    assert raised.value.status_code == 429


def test_embeddings(url):
    """They are at /v1 here, and it asks for 0 dimensions where nobody says how many."""
    answer = embeddings.sync(client=client(url + "/v1"), body=OpenAIEmbeddingInputText(input_=DOCUMENTS))
    assert [len(item.embedding) for item in answer.data] == [384] * len(DOCUMENTS)
