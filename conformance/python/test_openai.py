"""The openai package, versions 1, 2 and 3 (one in each environment): embeddings and the list of models.

It asks for base64 by itself and turns it into numbers. Two retries by default; switched off here.
"""

import math

import openai
import pytest
from corpus import BEST, DOCUMENTS, MODEL, QUERY


def client(url, key="unused"):
    return openai.OpenAI(api_key=key, base_url=url + "/v1", max_retries=0)


def vectors(answer):
    assert [item.index for item in answer.data] == list(range(len(answer.data)))
    return [item.embedding for item in answer.data]


def test_embeddings(url):
    answer = client(url).embeddings.create(model=MODEL, input=[QUERY, *DOCUMENTS])
    query, *documents = vectors(answer)
    assert [len(vector) for vector in documents] == [384] * len(DOCUMENTS)
    assert all(math.isclose(math.hypot(*vector), 1, abs_tol=1e-3) for vector in documents)
    closeness = [sum(x * y for x, y in zip(query, document)) for document in documents]
    assert closeness.index(max(closeness)) == BEST
    assert answer.usage.total_tokens >= answer.usage.prompt_tokens > 0
    assert answer.model


def test_floats_and_base64_are_the_same(url):
    embeddings = client(url).embeddings
    floats = vectors(embeddings.create(model=MODEL, input=DOCUMENTS, encoding_format="float"))
    base64 = vectors(embeddings.create(model=MODEL, input=DOCUMENTS))
    for one, other in zip(floats, base64):
        assert one == pytest.approx(other, abs=1e-6)


def test_base64_asked_for(url):
    answer = client(url).embeddings.create(model=MODEL, input=DOCUMENTS[0], encoding_format="base64")
    assert isinstance(answer.data[0].embedding, str)


def test_one_text(url):
    assert len(vectors(client(url).embeddings.create(model=MODEL, input=QUERY))) == 1


def test_dimensions(url):
    """Only those that the encoder has."""
    embeddings = client(url).embeddings
    assert len(vectors(embeddings.create(model=MODEL, input=QUERY, dimensions=384))[0]) == 384
    with pytest.raises(openai.BadRequestError, match="384"):
        embeddings.create(model=MODEL, input=QUERY, dimensions=256)


def test_no_texts(url):
    with pytest.raises(openai.BadRequestError):
        client(url).embeddings.create(model=MODEL, input=[])


def test_models(url):
    models = list(client(url).models.list())
    assert {"bge-small-en-v1.5-q", "rerank4j-minilm-l6-v1"} <= {model.id for model in models}
    assert all(model.object == "model" and model.owned_by and model.created >= 0 for model in models)
    assert client(url).models.retrieve(models[0].id) == models[0]


def test_unknown_model(url):
    with pytest.raises(openai.NotFoundError):
        client(url).models.retrieve("no-such-model")


def test_key(locked, key):
    assert list(client(locked, key).models.list())
    assert vectors(client(locked, key).embeddings.create(model=MODEL, input=QUERY))


def test_wrong_key(locked):
    with pytest.raises(openai.AuthenticationError):
        client(locked, "wrong").models.list()
    with pytest.raises(openai.AuthenticationError):
        client(locked, "wrong").embeddings.create(model=MODEL, input=QUERY)


def test_overload(busy):
    with pytest.raises(openai.RateLimitError):
        client(busy).embeddings.create(model=MODEL, input=QUERY)
