import contextlib
import io
import json
import tempfile
import unittest
from pathlib import Path

from recipe import contrast
from tests.miniature import CONTRAST

GOOD = {"query": "can a tenant end the contract early", "form": "question",
        "right": "The lessee may terminate this agreement before its expiry by giving three months' written notice to the other side.",
        "wrong": [{"text": "The lessor may end this contract early if the tenant is two months in arrears after a written reminder.", "trap": "roles"},
                  {"text": "A contract reaches its end early, for the tenant as for the owner, if the house itself has been destroyed.", "trap": "condition"}],
        "overlap": "fewest"}


class Shape(unittest.TestCase):
    def test_a_good_item_is_read(self):
        item = contrast.item("a:1", "a", json.dumps(GOOD))
        self.assertEqual(("roles", "condition"), item.traps)
        self.assertEqual([], list(contrast.complaints([item])))

    def test_what_is_not_an_item_is_refused_with_its_place(self):
        for change in ({"form": "riddle"}, {"overlap": "none"}, {"wrong": GOOD["wrong"][:1]}, {"wrong": [{"text": "x"}] * 2}, {"right": " padded "}, {"query": 3},
                       {"wrong": [{"text": GOOD["right"], "trap": "roles"}, GOOD["wrong"][0]]}, {"more": 1}):
            with self.assertRaisesRegex(ValueError, "^b:7: "):
                contrast.item("b:7", "b", json.dumps({**GOOD, **change}))
        with self.assertRaisesRegex(ValueError, "^b:7: not JSON"):
            contrast.item("b:7", "b", "{")

    def test_a_wrong_claim_about_overlap_and_uneven_lengths_are_told(self):
        self.assertIn("overlap is \"most\"", "".join(contrast.complaints([contrast.item("a:1", "a", json.dumps({**GOOD, "overlap": "most"}))])))
        self.assertIn("lengths are not even", "".join(contrast.complaints([contrast.item("a:1", "a", json.dumps({**GOOD, "right": "The lessee may leave before expiry, if three months before that day a notice in writing has come to the lessor, by post or by hand, and the rent is paid up to it."}))])))

    def test_under_its_own_query_a_wrong_passage_is_the_right_one(self):
        own = "when may the landlord end the contract early"
        row = {**GOOD, "wrong": [{**GOOD["wrong"][0], "query": own}, GOOD["wrong"][1]]}
        turned, = contrast.item("a:1", "a", json.dumps(row)).turned()
        self.assertEqual((own, GOOD["wrong"][0]["text"]), (turned.query, turned.right))
        self.assertEqual((GOOD["right"], GOOD["wrong"][1]["text"]), turned.wrong)
        self.assertEqual("most", turned.overlap)
        self.assertEqual([], list(contrast.item("a:1", "a", json.dumps(GOOD)).turned()))
        with self.assertRaisesRegex(ValueError, "different texts"):
            contrast.item("b:7", "b", json.dumps({**row, "query": own}))

    def test_the_same_query_twice_is_told(self):
        items = [contrast.item(f"a:{n}", "a", json.dumps(GOOD)) for n in (1, 2)]
        self.assertIn("a:2: the same query as a:1", list(contrast.complaints(items)))


class Baselines(unittest.TestCase):
    def test_equal_scores_count_half(self):
        item = contrast.item("a:1", "a", json.dumps(GOOD))
        self.assertEqual(0.5, contrast.accuracy([item], lambda i, p: 1))
        self.assertEqual(0.0, contrast.accuracy([item], lambda i, p: contrast.shared(i.query, p)))

    def test_words_are_stems_without_stop_words(self):
        self.assertEqual(contrast.words("The tenants were ending contracts"), contrast.words("tenant end of a contract"))


class BlindReading(unittest.TestCase):
    def test_answers_that_are_as_written_and_others(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "a.jsonl"
            file.write_text("\n".join(json.dumps({**GOOD, "query": q}) for q in ("can a tenant end the contract early", "may the tenant end a contract early")) + "\n")
            items = contrast.read([file])
            right = ["ABCD"[contrast.shuffled(i, "3")[1]] for i in items]
            answers = Path(folder) / "answers"
            answers.write_text("\n".join(f"{i.place} {letter}" for i, letter in zip(items, right)))
            said = io.StringIO()
            with contextlib.redirect_stdout(said):
                self.assertEqual(0, contrast.compare(file, "3", answers))
                answers.write_text(f"{items[0].place} {right[0]}\n{items[1].place} ?\n")
                self.assertEqual(1, contrast.compare(file, "3", answers))
            self.assertIn("2 of 2 as written", said.getvalue())
            self.assertIn("a.jsonl:2: answered ?", said.getvalue())
            self.assertIn("1 of 2 as written", said.getvalue())

    def test_a_sheet_tells_no_answers(self):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            contrast.sheet(sorted(CONTRAST.glob("*.jsonl"))[0], "1")
        for word in ("right", "wrong", "overlap", "trap"):
            self.assertNotIn(f'"{word}"', said.getvalue())


class TheTextsOfThisProject(unittest.TestCase):
    def test_they_are_balanced_and_without_complaints(self):
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            self.assertEqual(0, contrast.check([CONTRAST]), said.getvalue())

    def test_there_are_enough_and_a_fifth_of_the_domains_is_held_for_development(self):
        items = contrast.read([CONTRAST])
        domains = {i.domain for i in items}
        held = {line for line in (CONTRAST / "development.txt").read_text().splitlines() if line and not line.startswith("#")}
        self.assertGreaterEqual(len(items), 3000)
        self.assertGreaterEqual(len(domains), 25)
        self.assertTrue(held <= domains)
        self.assertGreaterEqual(len(held), len(domains) / 5)

    def test_no_passage_of_a_development_domain_is_in_another(self):
        items = contrast.read([CONTRAST])
        held = {line for line in (CONTRAST / "development.txt").read_text().splitlines() if line and not line.startswith("#")}
        dev = {p for i in items if i.domain in held for p in (i.right, *i.wrong)}
        self.assertEqual(set(), dev & {p for i in items if i.domain not in held for p in (i.right, *i.wrong)})


if __name__ == "__main__":
    unittest.main()
