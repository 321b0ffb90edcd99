"""What int8 costs: variants of a float file, each with its size, speed, how far its logits are off, and nDCG@10 on judged candidates.

    python -m recipe.int8 MODEL.onnx TOKENIZER OUT-FOLDER POOL.jsonl... [--queries 30]

All have int8 weights of seven bits for each column (no processor saturates on them, so that all rank alike) and activations that are
quantized on the fly. Which products of matrices are the most sensitive is measured: each one alone in int8, all others float.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np

from .measure import by_document, ndcg, tokens, z
from .prepare import plain_tokenizer
from .publish import alone, matrices, quantize
from .score import OnnxScorer
from .work import Refusal

SAMPLE = 60


def part(name):
    """/bert/layer.3/.../dense/MatMul -> 3.output.dense, for people."""
    return name.strip("/").replace("bert/encoder/layer.", "").replace("bert/", "").replace("/MatMul", "").replace("/", ".")


def sensitivity(model, pairs, folder):
    """The products by how far the logits move if this one alone is int8, the most sensitive first."""
    names = matrices(model)
    right = np.array(alone(model, pairs))
    found = []
    for name in names:
        out = folder / "one.onnx"
        quantize(model, out, embeddings=False, in_float=[n for n in names if n != name])
        found.append((float(np.sqrt(np.mean((np.array(alone(out, pairs)) - right) ** 2))), name))
    (folder / "one.onnx").unlink()
    return sorted(found, reverse=True)


def speed(file, pairs):
    """Pairs a second, one a call, as the product asks."""
    alone(file, pairs[:4])
    start = time.perf_counter()
    alone(file, pairs)
    return len(pairs) / (time.perf_counter() - start)


def quality(file, pools, t):
    scorer, means = OnnxScorer(file), []
    for rows in pools:
        distinct = list({x: None for row in rows for x in (row["query"], *(c["text"] for c in row["candidates"]))})
        ids = dict(zip(distinct, tokens(t, distinct)))
        flat = scorer([(ids[row["query"]][:64], ids[c["text"]][:445]) for row in rows for c in row["candidates"]])
        at, each = 0, {"mixed": [], "alone": []}
        for row in rows:
            c = row["candidates"]
            scores = flat[at:at + len(c)]
            at += len(c)
            ideal = list({x["document"]: x["grade"] or 0 for x in c}.values())
            first = z([x["bm25"] for x in c]) + z([x["vector"] for x in c])
            each["alone"].append(ndcg(by_document(c, scores), ideal))
            each["mixed"].append(ndcg(by_document(c, first + 0.6 * z(scores)), ideal))
        means.append([np.mean(each["mixed"]), np.mean(each["alone"])])
    return np.mean(means, 0)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("tokenizer")
    parser.add_argument("out", type=Path)
    parser.add_argument("pools", nargs="+")
    parser.add_argument("--queries", type=int, default=30, help="of each pool")
    parser.add_argument("--depth", type=int, default=30)
    o = parser.parse_args(arguments)
    try:
        study(o)
    except (Refusal, OSError, ValueError) as e:
        print(e, file=sys.stderr)
        return 1
    return 0


def study(o):
    t = plain_tokenizer(o.tokenizer)
    o.out.mkdir(parents=True, exist_ok=True)
    pools = []
    for file in o.pools:
        rows = [json.loads(line) for line in open(file, encoding="utf-8")][:o.queries]
        for row in rows:
            row["candidates"] = [c for c in row["candidates"] if c["bm25"] is not None or c["vector"] is not None][:o.depth]
        pools.append(rows)
    rng = np.random.default_rng(1)
    every = [(row["query"], c["text"]) for rows in pools for row in rows for c in row["candidates"]]
    sample = [every[i] for i in rng.choice(len(every), SAMPLE, replace=False)]
    pairs = [(list(tokens(t, [q])[0][:64]), list(tokens(t, [p])[0][:253])) for q, p in sample]
    by = sensitivity(o.model, pairs, o.out)
    print("most sensitive: " + ", ".join(f"{part(name)} {off:.3f}" for off, name in by[:8]), flush=True)
    worst = [name for _, name in by]
    variants = {
        "float32": None,
        "int8": dict(),
        "int8, embeddings float": dict(embeddings=False),
        **{f"int8, {k} most sensitive products float": dict(in_float=worst[:k]) for k in (2, 4, 8)},
        "int8, embeddings and 4 most sensitive float": dict(embeddings=False, in_float=worst[:4]),
    }
    right = np.array(alone(o.model, pairs))
    print("| file | MB | pairs a second | logit off (root mean square) | nDCG@10 mixed | alone |\n|---|---|---|---|---|---|")
    for name, how in variants.items():
        file = Path(o.model)
        if how is not None:
            file = o.out / (name.replace(",", "").replace(" ", "-") + ".onnx")
            quantize(o.model, file, **how)
        off = np.sqrt(np.mean((np.array(alone(file, pairs)) - right) ** 2))
        mixed, only = quality(file, pools, t)
        print(f"| {name} | {file.stat().st_size / 1e6:.1f} | {speed(file, pairs):.0f} | {off:.3f} | {mixed:.4f} | {only:.4f} |", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
