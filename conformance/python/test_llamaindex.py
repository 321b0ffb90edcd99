"""LlamaIndex: the five postprocessors, each inside a query engine over an index that finds every node.

How each gets its address: Cohere, Jina and TEI by base_url, Mixedbread by MIXEDBREAD_BASE_URL only, Voyage not at all;
it is reached here by the hook that the voyageai package has for a session of requests. Jina and TEI never look at the
status. None of them sends an empty list.
"""

import cohere.errors
import mixedbread
import pytest
import requests
import voyageai
import voyageai.error
from corpus import BEST, DOCUMENTS, MANY, MODEL, QUERY, check
from llama_index.core import Settings, SummaryIndex
from llama_index.core.llms import MockLLM
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from llama_index.postprocessor.cohere_rerank import CohereRerank
from llama_index.postprocessor.jinaai_rerank import JinaRerank
from llama_index.postprocessor.mixedbreadai_rerank import MixedbreadAIRerank
from llama_index.postprocessor.tei_rerank import TextEmbeddingInference
from llama_index.postprocessor.voyageai_rerank import VoyageAIRerank


class Redirected(requests.Session):
    """Sends what is meant for Voyage's servers to another address, and all else as it is."""

    address = "https://api.voyageai.com"

    def request(self, method, url, *args, **options):
        return super().request(method, url.replace(Redirected.address, self.address), *args, **options)


session = voyageai.requestssession = Redirected()

# An engine wants a language model even where it only retrieves.
Settings.llm = MockLLM()


def cohere_rerank(url, monkeypatch, key="unused", n=len(DOCUMENTS)):
    return CohereRerank(model=MODEL, top_n=n, api_key=key, base_url=url)


def jina_rerank(url, monkeypatch, key="unused", n=len(DOCUMENTS)):
    return JinaRerank(model=MODEL, top_n=n, api_key=key, base_url=url + "/v1")


def tei_rerank(url, monkeypatch, key="unused", n=len(DOCUMENTS)):
    return TextEmbeddingInference(top_n=n, base_url=url, auth_token=f"Bearer {key}")


def mixedbread_rerank(url, monkeypatch, key="unused", n=len(DOCUMENTS)):
    monkeypatch.setenv("MIXEDBREAD_BASE_URL", url)
    return MixedbreadAIRerank(model=MODEL, top_n=n, api_key=key, max_retries=0)


def voyage_rerank(url, monkeypatch, key="unused", n=len(DOCUMENTS)):
    monkeypatch.setattr(session, "address", url)
    return VoyageAIRerank(model=MODEL, top_n=n, api_key=key)


POSTPROCESSORS = [cohere_rerank, jina_rerank, tei_rerank, mixedbread_rerank, voyage_rerank]


@pytest.fixture(params=POSTPROCESSORS, ids=lambda function: function.__name__)
def postprocessor(request):
    return request.param


def ask(postprocessor, query=QUERY, texts=DOCUMENTS):
    index = SummaryIndex([TextNode(id_=str(position), text=text) for position, text in enumerate(texts)])
    engine = index.as_query_engine(response_mode="no_text", node_postprocessors=[postprocessor])
    return engine.query(query).source_nodes


def pairs(nodes):
    return [(int(node.node.node_id), node.score) for node in nodes]


def test_ranks(postprocessor, url, monkeypatch):
    nodes = ask(postprocessor(url, monkeypatch))
    check(pairs(nodes))
    assert nodes[0].node.text == DOCUMENTS[BEST]


def test_top_n(postprocessor, url, monkeypatch):
    check(pairs(ask(postprocessor(url, monkeypatch, n=2))), 2)


def test_no_documents(postprocessor, url, monkeypatch):
    assert postprocessor(url, monkeypatch).postprocess_nodes([], QueryBundle(QUERY)) == []


# The body of an error has no results, so Jina's says what its `detail` is, and TEI's counts the scores.
BLANK_QUERY = {
    cohere_rerank: cohere.errors.BadRequestError,
    jina_rerank: RuntimeError,
    tei_rerank: AssertionError,
    mixedbread_rerank: mixedbread.BadRequestError,
    voyage_rerank: voyageai.error.InvalidRequestError,
}


def test_blank_query(postprocessor, url, monkeypatch):
    nodes = [NodeWithScore(node=TextNode(text=text)) for text in DOCUMENTS]
    with pytest.raises(BLANK_QUERY[postprocessor]) as raised:
        postprocessor(url, monkeypatch).postprocess_nodes(nodes, QueryBundle("  "))
    assert postprocessor is tei_rerank or "query" in str(raised.value)


def test_1200_documents(postprocessor, url, monkeypatch):
    nodes = ask(postprocessor(url, monkeypatch, n=len(MANY)), texts=MANY)
    check(pairs(nodes), documents=MANY)


def test_key(postprocessor, locked, key, monkeypatch):
    check(pairs(ask(postprocessor(locked, monkeypatch, key))))


def test_raw_key(locked, key):
    """TEI's class puts what it is given into Authorization as it is."""
    check(pairs(ask(TextEmbeddingInference(top_n=len(DOCUMENTS), base_url=locked, auth_token=key))))


WRONG_KEY = {
    cohere_rerank: cohere.errors.UnauthorizedError,
    jina_rerank: RuntimeError,
    tei_rerank: AssertionError,
    mixedbread_rerank: mixedbread.AuthenticationError,
    voyage_rerank: voyageai.error.AuthenticationError,
}


def test_wrong_key(postprocessor, locked, monkeypatch):
    with pytest.raises(WRONG_KEY[postprocessor]):
        ask(postprocessor(locked, monkeypatch, "wrong"))


OVERLOAD = {
    # After the two retries of the cohere package, which cannot be switched off from here. LlamaIndex itself retries
    # 500, 503 and 504, ten times with pauses of four to ten seconds, but not 429.
    cohere_rerank: cohere.errors.TooManyRequestsError,
    jina_rerank: RuntimeError,
    tei_rerank: AssertionError,
    mixedbread_rerank: mixedbread.RateLimitError,
    voyage_rerank: voyageai.error.RateLimitError,
}


def test_overload(postprocessor, busy, monkeypatch):
    asked = postprocessor(busy, monkeypatch)
    with pytest.raises(OVERLOAD[postprocessor]):
        ask(asked)
