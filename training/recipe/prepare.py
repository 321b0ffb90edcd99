"""Training pairs as token ids: every text once, pairs of a query and a passage, and passages labelled as not relevant."""

import csv
import json
import lzma
import math
import random
import re
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .work import Refusal, Step, key, replace

LONGEST = 384
CAP = 10_000
COLUMNS = ("file", "domain", "licence", "licence_class", "suggested_weight")  # others are ignored


def prepare(rows, sources, tokenizer, work, licences=("open",), longest=LONGEST, cap=CAP, seed=1):
    """rows: JSON lines with q, p, optional n (not relevant), s (source), g (group), lang; sources: a table with file, licence_class, suggested_weight.

    Of each source at most cap times its weight pairs are kept, chosen by the seed.
    """
    step = Step(work, "prepared", [rows, sources, tokenizer], {"licences": list(licences), "longest": longest, "cap": cap, "seed": seed})
    if step.is_done():
        return
    table = source_table(sources)
    t = plain_tokenizer(tokenizer)
    kept, left_out = chosen(rows, table, licences, cap, seed)
    texts, index, pairs, labelled, names = [], {}, [], [], {}

    def add(text):
        text = re.sub(r"\s+", " ", text).strip()
        place = index.setdefault(key(text), len(texts))
        if place == len(texts):
            texts.append(text)
        return place

    for row in kept:
        query, passage = add(row["q"]), add(row["p"])
        if query != passage:
            pairs.append((query, passage, names.setdefault(row["s"], len(names))))
            labelled.append([add(text) for text in row.get("n", [])][:16])
    if not pairs:
        raise Refusal(f"of {left_out + len(kept):,} rows of {rows} none is left: a row is kept if it is in English and its source has the licence_class {' or '.join(licences)} and a suggested_weight above 0")
    ids = []
    for start in range(0, len(texts), 4096):
        ids += [np.array(e.ids[:longest], dtype=np.uint16) for e in t.encode_batch(texts[start:start + 4096], add_special_tokens=False)]
    offsets = np.concatenate([[0], np.cumsum([len(x) for x in ids])]).astype(np.int64)
    replace(Path(work) / "texts.txt", lambda beside: beside.write_text("\n".join(texts) + "\n", encoding="utf-8"))
    arrays = dict(ids=np.concatenate(ids), offsets=offsets, pairs=np.array(pairs, np.int32),
                  labelled=np.array([x for row in labelled for x in row], np.int32),
                  labelled_offsets=np.concatenate([[0], np.cumsum([len(row) for row in labelled])]).astype(np.int64),
                  sources=np.array(list(names)), weights=np.array([weight_of(table, name) for name in names]))
    replace(Path(work) / "prepared.npz", lambda beside: save(beside, arrays))
    step.finish(["prepared.npz", "texts.txt"], pairs=len(pairs), texts=len(texts), tokens=int(offsets[-1]), left_out=left_out,
                by_source={name: int(np.sum(arrays["pairs"][:, 2] == i)) for i, name in enumerate(names)})


def source_table(file):
    """The rows of the table of sources by their names."""
    with open(file, encoding="utf-8") as lines:
        reader = csv.DictReader(lines, delimiter="\t")
        missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
        if missing:
            raise Refusal(f"{file} has no column {', '.join(missing)}: it is a table with tabs between {', '.join(COLUMNS)}")
        return {row["file"]: row for row in reader}


def weight_of(table, name):
    try:
        weight = float(table[name]["suggested_weight"])
    except (TypeError, ValueError):
        weight = math.nan
    if not 0 <= weight < math.inf:
        raise Refusal(f"in the table of sources the suggested_weight of {name} must be a number from 0, is {table[name]['suggested_weight']}")
    return weight


def parsed(place, line):
    """A row, whose texts are texts."""
    try:
        row = json.loads(line)
    except ValueError as e:
        raise Refusal(f"{place} is not JSON ({e})") from e
    if not isinstance(row, dict) or not all(isinstance(row.get(name), str) for name in "qps"):
        raise Refusal(f"{place} must have q (query), p (passage) and s (source), each a text")
    if not isinstance(row.get("n", []), list) or not all(isinstance(text, str) for text in row.get("n", [])):
        raise Refusal(f"{place}: n must be a list of passages that are not relevant")
    return row


def chosen(rows, table, licences, cap, seed):
    """The rows to train on, in the file's order, and how many of the file are none of them."""
    by_source, total = {}, 0
    opened = lzma.open(rows, "rt", encoding="utf-8") if str(rows).endswith(".xz") else open(rows, encoding="utf-8")
    with opened as lines:
        for number, line in enumerate(lines):
            if not line.strip():
                continue
            row = parsed(f"{Path(rows).name}:{number + 1}", line)
            total += 1
            if row["s"] not in table:
                raise Refusal(f"the table of sources does not name {row['s']}: add its row with its licence")
            if row.get("lang", "en") == "en" and table[row["s"]]["licence_class"] in licences and not row["s"].startswith("optional/"):
                by_source.setdefault(row["s"], []).append((number, row))
    kept = []
    for name, own in by_source.items():
        most = int(cap * weight_of(table, name))
        kept += own if len(own) <= most else random.Random(f"{seed} {name}").sample(own, most)
    return [row for _, row in sorted(kept, key=lambda x: x[0])], total - len(kept)


def save(path, arrays):
    with open(path, "wb") as file:
        np.savez(file, **arrays)


def plain_tokenizer(path):
    try:
        t = Tokenizer.from_file(str(path))
    except Exception as e:  # the library has no other for a file that it cannot read
        raise Refusal(f"{path} cannot be read as a tokenizer.json ({e})") from e
    t.no_truncation()
    t.no_padding()
    return t


class Texts:
    """The prepared texts' token ids."""

    def __init__(self, work):
        z = np.load(Path(work) / "prepared.npz")
        self.ids, self.offsets, self.pairs = z["ids"], z["offsets"], z["pairs"]
        self.labelled, self.labelled_offsets = z["labelled"], z["labelled_offsets"]
        self.sources, self.weights = [str(name) for name in z["sources"]], z["weights"]
        by_query = np.argsort(self.pairs[:, 0], kind="stable")
        self.asked, self.answers = self.pairs[by_query, 0], self.pairs[by_query, 1]

    def __len__(self):
        return len(self.offsets) - 1

    def tokens(self, text, at_most):
        start = self.offsets[text]
        return self.ids[start:min(self.offsets[text + 1], start + at_most)]

    def relevant(self, query):
        """All passages that are labelled relevant to it."""
        return self.answers[slice(*np.searchsorted(self.asked, np.array([query, query + 1], self.asked.dtype)))]

    def not_relevant(self, pair):
        return self.labelled[self.labelled_offsets[pair]:self.labelled_offsets[pair + 1]]
