"""A user's own judgments: which of their queries are trained on, decide when to stop or are held back, and lists to train on of them."""

import csv
import hashlib

import numpy as np

from .measure import tokens
from .work import Refusal, replace

# Places of queries: below the first they are held back, from there to the second they decide when to stop.
HELD_BACK, LOOKED_AT = 0.2, 0.36
ENOUGH, FEWEST_HELD_BACK = 4, 2  # queries of a part, if there are as many
# Mined negatives that the built-in model puts above the judged passage by more than this are likely to be relevant, too.
LIKELY_RELEVANT = 1.0


class Judged:
    """Lists of the user's own queries: the judged passages, and hard negatives of the first stage."""

    def __init__(self, rows, t):
        self.rows = []
        for row in rows:
            right, wrong = split(row["candidates"])
            if right and wrong:
                query, = tokens(t, [row["query"]])
                self.rows.append((query, dict(zip([c["document"] for c in right], tokens(t, [c["text"] for c in right]))), tokens(t, [c["text"] for c in wrong])))

    def __len__(self):
        return len(self.rows)

    def length(self, row):
        return max(map(len, self.rows[row][1].values()))

    def listed(self, row, rng, form):
        from .lists import QUERY_TOKENS, Listed
        query, right, wrong = self.rows[row]
        passages = [list(right.values())[rng.integers(len(right))]]
        count = min(form.passages - 1 - form.easy, len(wrong))
        # The better half of the candidates more often: they are the ones to be told from.
        odds = 1 / (np.arange(len(wrong)) + 4.0)
        passages += [wrong[i] for i in rng.choice(len(wrong), count, replace=False, p=odds / odds.sum())]
        while len(passages) < form.passages:
            # From elsewhere: what is right for another query, unless it is for this one.
            document, passage = next(iter(self.rows[rng.integers(len(self.rows))][1].items()))
            passages.append(passage if document not in right else wrong[rng.integers(len(wrong))])
        label = np.zeros(form.passages, np.float32)
        label[0] = 1
        weight = np.full(form.passages, 1 / (form.passages - 1), np.float32)
        weight[0] = 1
        query = query[:QUERY_TOKENS]
        room = form.longest - len(query) - 3
        return Listed(query, [p[:room] for p in passages], label, label, weight)


def split(candidates):
    """Of each document judged relevant the passage that the model likes most; and what is not relevant, best of the first stage first."""
    best = {}
    for c in candidates:
        if c["grade"] and (c["document"] not in best or (c["logit"] or 0) > (best[c["document"]]["logit"] or 0)):
            best[c["document"]] = c
    limit = max((c["logit"] or 0 for c in best.values()), default=0) + LIKELY_RELEVANT
    wrong = [c for c in candidates if c["grade"] == 0 or c["grade"] is None and (c["logit"] is None or c["logit"] < limit)]
    return list(best.values()), wrong


def place(query):
    """Of a query among all that there could be, from 0 to 1: by its text alone, but for case and white space."""
    return int.from_bytes(hashlib.blake2b(" ".join(query.lower().split()).encode(), digest_size=8).digest(), "big") / 2 ** 64


def parts(rows):
    """held back, stop and train. Whatever judgments come later, what was held back is never trained on, and nothing else is held back."""
    ordered = sorted(rows, key=lambda row: place(row["query"]))
    looked_at = sum(place(row["query"]) < LOOKED_AT for row in rows)
    # Of few queries the places may leave a part all but empty. It is then filled up, held back from those that decide when to stop, and
    # these from those to train on: with more judgments they go back to where they belong, and none goes from the first part to the last.
    held = min(max(sum(place(row["query"]) < HELD_BACK for row in rows), ENOUGH), looked_at)
    stop = max(looked_at, held + ENOUGH)
    if held < FEWEST_HELD_BACK:
        raise Refusal(f"of these {len(rows)} queries chance would hold back {held}, too few to measure on: judge some more, any will do")
    return {"held back": ordered[:held], "stop": ordered[held:stop], "train": ordered[stop:]}


def write_csv(path, rows):
    """The judgments of these queries, as `rerank eval` reads them."""
    def write(beside):
        with open(beside, "w", newline="", encoding="utf-8") as file:
            out = csv.writer(file)
            out.writerow(["query", "document", "grade"])
            for row in rows:
                for document, grade in {c["document"]: c["grade"] for c in row["candidates"] if c["grade"] is not None}.items():
                    out.writerow([row["query"], document, grade])
    replace(path, write)
