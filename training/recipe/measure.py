"""How good a model is: pairwise accuracy on contrast items, and nDCG@10 on judged candidates.

    python -m recipe.measure contrast FOLDER TOKENIZER [--domains FILE] [--encoder ONNX] [--models NAME=FILE...]
    python -m recipe.measure pools TOKENIZER POOL.jsonl... [--depth 50] [--models NAME=FILE...]

A pool is what `rerank candidates` writes. The figures of the product are those of `rerank eval`; these are for the way there.
"""

import argparse
import json
import math
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from . import contrast
from .prepare import plain_tokenizer
from .work import Refusal

LONGEST = 288


def scorer(path):
    from .score import OnnxScorer, Scorer
    return OnnxScorer(path) if "int8" in Path(path).name else Scorer(path)


def tokens(t, texts):
    return [np.array(e.ids[:510], np.int64) for e in t.encode_batch(list(texts), add_special_tokens=False)]


def score_all(model, t, pairs, longest=LONGEST, what="pairs scored"):
    """Logits of pairs of texts; a text that occurs often is tokenized once."""
    distinct = list({x: None for pair in pairs for x in pair})
    ids = dict(zip(distinct, tokens(t, distinct)))
    cut = [(ids[q][:64], ids[p][:longest - 3 - min(64, len(ids[q]))]) for q, p in pairs]
    return model(cut, what)


def named(arguments):
    for argument in arguments:
        if "=" not in argument:
            raise Refusal(f"models are given as NAME=FILE, not {argument}")
    return dict(argument.split("=", 1) for argument in arguments)


def domains_of(file):
    return [line.strip() for line in Path(file).read_text().splitlines() if line.strip() and not line.startswith("#")]


def encoder_scores(path, t, items):
    from .mine import QUERY_PREFIX, Encoder
    encoder = Encoder(path, 254)
    prefix = t.encode(QUERY_PREFIX, add_special_tokens=False).ids
    passages = list({p: None for i in items for p in (i.right, *i.wrong)})
    of = dict(zip(passages, encoder([list(x) for x in tokens(t, passages)]).astype(np.float32)))
    queries = encoder([[*prefix, *x] for x in tokens(t, [i.query for i in items])]).astype(np.float32)
    return [[float(of[p] @ q) for p in (i.right, *i.wrong)] for i, q in zip(items, queries)]


def contrast_scores(model, t, items):
    pairs = [(i.query, p) for i in items for p in (i.right, *i.wrong)]
    flat, scores, at = score_all(model, t, pairs, what="contrast pairs"), [], 0
    for i in items:
        scores.append([float(x) for x in flat[at:at + 1 + len(i.wrong)]])
        at += 1 + len(i.wrong)
    return scores


def pairwise(items, scores):
    """All pairs, those of items where every wrong passage shares more words, those where the right one does; and the items whose right passage comes first."""
    def share(rows):
        won = [0.5 + 0.5 * ((s[0] > x) - (s[0] < x)) for _, s in rows for x in s[1:]]
        return sum(won) / len(won) if won else float("nan")
    rows = list(zip(items, scores))
    return share(rows), share([r for r in rows if r[0].overlap == "fewest"]), share([r for r in rows if r[0].overlap == "most"]), \
        sum(s[0] > max(s[1:]) for _, s in rows) / len(rows)


def with_foreign_queries(items):
    """Each item under the query of the item before it in its domain: no passage satisfies it, so that none should win."""
    before = {}
    for i in items:
        before.setdefault(i.domain, []).append(i)
    return [replace(i, query=own[at - 1].query) for own in before.values() for at, i in enumerate(own) if not {own[at - 1].right, *own[at - 1].wrong} & {i.right, *i.wrong}]


def measure_contrast(o):
    items = contrast.read([o.folder])
    if o.domains:
        names = domains_of(o.domains)
        items = [i for i in items if i.domain in names]
    t = plain_tokenizer(o.tokenizer)
    by = {"word overlap": lambda some: [[contrast.shared(i.query, p) for p in (i.right, *i.wrong)] for i in some],
          "length": lambda some: [[len(p.split()) for p in (i.right, *i.wrong)] for i in some]}
    if o.encoder:
        by["bi-encoder"] = lambda some: encoder_scores(o.encoder, t, some)
    for name, path in named(o.models).items():
        by[name] = partial(contrast_scores, scorer(path), t)
    turned, foreign = [x for i in items for x in i.turned()], with_foreign_queries(items)
    print(f"{len(items)} items of {len({i.domain for i in items})} domains, {len(turned)} own queries of their wrong passages")
    print("| | pairs | wrong ones share more words | right one shares most | right one first | own queries of wrong ones | another item's query |\n|---|---|---|---|---|---|---|")
    for name, score in by.items():
        scores = score(items)
        # Right passages that win under another item's query as well are told by what they are like, not by what they say.
        more = [pairwise(of, score(of))[0] if of else float("nan") for of in (turned, foreign)]
        print(f"| {name} | " + " | ".join(f"{x:.3f}" for x in (*pairwise(items, scores), *more)) + " |", flush=True)
    for part, of in (("domain", lambda i: [i.domain]), ("trap", None)):
        print(f"\npairs by {part}")
        groups = {}
        for i, s in zip(items, scores):
            for at, x in enumerate(s[1:]):
                groups.setdefault(i.domain if of else i.traps[at], []).append(s[0] > x)
        print("  ".join(f"{g} {np.mean(v):.3f}" for g, v in sorted(groups.items())))


def ndcg(grades, ideal, k=10):
    best = sorted(ideal, reverse=True)[:k]
    most = sum(g / math.log2(i + 2) for i, g in enumerate(best))
    return sum(g / math.log2(i + 2) for i, g in enumerate(grades[:k])) / most if most > 0 else 0.0


def z(values):
    v = np.array([np.nan if x is None else x for x in values], float)
    if np.isnan(v).all():
        return np.zeros(len(v))
    v = np.where(np.isnan(v), np.nanmin(v), v)
    return (v - v.mean()) / (v.std() + 1e-9)


def by_document(candidates, scores):
    """Grades of documents, the best passage standing for each."""
    best = {}
    for c, s in sorted(zip(candidates, scores), key=lambda x: -x[1]):
        best.setdefault(c["document"], c["grade"] or 0)
    return list(best.values())


def measure_pool(file, depth, models, t, weight):
    rows = [json.loads(line) for line in open(file, encoding="utf-8")]
    found = {}
    pools = []
    for row in rows:
        ideal = list({c["document"]: c["grade"] or 0 for c in row["candidates"]}.values())
        top = [c for c in row["candidates"] if c["bm25"] is not None or c["vector"] is not None][:depth]
        pools.append((row["query"], ideal, top))
    pools = [p for p in pools if len(p[2]) > 0]
    def mean(scores):
        return float(np.mean([ndcg(by_document(top, s), ideal) for (_, ideal, top), s in zip(pools, scores)]))
    first = [z([c["bm25"] for c in top]) + z([c["vector"] for c in top]) for _, _, top in pools]
    found["bm25"] = mean([z([c["bm25"] for c in top]) for _, _, top in pools])
    found["vector"] = mean([z([c["vector"] for c in top]) for _, _, top in pools])
    found["hybrid"] = mean(first)
    for name, model in models.items():
        flat = score_all(model, t, [(q, c["text"]) for q, _, top in pools for c in top], what=Path(file).stem)
        scores, at = [], 0
        for _, _, top in pools:
            scores.append(flat[at:at + len(top)])
            at += len(top)
        found[name] = mean(scores)
        for w in weight:
            found[f"{name} x{w:g}"] = mean([f + w * z(s) for f, s in zip(first, scores)])
    return found


def measure_pools(o):
    t = plain_tokenizer(o.tokenizer)
    models = {name: scorer(path) for name, path in named(o.models).items()}
    total = {}
    for file in o.pools:
        found = measure_pool(file, o.depth, models, t, [float(w) for w in o.weights.split(",")])
        print(f"{Path(file).stem:24s} " + "  ".join(f"{n} {v:.3f}" for n, v in found.items()), flush=True)
        for n, v in found.items():
            total.setdefault(n, []).append(v)
    print(f"{'mean':24s} " + "  ".join(f"{n} {np.mean(v):.4f}" for n, v in total.items()))


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(required=True)
    p = parts.add_parser("contrast")
    p.add_argument("folder")
    p.add_argument("tokenizer")
    p.add_argument("--models", nargs="+", default=[], metavar="NAME=FILE")
    p.add_argument("--domains")
    p.add_argument("--encoder")
    p.set_defaults(run=measure_contrast)
    p = parts.add_parser("pools")
    p.add_argument("tokenizer")
    p.add_argument("pools", nargs="+", metavar="POOL.jsonl")
    p.add_argument("--models", nargs="+", default=[], metavar="NAME=FILE")
    p.add_argument("--depth", type=int, default=50)
    p.add_argument("--weights", default="0.6,1,1.5,2")
    p.set_defaults(run=measure_pools)
    o = parser.parse_args(arguments)
    try:
        o.run(o)
    except (Refusal, ValueError, OSError) as e:
        print(e, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
