"""What training draws from: lists of one query and a few passages, with what is known of each passage.

`goal` is the distribution that the softmax over the list should have; `target` and `weight` are those of each passage alone
(its probability of being relevant, and how much that is trusted: 0 leaves it out).
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import contrast, grade
from .mine import Vectors
from .prepare import Texts, plain_tokenizer
from .work import Refusal, key

QUERY_TOKENS = 64
# How relevant a passage of grade 0 to 3 is, taken alone.
RELEVANT = np.array([0.02, 0.2, 0.8, 0.97], np.float32)


@dataclass(frozen=True)
class Form:
    """What every list of a step has in common: tokens of a pair at most, passages, how many of those are from elsewhere
    (where all passages are on the topic, a model forgets that the topic matters), and the bi-encoder's share in the goal."""
    longest: int
    passages: int = 8
    easy: int = 2
    teacher: float = 0.0


@dataclass
class Listed:
    query: np.ndarray
    passages: list
    goal: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    certain: float = 0.0  # 1: what a trained model thinks of it changes nothing


class Pairs:
    """Labelled pairs with mined negatives, and with easy ones: one of the same source, the others of any."""

    def __init__(self, work, temperature=0.02):
        self.texts, self.vectors = Texts(work), Vectors(work)
        z = np.load(Path(work) / "mined.npz")
        self.mined = [z["by_vector"], z["by_bm25"]]
        if (Path(work) / "mined-own.npz").is_file():
            self.mined.append(np.load(Path(work) / "mined-own.npz")["by_model"])
        self.temperature = temperature
        pairs = self.texts.pairs
        need_others(self.texts, np.unique(self.texts.asked, return_counts=True)[1].max())
        self.of_source = [np.unique(pairs[pairs[:, 2] == source, 1]) for source in range(len(self.texts.sources))]

    def __len__(self):
        return len(self.texts.pairs)

    def length(self, row):
        return self.texts.offsets[self.texts.pairs[row, 1] + 1] - self.texts.offsets[self.texts.pairs[row, 1]]

    def listed(self, row, rng, form):
        query, right, source = self.texts.pairs[row]
        chosen, not_easy = [right], {query, *self.texts.relevant(query)}
        own = self.texts.not_relevant(row)
        hard = form.passages - 1 - form.easy
        if len(own):
            chosen += list(rng.choice(own, min(len(own), 2, hard), replace=False))
        for turn in rng.permutation(np.arange(hard + 1 - len(chosen)) % len(self.mined)):
            pool = self.mined[turn][row]
            pool = pool[(pool >= 0) & ~np.isin(pool, chosen)]
            if len(pool):
                odds = 1 / (np.arange(len(pool)) + 4.0)
                chosen.append(rng.choice(pool, p=odds / odds.sum()))
        near = form.easy > 0
        while len(chosen) < form.passages:
            other = rng.choice(self.of_source[source]) if near else self.texts.pairs[rng.integers(len(self.texts.pairs)), 1]
            near = False
            if other not in not_easy:
                chosen.append(other)
        similar = self.vectors.similar(query, chosen)
        label = np.zeros(form.passages, np.float32)
        label[0] = 1
        e = np.exp((similar - similar.max()) / self.temperature)
        goal = (1 - form.teacher) * label + form.teacher * e / e.sum()
        # The others count less, one by one: there are many of them, and some are relevant though nobody said so.
        weight = np.where(label > 0, 1.0, np.where(similar > similar[0], 0.0, 1 / (form.passages - 1))).astype(np.float32)
        tokens = self.texts.tokens(query, QUERY_TOKENS)
        room = form.longest - len(tokens) - 3
        return Listed(tokens, [self.texts.tokens(p, room) for p in chosen], goal.astype(np.float32), label, weight)


class Contrast:
    """Items of our own, also under the wrong passages' own queries: the right passage, the wrong ones, right passages of other
    items of the domain, and of any domain."""

    def __init__(self, folder, tokenizer, domains=None, at_most=None, seed=1):
        items = [i for i in contrast.read([folder]) if domains is None or i.domain in domains]
        if at_most is not None:
            items = [items[i] for i in np.random.default_rng(seed).permutation(len(items))[:at_most]]
        items += [t for i in items for t in i.turned()]
        if not items:
            raise Refusal(f"{folder} has no items of the domains asked for")
        t = plain_tokenizer(tokenizer)
        self.rows = [(np.array(t.encode(i.query, add_special_tokens=False).ids[:QUERY_TOKENS]),
                      [np.array(e.ids) for e in t.encode_batch([i.right, *i.wrong], add_special_tokens=False)]) for i in items]
        self.neighbours = {}
        for at, i in enumerate(items):
            self.neighbours.setdefault(i.domain, []).append(at)
        self.domain = [i.domain for i in items]
        having = {}
        for at, i in enumerate(items):
            for passage in (i.right, *i.wrong):
                having.setdefault(passage, []).append(at)
        # Rows that share a passage are not drawn for each other's lists; of few rows, only a row not for its own.
        self.apart = [{at}.union(*(having[p] for p in (i.right, *i.wrong))) if len(items) >= 8 else {at} for at, i in enumerate(items)]
        if max(map(len, self.apart)) == len(items):
            raise Refusal(f"{folder} has too few items of the domains asked for: a list needs passages of another item than its own")

    def __len__(self):
        return len(self.rows)

    def length(self, row):
        return len(self.rows[row][1][0])

    def listed(self, row, rng, form):
        query, passages = self.rows[row]
        chosen = list(passages)
        neighbours = self.neighbours[self.domain[row]]
        while len(chosen) < form.passages:
            # Of the own domain while it has enough items, for the easy ones and otherwise of any.
            near = len(chosen) < form.passages - form.easy and len(neighbours) >= 8 and any(n not in self.apart[row] for n in neighbours)
            other = neighbours[rng.integers(len(neighbours))] if near else rng.integers(len(self.rows))
            if other not in self.apart[row]:
                # A passage that is right elsewhere: what right passages are like must not give this one away.
                chosen.append(self.rows[other][1][0])
        chosen = chosen[:form.passages]
        label = np.zeros(form.passages, np.float32)
        label[0] = 1
        weight = np.full(form.passages, 1 / (form.passages - 1), np.float32)
        weight[0] = 1
        room = form.longest - len(query) - 3
        return Listed(query, [p[:room] for p in chosen], label, label, weight, certain=1.0)


class Graded:
    """Queries whose best candidates of the first stage were graded 0 to 3 by reading; texts are found by their keys."""

    def __init__(self, work, files):
        self.texts = Texts(work)
        place = {key(text): i for i, text in enumerate((Path(work) / "texts.txt").read_text(encoding="utf-8").split("\n")[:len(self.texts)])}
        by_query, unknown = {}, 0
        for query, passages in grade.read(files):
            for passage, given in passages:
                if query in place and passage in place:
                    by_query.setdefault(place[query], {})[place[passage]] = given
                else:
                    unknown += 1
        self.unknown = unknown
        self.rows = [(query, np.array(list(of)), np.array(list(of.values()))) for query, of in by_query.items() if len(set(of.values())) > 1]
        if not self.rows:
            raise Refusal("no graded query has texts of these training data and more than one grade")
        need_others(self.texts, max(len({*passages, *self.texts.relevant(query)}) for query, passages, _ in self.rows))

    def __len__(self):
        return len(self.rows)

    def length(self, row):
        return max(self.texts.offsets[p + 1] - self.texts.offsets[p] for p in self.rows[row][1])

    def listed(self, row, rng, form):
        query, passages, grades = self.rows[row]
        # The best graded one always, the others at random: a list without a difference teaches nothing.
        best = rng.choice(np.where(grades == grades.max())[0])
        rest = rng.permutation(np.delete(np.arange(len(passages)), best))[:form.passages - form.easy - 1]
        chosen, of = [passages[best], *passages[rest]], [grades[best], *grades[rest]]
        not_easy = {query, *passages, *self.texts.relevant(query)}
        while len(chosen) < form.passages:
            other = self.texts.pairs[rng.integers(len(self.texts.pairs)), 1]
            if other not in not_easy:
                chosen.append(other)
                of.append(0)
        of = np.array(of)
        gain = 2.0 ** of - 1 + 1e-3
        tokens = self.texts.tokens(query, QUERY_TOKENS)
        room = form.longest - len(tokens) - 3
        return Listed(tokens, [self.texts.tokens(p, room) for p in chosen], (gain / gain.sum()).astype(np.float32), RELEVANT[of], np.full(form.passages, 0.4, np.float32))


def need_others(texts, most):
    """Where one query had all passages but itself, none could be drawn from elsewhere."""
    passages = len(np.unique(texts.answers))
    if passages < most + 2:
        raise Refusal(f"there are {passages} passages, of which {most} belong to one query: lists need some from elsewhere, so prepare more pairs")


def parse_mix(text):
    """pairs:0.5,contrast:0.3 -> shares that add up to 1."""
    mix = {}
    for part in text.split(","):
        match = re.fullmatch(r"(pairs|contrast|graded):(0?\.\d+|1|1\.0|0)", part.strip())
        if not match:
            raise Refusal(f"a mix is like pairs:0.5,contrast:0.3,graded:0.2, not {text}")
        mix[match[1]] = float(match[2])
    if abs(sum(mix.values()) - 1) > 1e-8:
        raise Refusal(f"the shares of a mix add up to 1, those of {text} to {sum(mix.values()):g}")
    return {name: share for name, share in mix.items() if share > 0}


def parse_widths(text):
    """192:0.5,288:0.5 -> tokens of a pair at most, and how often."""
    parts = [re.fullmatch(r"(\d+):(\d*\.?\d+)", part.strip()) for part in text.split(",")]
    if not all(parts):
        raise Refusal(f"widths are like 192:0.5,288:0.5, tokens of a pair and how often, not {text}")
    return tuple((int(part[1]), float(part[2])) for part in parts)


def parse_teacher(text):
    """0.5,0.1 -> the bi-encoder's share at the start and at the end."""
    parts = [re.fullmatch(r"\d*\.?\d+", part.strip()) for part in text.split(",")]
    if len(parts) != 2 or not all(parts):
        raise Refusal(f"the teacher's shares are two, at the start and at the end, like 0.5,0.1, not {text}")
    return tuple(float(part[0]) for part in parts)
