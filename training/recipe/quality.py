"""What a model makes of judged queries: how good the order is in which a search would show their candidates, and how its logits become
probabilities."""

import numpy as np

from .measure import by_document, ndcg, tokens, z

MODEL_WEIGHT = 0.6  # the product's default, where BM25 and vector have 1 each


class Quality:
    """What a model makes of some queries' candidates, its scores mixed with the first stage's as the product does."""

    def __init__(self, rows, t):
        self.rows, self.found, self.pairs = rows, [], []
        for row in rows:
            query, = tokens(t, [row["query"]])
            found = [c for c in row["candidates"] if c["bm25"] is not None or c["vector"] is not None]
            self.found.append(found)
            self.pairs.append([(query[:64], p[:512 - 3 - len(query[:64])]) for p in tokens(t, [c["text"] for c in found])])

    def mixed(self, scorer):
        """Of each query its candidates, their logits, and what they are ordered by."""
        flat, at = scorer([p for of in self.pairs for p in of], "pairs scored"), 0
        for found in self.found:
            logits = flat[at:at + len(found)]
            at += len(found)
            yield found, logits, z([c["bm25"] for c in found]) + z([c["vector"] for c in found]) + MODEL_WEIGHT * z(logits)

    def __call__(self, scorer):
        """nDCG@10."""
        each = []
        for row, (found, _, order) in zip(self.rows, self.mixed(scorer)):
            ideal = list({c["document"]: c["grade"] or 0 for c in row["candidates"]}.values())
            each.append(ndcg(by_document(found, order), ideal) if found else 0.0)
        return float(np.mean(each))

    def calibration(self, scorer, start):
        """As the product's own: over the ten best, which are what users see."""
        logits, relevant = [], []
        for found, of, order in self.mixed(scorer):
            for i in np.argsort(-order, kind="stable")[:10]:
                logits.append(float(of[i]))
                relevant.append((found[i]["grade"] or 0) > 0)
        return platt(logits, relevant, start) | {"fitted_on": [f"{len(logits)} passages of {len(self.rows)} queries of your judgments"]}


def platt(logits, relevant, start):
    """Slope and intercept that make probabilities of logits: the likeliest where those of `start` are expected, give or take one.

    Few pairs so say little, and pairs that are told apart without an error do not ask for an infinite slope."""
    expected = np.array([start["slope"], start["intercept"]])
    x = np.stack([np.array(logits, float), np.ones(len(logits))])
    found, bound = expected, np.linalg.inv(x @ x.T / 4 + np.eye(2))  # a bound of the curvature (Böhning 1988): no step goes too far
    for _ in range(2000):
        found = found - bound @ (x @ (1 / (1 + np.exp(-(found @ x))) - relevant) + found - expected)
    slope, intercept = found if found[0] > 0 else expected  # a slope below 0 would turn the order round
    return {"slope": round(float(slope), 4), "intercept": round(float(intercept), 4)}
