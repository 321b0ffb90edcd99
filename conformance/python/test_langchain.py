"""LangChain: the compressors of langchain-cohere, langchain-community (Infinity) and langchain-voyageai, each inside a
ContextualCompressionRetriever.

None of them sends an empty list. InfinityRerank takes no AuthenticatedClient, only a Client, so the key is one of its
headers. JinaRerank of langchain-community has its address as a constant of the module and so cannot be pointed at
another server.
"""

import asyncio

import cohere.errors
import infinity_client.errors
import pytest
import voyageai.error
from corpus import BEST, DOCUMENTS, MANY, MODEL, QUERY, check
from infinity_client import Client
from langchain_classic.retrievers import ContextualCompressionRetriever
from langchain_cohere import CohereRerank
from langchain_community.document_compressors.infinity_rerank import InfinityRerank
from langchain_core.documents import Document
from langchain_core.runnables import RunnableLambda
from langchain_voyageai import VoyageAIRerank


def cohere_rerank(url, key="unused", n=None):
    return CohereRerank(model=MODEL, base_url=url, cohere_api_key=key, top_n=n)


def infinity_rerank(url, key="unused", n=None):
    client = Client(url, headers={"Authorization": f"Bearer {key}"}, raise_on_unexpected_status=True)
    return InfinityRerank(client=client, model=MODEL, top_n=n)


def voyage_rerank(url, key="unused", n=None):
    return VoyageAIRerank(model=MODEL, base_url=url + "/v1", api_key=key, top_k=n)


COMPRESSORS = [cohere_rerank, infinity_rerank, voyage_rerank]


@pytest.fixture(params=COMPRESSORS, ids=lambda function: function.__name__)
def compressor(request):
    return request.param


def retriever(compressor, texts=DOCUMENTS):
    found = [Document(text, metadata={"position": position}) for position, text in enumerate(texts)]
    return ContextualCompressionRetriever(base_compressor=compressor, base_retriever=RunnableLambda(lambda _: found))


def pairs(documents):
    return [(document.metadata["position"], document.metadata["relevance_score"]) for document in documents]


def test_ranks(compressor, url):
    documents = retriever(compressor(url)).invoke(QUERY)
    check(pairs(documents))
    assert documents[0].page_content == DOCUMENTS[BEST]


def test_ranks_async(compressor, url):
    check(pairs(asyncio.run(retriever(compressor(url)).ainvoke(QUERY))))


def test_top_n(compressor, url):
    check(pairs(retriever(compressor(url, n=2)).invoke(QUERY)), 2)


def test_infinity_without_a_model(url):
    """Then it sends "model": null."""
    check(pairs(retriever(InfinityRerank(client=Client(base_url=url), top_n=None)).invoke(QUERY)))


def test_no_documents(compressor, url):
    assert retriever(compressor(url), []).invoke(QUERY) == []


REFUSALS = {
    cohere_rerank: cohere.errors.BadRequestError,
    infinity_rerank: infinity_client.errors.UnexpectedStatus,
    voyage_rerank: voyageai.error.InvalidRequestError,
}


def test_blank_query(compressor, url):
    with pytest.raises(REFUSALS[compressor]) as raised:
        retriever(compressor(url)).invoke("  ")
    assert "query" in str(raised.value)


def test_1200_documents(compressor, url):
    check(pairs(retriever(compressor(url), MANY).invoke(QUERY)), documents=MANY)


def test_key(compressor, locked, key):
    check(pairs(retriever(compressor(locked, key)).invoke(QUERY)))


WRONG_KEYS = {
    cohere_rerank: cohere.errors.UnauthorizedError,
    infinity_rerank: infinity_client.errors.UnexpectedStatus,
    voyage_rerank: voyageai.error.AuthenticationError,
}


def test_wrong_key(compressor, locked):
    with pytest.raises(WRONG_KEYS[compressor]):
        retriever(compressor(locked, "wrong")).invoke(QUERY)


def test_wrong_key_with_infinitys_default(locked):
    """A client that was not told to raise answers None on every error, and InfinityRerank walks over it."""
    compressor = InfinityRerank(client=Client(base_url=locked), model=MODEL)
    with pytest.raises(TypeError, match="NoneType"):
        retriever(compressor).invoke(QUERY)


OVERLOADS = {
    # Its two retries cannot be switched off: this one comes after them.
    cohere_rerank: cohere.errors.TooManyRequestsError,
    infinity_rerank: infinity_client.errors.UnexpectedStatus,
    voyage_rerank: voyageai.error.RateLimitError,
}


def test_overload(compressor, busy):
    asked = retriever(compressor(busy))
    with pytest.raises(OVERLOADS[compressor]):
        asked.invoke(QUERY)
