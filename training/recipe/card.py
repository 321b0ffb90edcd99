"""The card's tables: what a model was trained on, under which licences, and in which runs."""

import json
from pathlib import Path

import numpy as np

from .prepare import Texts, source_table
from .work import Refusal, replace


def sources_table(works, sources):
    """Each source that training drew pairs from, with its licence; that no other than an open one is among them is checked again."""
    table = source_table(sources)
    pairs = {}
    for work in works:
        texts = Texts(work)
        for at, count in enumerate(np.bincount(texts.pairs[:, 2], minlength=len(texts.sources))):
            pairs[texts.sources[at]] = max(int(count), pairs.get(texts.sources[at], 0))
    lines = ["| source | pairs | about | licence |", "|---|---|---|---|"]
    for name, count in sorted(pairs.items()):
        if name not in table:
            raise Refusal(f"{sources} has no row for {name}")
        row = table[name]
        if row["licence_class"] != "open":
            raise Refusal(f"{name} is not openly licensed ({row['licence']}): a model that was trained on it cannot be shipped")
        if count:
            lines.append(f"| {name} | {count:,} | {row['domain']} | {row['licence']} |")
    return "\n".join(lines)


def runs_table(folders):
    lines = ["| run | steps | minutes | on | lists of a step | passages of a list, from elsewhere | drawn from | rate | bi-encoder's share | elder's share | tokens of a pair at most |",
             "|---|---|---|---|---|---|---|---|---|---|---|"]
    for folder in map(Path, folders):
        run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        s = run["settings"]
        mix = ", ".join(f"{name} {share:.0%}" for name, share in s["mix"].items())
        widths = ", ".join(f"{width} ({share:.0%})" for width, share in s["widths"])
        teacher = " to ".join(f"{x:g}" for x in s["teacher"])
        on = run["machine"].get("gpu", f"{run['machine']['cores']} cores")
        lines.append(f"| {folder.name} | {run['steps']:,} | {run['seconds'] / 60:.1f} | {on} | {s['lists']} | {s['passages']}, {s['easy']} | {mix} | {s['rate']:g} | {teacher} | {s['elder']:g} | {widths} |")
    return "\n".join(lines)


def card(text, works, sources, runs, out):
    """`text`: a file with what only a person can say of the model; the tables stand behind it."""
    whole = "\n".join([Path(text).read_text(encoding="utf-8").rstrip(), "", "## Runs", "", runs_table(runs), "", "## Sources", "", sources_table(works, sources), ""])
    replace(Path(out), lambda beside: beside.write_text(whole, encoding="utf-8"))
