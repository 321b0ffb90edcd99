"""What trec_eval and gdeval say of small runs: golden values for MetricGoldenTest.

    pip install ir_measures==0.4.3 pytrec_eval-terrier==0.5.11 numpy==2.4.6
    python golden.py          (with perl on the path, which gdeval is written in)

Makes runs and judgments from the project's own examples in ../resources/golden, and golden.json beside them. The values
come from pytrec_eval (trec_eval itself, linked into Python) and from gdeval.pl (by ir_measures); judged@k is from
ir_measures, which breaks ties otherwise and so reads the runs with trec_eval's order made strict.

Runs: "words" counts weighted words, with two decimals, so that there are ties; "coarse" the same with whole numbers, and
many ties; "fine" differs only where float32 does not see it; "negative" has scores below zero, 0 and -0, and lines that
are not in order; "tickets" is "words" on another collection. Judgments are the examples', with grades from -1 to 4 and
with judged irrelevant ones added; one query has irrelevant ones alone, one is not in the runs, one is not judged.
"""
import collections
import json
import math
import pathlib
import random
import re
import struct

import ir_measures
import pytrec_eval

HERE = pathlib.Path(__file__).parent
EXAMPLES = HERE.parents[3] / "examples"
OUT = HERE.parent / "resources" / "golden"
DEPTH = 40
CUTS = [1, 3, 5, 10, 20, 100]


def float32(score):
    return struct.unpack("f", struct.pack("f", score))[0]


def words(text):
    return re.findall(r"\w+", text.lower())


def jsonl(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def retrieve(name):
    corpus = {row["_id"]: collections.Counter(words(row["title"] + " " + row["text"]))
              for row in jsonl(EXAMPLES / name / "corpus.jsonl")}
    seen = collections.Counter(word for text in corpus.values() for word in text)
    return {row["_id"]: {document: sum((1 + math.log(text[word])) * math.log(len(corpus) / seen[word])
                                       for word in words(row["text"]) if text[word])
                         for document, text in corpus.items()}
            for row in jsonl(EXAMPLES / name / "queries.jsonl")}


def judgments(name, retrieved, draw):
    qrels = {}
    for line in (EXAMPLES / name / "qrels" / "test.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")
        qrels.setdefault(query, {})[document] = int(grade)
    for query in qrels:
        near = sorted(retrieved[query], key=lambda d: -retrieved[query][d])[:20]
        for document in draw.sample(near, 8):
            qrels[query].setdefault(document, draw.choice([-1, 0, 0, 0, 1, 3, 4]))
    nothing, unjudged = list(qrels)[3:5]
    qrels[nothing] = {document: 0 for document in qrels[nothing]}
    del qrels[unjudged]
    qrels["not-in-the-run"] = {next(iter(retrieved[nothing])): 1}
    return qrels


def top(scores):
    return dict(sorted(scores.items(), key=lambda item: -item[1])[:DEPTH])


def ordered(scores):
    """As trec_eval orders: float32 descending, ids descending as bytes."""
    return sorted(sorted(scores, key=lambda d: d.encode(), reverse=True), key=lambda d: -float32(scores[d]))


def strict(run):
    return {query: {d: float(-rank) for rank, d in enumerate(ordered(scores))} for query, scores in run.items()}


def trec_eval(qrels, run):
    cuts = ",".join(map(str, CUTS))
    measures = {"ndcg", "map", "recip_rank", "set_recall"} | {
        f"{name}.{cuts}" for name in ["ndcg_cut", "map_cut", "recall", "P", "success"]}
    values = pytrec_eval.RelevanceEvaluator(qrels, measures).evaluate(run)
    golden = collections.defaultdict(dict)
    for query, measured in values.items():
        for ours, theirs in [("ndcg", "ndcg"), ("map", "map"), ("mrr", "recip_rank"), ("recall", "set_recall")]:
            golden[ours][query] = measured[theirs]
        for cut in CUTS:
            for ours, theirs in [("ndcg", "ndcg_cut"), ("map", "map_cut"), ("recall", "recall"), ("p", "P"),
                                 ("hit", "success")]:
                golden[f"{ours}@{cut}"][query] = measured[f"{theirs}_{cut}"]
    for cut in CUTS:  # trec_eval has no cut-off for this one: cut the run
        cut_run = {query: {d: scores[d] for d in ordered(scores)[:cut]} for query, scores in run.items()}
        values = pytrec_eval.RelevanceEvaluator(qrels, {"recip_rank"}).evaluate(cut_run)
        golden[f"mrr@{cut}"] = {query: measured["recip_rank"] for query, measured in values.items()}
    return golden


def others(qrels, run):
    """gdeval takes numbers for queries, and says nothing of those without a relevant document."""
    numbers = {query: str(i + 1) for i, query in enumerate(qrels)}
    names = {number: query for query, number in numbers.items()}
    numbered_qrels = {numbers[query]: grades for query, grades in qrels.items()}
    numbered_run = {numbers[query]: scores for query, scores in strict(run).items() if query in numbers}
    exponential = {ir_measures.nDCG(dcg="exp-log2") @ cut: f"ndcg_exp@{cut}" for cut in CUTS}
    judged = {ir_measures.Judged @ cut: f"judged@{cut}" for cut in CUTS}
    golden = collections.defaultdict(dict)
    for provider, measures in [(ir_measures.gdeval, exponential), (ir_measures.judged, judged)]:
        for value in provider.iter_calc(list(measures), numbered_qrels, numbered_run):
            if value.query_id in numbered_run:
                golden[measures[value.measure]][names[value.query_id]] = value.value
    return golden


def write_run(name, run, draw):
    lines = [f"{query} Q0 {document} {rank + 1} {score!r} {name}"
             for query, scores in run.items() for rank, (document, score) in enumerate(scores.items())]
    if name == "negative":
        draw.shuffle(lines)
    (OUT / f"{name}.run").write_text("\n".join(lines) + "\n", encoding="utf-8")


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    draw = random.Random(4)
    products, tickets = retrieve("products"), retrieve("tickets")
    qrels = {"products": judgments("products", products, draw), "tickets": judgments("tickets", tickets, draw)}
    # Ids whose bytes order otherwise than their UTF-16 units; all of one score.
    odd = ["\u00e9", "z10", "z9", "Z", "x", "x\U0001F600", "x\uff5e", "x\u00e4"]
    qrels["ids"] = {f"i{n}": {document: 1} for n, document in enumerate(odd)}
    runs = {
        "words": ("products", {q: top({d: round(s, 2) for d, s in scores.items()}) for q, scores in products.items()}),
        "coarse": ("products", {q: top({d: float(round(s / 4)) for d, s in scores.items()})
                                for q, scores in products.items()}),
        "fine": ("products", {q: top({d: round(s) + draw.randrange(100) * 1e-9 for d, s in scores.items()})
                              for q, scores in products.items()}),
        "negative": ("products", {q: top({d: draw.choice([0.0, -0.0]) if round(s) == 6 else s - 6.0
                                          for d, s in scores.items()}) for q, scores in products.items()}),
        "tickets": ("tickets", {q: top({d: round(s, 2) for d, s in scores.items()}) for q, scores in tickets.items()}),
        "ids": ("ids", {query: {d: 1.5 for d in odd} for query in qrels["ids"]}),
    }
    golden = {}
    for name, (collection, run) in runs.items():
        write_run(name, run, draw)
        values = {**trec_eval(qrels[collection], run), **others(qrels[collection], run)}
        golden[name] = {"qrels": collection, "values": {
            measure: {query: round(value, 6) for query, value in sorted(per_query.items())}
            for measure, per_query in sorted(values.items())}}
    for name, judged in qrels.items():
        (OUT / f"{name}.qrels").write_text("".join(
            f"{query} 0 {document} {grade}\n" for query, grades in judged.items()
            for document, grade in grades.items()), encoding="utf-8")
    # One line for each measure of each run: the file can be read and compared.
    parts = [f"{json.dumps(name)}: {{\"qrels\": {json.dumps(run['qrels'])}, \"values\": {{\n"
             + ",\n".join(f"  {json.dumps(m)}: {json.dumps(v)}" for m, v in run["values"].items()) + "}}"
             for name, run in golden.items()]
    (OUT / "golden.json").write_text("{" + ",\n".join(parts) + "}\n", encoding="utf-8")


main()
