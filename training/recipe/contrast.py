"""Texts of our own that teach meaning: reading them, and the check that neither matching words nor length gives the answer away.

    python -m recipe.contrast check FOLDER-or-FILE...
    python -m recipe.contrast sheet FILE SEED        # a file without its answers, passages in random order, for a blind reader
    python -m recipe.contrast compare FILE SEED ANSWERS

An item is one line of JSON: `query`; `form` (question, keywords, problem, claim); `right`, the passage that satisfies the query;
`wrong`, two or three passages that do not, each with its `text` and its `trap`; `overlap`, "most" where the right passage shares
more of the query's words than every wrong one, "fewest" where every wrong one shares more than it. A wrong passage may have a
`query` of its own, which it alone of the item's passages satisfies: without those a model learns what right passages are like,
whatever the query.
"""

import json
import random
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import snowballstemmer

FORMS = ("question", "keywords", "problem", "claim")
TRAPS = ("roles", "negation", "quantity", "question", "condition", "entity", "intent", "scope", "order")
OVERLAPS = ("most", "fewest")
# The words that the product's BM25 does not count in an English query, as far as queries here have them.
STOP = frozenset("""a about after all also am an and any are as at be been being but by can cannot could did do does doing for from had has
have having he her here hers him his how i if in into is it its me my no nor not of on or our ours she should so some such than that the
their them then there these they this those to too us was we were what when where which who whom whose why will with would you your""".split())
STEM = snowballstemmer.stemmer("english")


@dataclass(frozen=True)
class Item:
    place: str
    domain: str
    query: str
    form: str
    right: str
    wrong: tuple
    traps: tuple
    overlap: str
    queries: tuple  # of the wrong passages their own query, or None

    def turned(self):
        """An item for each wrong passage's own query: there it is the right one, and what was right is wrong."""
        for at, (query, passage) in enumerate(zip(self.queries, self.wrong)):
            if query:
                others = (self.right, *self.wrong[:at], *self.wrong[at + 1:])
                counts = [shared(query, p) for p in (passage, *others)]
                overlap = "most" if counts[0] > max(counts[1:]) else "fewest" if counts[0] < min(counts[1:]) else "between"
                yield Item(f"{self.place}/{at + 1}", self.domain, query, self.form, passage, others,
                           (self.traps[at], *self.traps[:at], *self.traps[at + 1:]), overlap, (None,) * len(others))


@cache  # every text is compared with several others
def words(text):
    """The distinct stems of a text's words that say something."""
    found = [w for w in re.findall(r"[^\W_]+", text.lower()) if w not in STOP]
    return frozenset(STEM.stemWords(found))


def shared(query, passage):
    """How many of the query's words are in the passage."""
    return len(words(query) & words(passage))


def read(paths):
    """The items of files and folders; ValueError names the place of the first that has another shape."""
    files = [f for p in map(Path, paths) for f in (sorted(p.glob("*.jsonl")) if p.is_dir() else [p])]
    items = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                items.append(item(f"{file.name}:{number}", file.stem, line))
    return items


def item(place, domain, line):
    try:
        row = json.loads(line)
    except ValueError as e:
        raise ValueError(f"{place}: not JSON ({e})") from e
    if not isinstance(row, dict) or set(row) != {"query", "form", "right", "wrong", "overlap"}:
        raise ValueError(f"{place}: fields must be query, form, right, wrong, overlap")
    if row["form"] not in FORMS or row["overlap"] not in OVERLAPS:
        raise ValueError(f"{place}: form is one of {', '.join(FORMS)}; overlap one of {', '.join(OVERLAPS)}")
    if not isinstance(row["wrong"], list) or len(row["wrong"]) not in (2, 3):
        raise ValueError(f"{place}: there must be two or three wrong passages")
    for wrong in row["wrong"]:
        if not isinstance(wrong, dict) or set(wrong) - {"query"} != {"text", "trap"} or wrong["trap"] not in TRAPS:
            raise ValueError(f"{place}: a wrong passage has text, trap, one of {', '.join(TRAPS)}, and perhaps a query of its own")
    texts = [row["query"], row["right"]] + [w["text"] for w in row["wrong"]] + [w["query"] for w in row["wrong"] if "query" in w]
    if not all(isinstance(t, str) and t.strip() == t and t for t in texts) or len(set(texts)) != len(texts):
        raise ValueError(f"{place}: query and passages must be different texts without space around them")
    return Item(place, domain, row["query"], row["form"], row["right"], tuple(w["text"] for w in row["wrong"]),
                tuple(w["trap"] for w in row["wrong"]), row["overlap"], tuple(w.get("query") for w in row["wrong"]))


def complaints(items):
    """What is wrong with single items, each as a line."""
    seen = {}
    for i in items:
        right = shared(i.query, i.right)
        wrong = [shared(i.query, w) for w in i.wrong]
        if i.overlap == "most" and right <= max(wrong):
            yield f"{i.place}: overlap is \"most\", but the right passage shares {right} words with the query, the wrong ones {wrong}"
        if i.overlap == "fewest" and right >= min(wrong):
            yield f"{i.place}: overlap is \"fewest\", but the right passage shares {right} words with the query, the wrong ones {wrong}"
        lengths = [len(t.split()) for t in (i.right, *i.wrong)]
        if max(lengths) > 1.6 * min(lengths):
            yield f"{i.place}: lengths are not even: {lengths} words, right passage first"
        if min(lengths) < 12 or max(lengths) > 110:
            yield f"{i.place}: passages have 12 to 110 words, these {lengths}"
        # A wrong passage's own query may differ from the item's in its order or in a "not" alone: that is what it is for.
        keys = [(i.place, " ".join(sorted(words(i.query)))), *((f"{i.place}/{at}", q.lower()) for at, q in enumerate(i.queries, 1) if q)]
        for place, key in keys:
            if key in seen:
                yield f"{place}: the same query as {seen[key]}"
            seen[key] = place


def accuracy(items, score):
    """Of all pairs of a right and a wrong passage, the share in which the right one scores higher; equal scores count half."""
    won = [0.5 + 0.5 * ((r > s) - (r < s)) for i in items for r in [score(i, i.right)] for s in [score(i, w) for w in i.wrong]]
    return sum(won) / len(won)


def baselines(items):
    if not items:
        return {}
    return {
        "items": len(items),
        "right shares most words": sum(i.overlap == "most" for i in items) / len(items),
        "word overlap": accuracy(items, lambda i, p: shared(i.query, p)),
        "share of words": accuracy(items, lambda i, p: shared(i.query, p) / len(words(p))),
        "length": accuracy(items, lambda i, p: len(p.split())),
        "wrong passages": sum(len(i.wrong) for i in items) / len(items),
    }


def check(paths):
    items = read(paths)
    said = list(complaints(items))
    for line in said:
        print(line)
    domains = sorted({i.domain for i in items})
    print(f"{'':28s}{'items':>7s}{'most':>7s}{'overlap':>9s}{'share':>7s}{'length':>8s}{'wrong':>7s}")
    for name in [*domains, "all"] if len(domains) > 1 else domains:
        own = baselines([i for i in items if name in ("all", i.domain)])
        v = list(own.values())
        print(f"{name:28s}{v[0]:7d}{v[1]:7.3f}{v[2]:9.3f}{v[3]:7.3f}{v[4]:8.3f}{v[5]:7.2f}")
    turned = list(baselines([t for i in items for t in i.turned()]).values())
    if turned:
        print(f"{'own queries of wrong ones':28s}{turned[0]:7d}{turned[1]:7.3f}{turned[2]:9.3f}{turned[3]:7.3f}{turned[4]:8.3f}{turned[5]:7.2f}")
    traps = [t for i in items for t in i.traps]
    print("traps  " + "  ".join(f"{t} {traps.count(t) / len(traps):.2f}" for t in TRAPS))
    print("forms  " + "  ".join(f"{f} {sum(i.form == f for i in items) / len(items):.2f}" for f in FORMS))
    whole = baselines(items)
    balanced = all(abs(whole[name] - 0.5) <= 0.03 for name in ("right shares most words", "word overlap", "length"))
    print(f"{len(said)} complaints; " + ("balanced: word overlap and length are within 0.50 +- 0.03" if balanced
                                        else "NOT balanced: most, overlap and length must each be within 0.50 +- 0.03"))
    return 0 if balanced and not said else 1


def shuffled(i, seed):
    """The passages in a random order that depends on the item's query and the seed alone, and where the right one stands."""
    passages = [i.right, *i.wrong]
    random.Random(f"{seed} {i.query}").shuffle(passages)
    return passages, passages.index(i.right)


def sheet(file, seed):
    for i in read([file]):
        print(f"[{i.place}] {i.query}")
        for letter, passage in zip("ABCD", shuffled(i, seed)[0]):
            print(f"  {letter}) {passage}")


def compare(file, seed, answers):
    """Answers are lines of a place and a letter, or ? where no passage or more than one satisfies the query."""
    items = read([file])
    given = dict(line.split()[:2] for line in Path(answers).read_text().splitlines() if line.strip())
    other = [i for i in items if given.get(i.place) != "ABCD"[shuffled(i, seed)[1]]]
    for i in other:
        print(f"{i.place}: answered {given.get(i.place, 'nothing')}, right is {'ABCD'[shuffled(i, seed)[1]]}: {i.query}")
    print(f"{len(items) - len(other)} of {len(items)} as written")
    return 0 if not other else 1


def main(arguments):
    try:
        match arguments:
            case ["check", *paths] if paths:
                return check(paths)
            case ["sheet", file, seed]:
                return sheet(file, seed)
            case ["compare", file, seed, answers]:
                return compare(file, seed, answers)
    except (ValueError, OSError) as e:
        print(e, file=sys.stderr)
        return 1
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
