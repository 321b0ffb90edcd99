import json
import tempfile
import unittest
from pathlib import Path

import numpy as np

from recipe.lists import Contrast, Form, Graded, Pairs, parse_teacher, parse_widths
from recipe.mine import embed, mine
from recipe.prepare import prepare
from recipe.work import Refusal, key
from tests.miniature import CONTRAST, TOKENIZER, write_networks, write_rows


class FromElsewhere(unittest.TestCase):
    """A query with a dozen relevant passages, among a few others with one each."""

    @classmethod
    def setUpClass(cls):
        kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(kept.cleanup)
        cls.folder = Path(kept.name)
        cls.items = write_rows(cls.folder, 15)
        write_networks(cls.folder)
        cls.query = cls.items[0].query
        cls.work = cls.made("work", [(cls.query, i.right) for i in cls.items[:12]] + [(i.query, i.right) for i in cls.items[12:]])

    @classmethod
    def made(cls, name, pairs):
        rows, work = cls.folder / f"{name}.jsonl", cls.folder / name
        rows.write_text("".join(json.dumps({"q": q, "p": p, "s": "own"}) + "\n" for q, p in pairs))
        prepare(rows, cls.folder / "sources.tsv", TOKENIZER, work)
        embed(work, cls.folder / "encoder.onnx", TOKENIZER)
        mine(work, nearest=2, margin=1.0)
        return work

    def test_what_is_relevant_as_well_is_no_easy_negative(self):
        pairs = Pairs(self.work)
        relevant = {tuple(pairs.texts.tokens(p, 384)) for q, p, _ in pairs.texts.pairs[:12]}
        for seed in range(20):
            listed = pairs.listed(3, np.random.default_rng(seed), Form(512, 6, 4))
            self.assertEqual(6, len(listed.passages))
            self.assertFalse(relevant & {tuple(p) for p in listed.passages[1:]})

    def test_nor_is_it_something_else_to_a_graded_query(self):
        file = self.folder / "grades.tsv"
        file.write_text(f"{key(self.query)}\t{key(self.items[0].right)}:3\t{key(self.items[13].right)}:0\n")
        graded = Graded(self.work, [file])
        relevant = {tuple(graded.texts.tokens(p, 384)) for q, p, _ in graded.texts.pairs[:12]}
        for seed in range(20):
            listed = graded.listed(0, np.random.default_rng(seed), Form(512, 6, 4))
            self.assertEqual(1, sum(tuple(p) in relevant for p in listed.passages))

    def test_a_line_that_has_no_keys_and_grades_is_named(self):
        file, a, b = self.folder / "broken.tsv", key("a"), key("b")
        # No grade or none of ours, no passage, keys that are cut or no text, and a line for each grade.
        for line in (f"{a}\t{b}:4", f"{a}\t{b}", f"{a}\t{b}\t{b}:1", f"{a}\t{b}:", a, f"{a}\t", f"{a}\t{b[:9]}:1", f"{a} {b}:1", f"{a}\t{b}:1\t", f"{a}\t\xff:1", f"{a}\t{b}\t1"):
            file.write_bytes(f"# keys and grades\n{line}\n".encode("latin-1"))
            with self.subTest(line), self.assertRaisesRegex(Refusal, "broken.tsv:2 must be the key of a query and, after tabs"):
                Graded(self.work, [file])

    def test_where_all_passages_are_one_querys_nothing_can_be_drawn_from_elsewhere(self):
        work = self.made("one", [(self.query, i.right) for i in self.items[:5]])
        with self.assertRaisesRegex(Refusal, "5 passages, of which 5 belong to one query"):
            Pairs(work)

    def test_a_single_contrast_item_makes_no_list(self):
        folder = self.folder / "single"
        folder.mkdir()
        row = json.loads((CONTRAST / "tax.jsonl").read_text().splitlines()[0])
        bare = {**row, "wrong": [{"text": w["text"], "trap": w["trap"]} for w in row["wrong"]]}
        (folder / "a.jsonl").write_text(json.dumps(bare) + "\n")
        with self.assertRaisesRegex(Refusal, "too few items"):
            Contrast(folder, TOKENIZER)
        # Eight that share their passages are no better.
        (folder / "a.jsonl").write_text("".join(json.dumps({**bare, "query": f"{row['query']} {n}"}) + "\n" for n in range(8)))
        with self.assertRaisesRegex(Refusal, "too few items"):
            Contrast(folder, TOKENIZER)

    def test_where_a_domain_has_only_items_that_share_their_passages_others_are_drawn(self):
        folder = self.folder / "shared"
        folder.mkdir()
        rows = [json.loads((CONTRAST / name).read_text().splitlines()[0]) for name in ("tax.jsonl", "gardening.jsonl")]
        bare = [{**row, "wrong": [{"text": w["text"], "trap": w["trap"]} for w in row["wrong"]]} for row in rows]
        (folder / "a.jsonl").write_text("".join(json.dumps({**bare[0], "query": f"query {n}"}) + "\n" for n in range(9)))
        (folder / "b.jsonl").write_text(json.dumps(bare[1]) + "\n")
        shown = Contrast(folder, TOKENIZER)
        self.assertEqual(6, len(shown.listed(0, np.random.default_rng(1), Form(128, 6)).passages))


class Options(unittest.TestCase):
    def test_widths_and_shares_are_read(self):
        self.assertEqual(((192, 0.5), (288, 0.5)), parse_widths("192:0.5, 288:.5"))
        self.assertEqual((0.5, 0.1), parse_teacher("0.5, .1"))


if __name__ == "__main__":
    unittest.main()
