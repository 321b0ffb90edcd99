"""Graded candidates: the ten best of the first stage for training queries, graded 0 to 3 by reading them.

What mining takes for a negative is often relevant, and what was labelled is not always the best: grades mend both. The texts are the
training data's and stay with them; a line of `graded/*.tsv` has the key of a query (`work.key`), and after tabs of each of its
passages the key, a colon and the grade:

    3 answers the query fully; 2 answers it in part, or with a condition left open; 1 on the topic, of no use alone; 0 something else
"""

import json
import random
import re
from pathlib import Path

import numpy as np

from .measure import z
from .mine import Vectors, Words
from .prepare import Texts
from .work import Refusal, key, replace, say

CANDIDATES = 10
DEEP = 50
LONGEST_WORDS = 110


def sheets(work, folder, queries, each=25, seed=1, without=()):
    """Writes sheets for readers, FOLDER/NNN.txt with `each` queries, and FOLDER/NNN.json that says which texts they are."""
    work, folder = Path(work), Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    texts, vectors = Texts(work), Vectors(work)
    words = (work / "texts.txt").read_text(encoding="utf-8").split("\n")
    passages = np.unique(texts.pairs[:, 1])
    chosen = choose(texts, words, queries, seed, without)
    by_words = Words([words[p] for p in passages])
    of_passages = vectors.vectors[vectors.as_passage[passages]].astype(np.float32)
    rng = random.Random(seed)
    for start in range(0, len(chosen), each):
        some = chosen[start:start + each]
        name = f"{start // each:03d}"
        lines, index = [], []
        for at, row in enumerate(some):
            query = texts.pairs[row, 0]
            ten = first_stage(by_words, of_passages, vectors.vectors[vectors.as_query[query]].astype(np.float32), words[query])
            ten = [int(passages[p]) for p in ten if passages[p] != query][:CANDIDATES]
            # The labelled passage is graded, too, wherever the first stage has it.
            if texts.pairs[row, 1] not in ten:
                ten[-1] = int(texts.pairs[row, 1])
            rng.shuffle(ten)
            index.append({"query": key(words[query]), "passages": [key(words[p]) for p in ten]})
            lines += [f"## {name}-{at:02d}  {words[query]}"] + [f"{i}) {cut(words[p])}" for i, p in enumerate(ten)] + [""]
        replace(folder / f"{name}.txt", lambda beside: beside.write_text("\n".join(lines), encoding="utf-8"))
        replace(folder / f"{name}.json", lambda beside: beside.write_text(json.dumps(index), encoding="utf-8"))
    say(f"{len(chosen)} queries in {-(-len(chosen) // each)} sheets")


def choose(texts, words, queries, seed, without):
    """Queries of three words or more, of every source by the square root of its weighted size; those graded before left out."""
    rng = np.random.default_rng(seed)
    sizes = np.bincount(texts.pairs[:, 2], minlength=len(texts.sources)) * texts.weights
    share = np.sqrt(sizes) / np.sqrt(sizes).sum()
    graded = {query for query, _ in read(without)}
    chosen, seen = [], set()
    for source in range(len(texts.sources)):
        rows = rng.permutation(np.where(texts.pairs[:, 2] == source)[0])
        wanted = round(share[source] * queries)
        for row in rows:
            query = texts.pairs[row, 0]
            if wanted == 0:
                break
            if query in seen or not 3 <= len(words[query].split()) <= 60 or key(words[query]) in graded:
                continue
            seen.add(query)
            chosen.append(int(row))
            wanted -= 1
    return [chosen[i] for i in rng.permutation(len(chosen))]


def first_stage(by_words, of_passages, query_vector, query):
    """As the product: the sum of the z-scores of BM25 and vectors over the 50 best of each."""
    deep = min(DEEP, len(of_passages))
    documents, scores = by_words.index.retrieve(by_words.tokens([query]), k=deep, show_progress=False, sorted=True)
    similar = of_passages @ query_vector
    near = np.argpartition(-similar, deep - 1)[:deep]
    bm25 = dict(zip(documents[0].tolist(), scores[0].tolist()))
    vector = {int(p): float(similar[p]) for p in near}
    every = list({**bm25, **vector})
    total = z([bm25.get(p) for p in every]) + z([vector.get(p) for p in every])
    return [every[i] for i in np.argsort(-total, kind="stable")[:CANDIDATES + 1]]


def cut(text):
    words = text.split()
    return text if len(words) <= LONGEST_WORDS else " ".join(words[:LONGEST_WORDS]) + " …"


def collect(folder, out):
    """Sheets with answers (NNN.answers: a line is a query's number and its ten grades) -> a table of keys and grades."""
    rows, count, missing = [], 0, 0
    for answers in sorted(Path(folder).glob("*.answers")):
        index = json.loads(answers.with_suffix(".json").read_text())
        given = {}
        for line in answers.read_text().splitlines():
            parts = line.replace(",", " ").split()
            if parts:
                given[parts[0].lstrip("#")] = parts[1:]
        for at, of in enumerate(index):
            grades = given.get(f"{answers.stem}-{at:02d}")
            if grades is None:
                missing += 1
                continue
            if len(grades) == 1 and len(of["passages"]) > 1:
                grades = list(grades[0])
            if len(grades) != len(of["passages"]) or not set(grades) <= set("0123"):
                raise Refusal(f"{answers}: {answers.stem}-{at:02d} must have {len(of['passages'])} grades from 0 to 3, has {' '.join(grades)}")
            rows.append("\t".join([of["query"], *map(":".join, zip(of["passages"], grades))]))
            count += len(grades)
    replace(out, lambda beside: beside.write_text("\n".join(rows) + "\n"))
    say(f"{count} grades, {missing} queries without an answer")


def read(files):
    """Of every graded query its key, and the keys and grades of its passages."""
    for file in files:
        # Bytes that are no text make no key: their line is told of like any other that is none of ours.
        for number, line in enumerate(Path(file).read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if line and not line.startswith("#"):
                if not re.fullmatch(r"[0-9a-f]{24}(\t[0-9a-f]{24}:[0-3])+", line):
                    raise Refusal(f"{Path(file).name}:{number} must be the key of a query and, after tabs, of each passage its key, a colon and a grade from 0 to 3")
                query, *passages = line.split("\t")
                yield query, [(passage, int(grade)) for passage, grade in (p.split(":") for p in passages)]
