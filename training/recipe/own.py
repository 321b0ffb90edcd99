"""Negatives of the model itself: of the mined passages those that it likes best, which are the ones it is wrong about."""

from pathlib import Path

import numpy as np

from .lists import QUERY_TOKENS
from .mine import save_one
from .prepare import Texts, save
from .score import Scorer
from .work import Progress, Step, replace, say

PART = 4096
KEPT = 6


def mine_own(work, model, deep=12, longest=128):
    """Scores the `deep` nearest mined passages of each pair; parts survive a kill."""
    work = Path(work)
    step = Step(work, "mined-own", [work / "mined.npz", work / "prepared.npz", model], {"deep": deep, "longest": longest})
    if step.is_done():
        return
    texts, scorer = Texts(work), Scorer(model)
    z = np.load(work / "mined.npz")
    mined = np.concatenate([z["by_vector"][:, :deep // 2], z["by_bm25"][:, :deep - deep // 2]], 1)
    parts = step.parts("own")
    found = np.full((len(texts.pairs), KEPT), -1, np.int32)
    progress = Progress("pairs", len(texts.pairs))
    for start in range(0, len(texts.pairs), PART):
        part = parts / f"{start:09d}.npy"
        rows = np.arange(start, min(start + PART, len(texts.pairs)))
        if not part.is_file():
            pairs, owner = [], []
            for row in rows:
                query, right, _ = texts.pairs[row]
                asked = texts.tokens(query, QUERY_TOKENS)
                for passage in [right, *dict.fromkeys(p for p in mined[row] if p >= 0)]:
                    pairs.append((asked, texts.tokens(passage, longest - len(asked) - 3)))
                    owner.append((row, passage))
            scores = scorer(pairs)
            own = np.full((len(rows), KEPT), -1, np.int32)
            by_row = {}
            for (row, passage), score in zip(owner, scores):
                by_row.setdefault(row, []).append((passage, score))
            for row, scored in by_row.items():
                best = sorted(scored[1:], key=lambda x: -x[1])[:KEPT]
                own[row - start, :len(best)] = [p for p, _ in best]
            replace(part, lambda beside, own=own: save_one(beside, own))
        found[rows] = np.load(part)
        progress.at(int(rows[-1]) + 1)
    replace(work / "mined-own.npz", lambda beside: save(beside, dict(by_model=found)))
    step.forget("own")
    step.finish(["mined-own.npz"], pairs=len(found))
    say("mined-own: the next training draws a third of its hard negatives from these")

