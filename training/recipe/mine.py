"""Hard negatives and a teacher: every text as a vector of a bi-encoder, then for each pair the nearest passages by vectors and by BM25.

A passage that the bi-encoder puts above the labelled one by more than a margin is likely to be relevant, too, and is left out.
"""

from pathlib import Path

import numpy as np
import torch

from .bert import Bert, load_weights, shape_of, weights_of
from .prepare import Texts, plain_tokenizer, save
from .work import Progress, Step, bfloat16_is_fast, replace

QUERY_PREFIX = "Represent this sentence for searching relevant passages: "
SHARD = 16384
NEAREST = 24
MARGIN = 0.02
TOKENS_AT_ONCE = {"cpu": 4608, "cuda": 262144}  # what stays in a processor's caches; what fills a GPU
CLS, SEP = 101, 102


def device_and_type():
    if torch.cuda.is_available():
        return "cuda", torch.bfloat16
    return "cpu", torch.bfloat16 if bfloat16_is_fast() else torch.float32


class Encoder:
    """A bi-encoder whose vector of a text is that of its first token, of length 1."""

    def __init__(self, path, longest):
        self.bert = Bert(**shape_of(path, weights_of(path)))
        load_weights(self.bert, path)
        self.device, self.type = device_and_type()
        self.bert.eval().to(self.device, self.type)
        self.longest = longest
        self.size = self.bert.embeddings["word_embeddings"].weight.shape[1]

    def width(self, tokens):
        return -(-(min(self.longest, tokens) + 2) // 16) * 16

    def __call__(self, sequences):
        vectors = np.zeros((len(sequences), self.size), np.float16)
        order = sorted(range(len(sequences)), key=lambda i: len(sequences[i]))
        start = 0
        with torch.inference_mode():
            while start < len(order):
                # Few distinct shapes: every new one costs the CPU kernels a compilation.
                width = self.width(max(len(sequences[i]) for i in order[start:start + 128]))
                rows = order[start:start + max(8, TOKENS_AT_ONCE[self.device] // width)]
                width = self.width(max(len(sequences[i]) for i in rows))
                ids, mask = np.zeros((len(rows), width), np.int64), np.zeros((len(rows), width), np.int64)
                for at, i in enumerate(rows):
                    tokens = [CLS, *sequences[i][:min(self.longest, width - 2)], SEP]
                    ids[at, :len(tokens)], mask[at, :len(tokens)] = tokens, 1
                ids, mask = torch.tensor(ids, device=self.device), torch.tensor(mask, device=self.device)
                first = self.bert(ids, mask, torch.zeros_like(ids))[:, 0].float()
                vectors[rows] = torch.nn.functional.normalize(first, dim=1).cpu().numpy().astype(np.float16)
                start += len(rows)
        return vectors


def embed(work, encoder, tokenizer, longest=128):
    """Vectors of all queries and passages: as a query with the prefix, as a passage without. Shards survive a kill."""
    work = Path(work)
    step = Step(work, "vectors", [work / "prepared.npz", encoder, tokenizer], {"longest": longest, "prefix": QUERY_PREFIX})
    if step.is_done():
        return
    texts = Texts(work)
    prefix = plain_tokenizer(tokenizer).encode(QUERY_PREFIX, add_special_tokens=False).ids
    queries = np.unique(texts.pairs[:, 0])
    passages = np.unique(np.concatenate([texts.pairs[:, 1], texts.labelled]))
    asked = [(text, prefix) for text in queries] + [(text, []) for text in passages]
    model = Encoder(encoder, longest)
    shards = step.parts("shards")
    # Of like length together, so that a shard takes few widths.
    order = np.argsort([len(before) + min(longest, texts.offsets[t + 1] - texts.offsets[t]) for t, before in asked], kind="stable")
    progress = Progress("texts to vectors", len(asked))
    vectors = np.zeros((len(asked), model.size), np.float16)
    for start in range(0, len(asked), SHARD):
        rows = order[start:start + SHARD]
        shard = shards / f"{start:09d}.npy"
        if not shard.is_file():
            parts = []
            for at in range(0, len(rows), 2048):
                parts.append(model([[*asked[r][1], *texts.tokens(asked[r][0], longest - len(asked[r][1]))] for r in rows[at:at + 2048]]))
                progress.at(start + at)
            made = np.concatenate(parts)
            replace(shard, lambda beside: save_one(beside, made))
        vectors[rows] = np.load(shard)
    as_query, as_passage = np.full(len(texts), -1, np.int32), np.full(len(texts), -1, np.int32)
    as_query[queries], as_passage[passages] = np.arange(len(queries)), len(queries) + np.arange(len(passages))
    replace(work / "vectors.npz", lambda beside: save(beside, dict(vectors=vectors, as_query=as_query, as_passage=as_passage)))
    step.forget("shards")
    step.finish(["vectors.npz"], queries=len(queries), passages=len(passages))


def save_one(path, array):
    with open(path, "wb") as file:
        np.save(file, array)


class Vectors:
    """The teacher's view: cosine of a query and passages."""

    def __init__(self, work):
        z = np.load(Path(work) / "vectors.npz")
        self.vectors, self.as_query, self.as_passage = z["vectors"], z["as_query"], z["as_passage"]

    def similar(self, query, passages):
        return self.vectors[self.as_passage[passages]].astype(np.float32) @ self.vectors[self.as_query[query]].astype(np.float32)


def mine(work, nearest=NEAREST, margin=MARGIN):
    """For each pair the nearest passages of its source by vectors, and by BM25, that are neither labelled relevant nor likely to be."""
    work = Path(work)
    step = Step(work, "mined", [work / "vectors.npz", work / "prepared.npz", work / "texts.txt"], {"nearest": nearest, "margin": margin})
    if step.is_done():
        return
    texts, vectors = Texts(work), Vectors(work)
    words = (work / "texts.txt").read_text(encoding="utf-8").split("\n")
    pairs = texts.pairs
    found = np.full((2, len(pairs), nearest), -1, np.int32)
    positives = {}
    for query, passage, _ in pairs:
        positives.setdefault(query, set()).add(passage)
    progress = Progress("pairs mined", len(pairs))
    done = 0
    for source in range(len(texts.sources)):
        rows = np.where(pairs[:, 2] == source)[0]
        passages = np.unique(pairs[rows, 1])
        by_words = Words([words[p] for p in passages])
        of_passages = torch.tensor(vectors.vectors[vectors.as_passage[passages]]).float()
        for start in range(0, len(rows), 512):
            some = rows[start:start + 512]
            of_queries = torch.tensor(vectors.vectors[vectors.as_query[pairs[some, 0]]]).float()
            similar = of_queries @ of_passages.T
            place = np.searchsorted(passages, pairs[some, 1])
            limit = similar[torch.arange(len(some)), torch.tensor(place)] + margin
            deep = min(len(passages), nearest + 24)
            by_vector = similar.topk(deep, 1).indices.numpy()
            by_bm25 = by_words.nearest([words[q] for q in pairs[some, 0]], deep)
            for list_of, kind in ((by_vector, 0), (by_bm25, 1)):
                for at, row in enumerate(some):
                    good = [p for p in list_of[at] if passages[p] not in positives[pairs[row, 0]] and passages[p] != pairs[row, 0] and similar[at, p] < limit[at]]
                    good = passages[np.array(good[:nearest], int)] if good else np.zeros(0, np.int32)
                    found[kind, row, :len(good)] = good
            done += len(some)
            progress.at(done)
    replace(work / "mined.npz", lambda beside: save(beside, dict(by_vector=found[0], by_bm25=found[1])))
    step.finish(["mined.npz"], pairs=len(pairs), without_negatives=int(np.sum((found[0, :, 0] < 0) & (found[1, :, 0] < 0))))


class Words:
    """BM25 over some passages."""

    def __init__(self, passages):
        import bm25s
        import snowballstemmer
        self.stemmer = snowballstemmer.stemmer("english")
        self.bm25s = bm25s
        self.index = bm25s.BM25(k1=1.2, b=0.75)
        self.index.index(self.tokens(passages), show_progress=False)

    def tokens(self, texts):
        return self.bm25s.tokenize(texts, stopwords="en", stemmer=self.stemmer.stemWords, show_progress=False)

    def nearest(self, queries, deep):
        return self.index.retrieve(self.tokens(queries), k=deep, show_progress=False, sorted=True).documents
