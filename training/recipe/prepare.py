"""Training pairs as token ids: every text once, pairs of a query and a passage, and passages labelled as not relevant."""

import csv
import json
import lzma
import random
import re
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from .work import Refusal, Step, key, replace

LONGEST = 384
CAP = 10_000


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
    ids = []
    for start in range(0, len(texts), 4096):
        ids += [np.array(e.ids[:longest], dtype=np.uint16) for e in t.encode_batch(texts[start:start + 4096], add_special_tokens=False)]
    offsets = np.concatenate([[0], np.cumsum([len(x) for x in ids])]).astype(np.int64)
    replace(Path(work) / "texts.txt", lambda beside: beside.write_text("\n".join(texts) + "\n", encoding="utf-8"))
    arrays = dict(ids=np.concatenate(ids), offsets=offsets, pairs=np.array(pairs, np.int32),
                  labelled=np.array([x for row in labelled for x in row], np.int32),
                  labelled_offsets=np.concatenate([[0], np.cumsum([len(row) for row in labelled])]).astype(np.int64),
                  sources=np.array(list(names)), weights=np.array([float(table[name]["suggested_weight"]) for name in names]))
    replace(Path(work) / "prepared.npz", lambda beside: save(beside, arrays))
    step.finish(["prepared.npz", "texts.txt"], pairs=len(pairs), texts=len(texts), tokens=int(offsets[-1]), left_out=left_out,
                by_source={name: int(np.sum(arrays["pairs"][:, 2] == i)) for i, name in enumerate(names)})


def source_table(file):
    """The rows of the table of sources by their names."""
    with open(file, encoding="utf-8") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t")}


def chosen(rows, table, licences, cap, seed):
    """The rows to train on, in the file's order, and how many of the file are none of them."""
    by_source, total = {}, 0
    opened = lzma.open(rows, "rt", encoding="utf-8") if str(rows).endswith(".xz") else open(rows, encoding="utf-8")
    with opened as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            total += 1
            if row["s"] not in table:
                raise Refusal(f"the table of sources does not name {row['s']}: add its row with its licence")
            if row.get("lang", "en") == "en" and table[row["s"]]["licence_class"] in licences and not row["s"].startswith("optional/"):
                by_source.setdefault(row["s"], []).append((number, row))
    kept = []
    for name, own in by_source.items():
        most = int(cap * float(table[name]["suggested_weight"]))
        kept += own if len(own) <= most else random.Random(f"{seed} {name}").sample(own, most)
    return [row for _, row in sorted(kept, key=lambda x: x[0])], total - len(kept)


def save(path, arrays):
    with open(path, "wb") as file:
        np.savez(file, **arrays)


def plain_tokenizer(path):
    t = Tokenizer.from_file(str(path))
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

    def __len__(self):
        return len(self.offsets) - 1

    def tokens(self, text, at_most):
        start = self.offsets[text]
        return self.ids[start:min(self.offsets[text + 1], start + at_most)]

    def not_relevant(self, pair):
        return self.labelled[self.labelled_offsets[pair]:self.labelled_offsets[pair + 1]]
