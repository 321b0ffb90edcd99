import csv
import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

from recipe.finetune import parts, read_candidates, split
from recipe.work import Refusal
from tests.miniature import TOKENIZER, TRAINING, write_networks

ROOT = TRAINING.parent
HANDBOOK = ROOT / "examples/handbook"


def candidate(document, grade, logit=0.0, bm25=1.0):
    return {"document": document, "passage": document + "#1", "text": f"text of {document}", "grade": grade, "bm25": bm25, "vector": None, "logit": logit}


class Choosing(unittest.TestCase):
    def test_of_a_relevant_document_the_passage_that_the_model_likes_most(self):
        right, _ = split([candidate("a", 1, 0.5), {**candidate("a", 1, 2.0), "passage": "a#2"}, candidate("b", 0)])
        self.assertEqual(["a#2"], [c["passage"] for c in right])

    def test_what_nobody_judged_and_the_model_rates_far_higher_is_no_negative(self):
        _, wrong = split([candidate("a", 1, 1.0), candidate("b", None, 5.0), candidate("c", None, 1.5), candidate("d", 0, 9.0)])
        self.assertEqual(["c", "d"], [c["document"] for c in wrong])

    def test_every_query_is_in_one_part_and_stays_there_when_others_come(self):
        rows = [{"query": f"query number {n}"} for n in range(200)]
        few, more = parts(rows[:100], 1), parts(rows, 1)
        self.assertEqual(200, sum(map(len, more.values())))
        for name, of in few.items():
            self.assertGreaterEqual(len(of), 5)
            self.assertTrue(all(row in more[name] for row in of))

    def test_of_few_queries_each_part_has_some(self):
        for seed in range(20):
            of = parts([{"query": f"query {n}"} for n in range(10)], seed)
            self.assertTrue(all(len(rows) >= 2 for rows in of.values()), f"seed {seed}")

    def test_candidates_of_which_none_or_all_are_relevant_are_refused_where_no_others_are_left(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "candidates.jsonl"
            file.write_text("\n".join(json.dumps({"query": f"q{n}", "candidates": [candidate("a", 1)]}) for n in range(30)))
            with self.assertRaisesRegex(Refusal, "at least 10 queries .* there are 0 .of 30 judged"):
                read_candidates(file)


class Miniature(unittest.TestCase):
    """The whole path with the real command line, the handbook's judgments, and a network of two layers to start from."""

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.kept.name)
        cls.start = cls.folder / "start"
        cls.start.mkdir()
        write_networks(cls.folder)
        shutil.copyfile(cls.folder / "start.onnx", cls.start / "model.onnx")
        shutil.copyfile(cls.folder / "config.json", cls.start / "config.json")
        shutil.copyfile(TOKENIZER, cls.start / "tokenizer.json")
        queries = {row["_id"]: row["text"] for row in map(json.loads, (HANDBOOK / "queries.jsonl").read_text().splitlines())}
        cls.judgments = cls.folder / "judgments.csv"
        cls.rows = [(queries[q], d, g) for q, d, g in (line.split("\t") for line in (HANDBOOK / "qrels/test.tsv").read_text().splitlines()[1:]) if q in queries]
        cls.write(cls.judgments, cls.rows)

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    @staticmethod
    def write(file, rows):
        with open(file, "w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([("query", "document", "grade"), *rows])

    def command(self, out, *more, judgments=None):
        return [str(TRAINING / "finetune"), "--docs", str(HANDBOOK / "docs"), "--judgments", str(judgments or self.judgments), "--out", str(self.folder / out),
                "--start", str(self.start), "--depth", "20", "--epochs", "2", "--longest", "96", *more]

    def call(self, command):
        environment = {**os.environ, "RERANK4J_CACHE": str(self.folder / "cache")}
        return subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env=environment)


class WholePath(Miniature):
    def test_from_judgments_to_a_folder_that_is_searched_and_measured_with(self):
        done = self.call(self.command("model"))
        self.assertEqual(0, done.returncode, done.stderr)
        out = self.folder / "model"
        self.assertEqual({"README.md", "config.json", "golden.json", "held-back.csv", "onnx", "tokenizer.json", "training.json"}, {p.name for p in out.iterdir()})
        with open(out / "held-back.csv", encoding="utf-8") as file:
            held = {row["query"] for row in csv.DictReader(file)}
        self.assertTrue(held)
        self.assertTrue(held < {q for q, _, _ in self.rows})
        search = self.call([str(ROOT / "rerank"), "search", "--model", str(out), "--docs", str(HANDBOOK / "docs"), "how many days of leave do I get"])
        self.assertEqual(0, search.returncode, search.stderr)
        measured = self.call([str(ROOT / "rerank"), "eval", "--docs", str(HANDBOOK / "docs"), "--judgments", str(out / "held-back.csv"), "--depth", "10", "--timing-queries", "0",
                              "--systems", f"hybrid+rerank:built-in,hybrid+rerank:{out}", "--json", "-"])
        self.assertEqual(0, measured.returncode, measured.stderr)
        self.assertEqual(2, len(json.loads(measured.stdout)["systems"]))
        again = self.call(self.command("model"))
        self.assertEqual(1, again.returncode)
        self.assertIn("exists: name another folder", again.stderr)

    def test_killed_it_goes_on(self):
        environment = {**os.environ, "RERANK4J_CACHE": str(self.folder / "cache")}
        process = subprocess.Popen(self.command("killed", "--epochs", "30", "--patience", "30"), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                   cwd=self.folder, env=environment, start_new_session=True)
        second = next((line for line in process.stdout if line.startswith("epoch 2 ")), None)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        self.assertIsNotNone(second, "it ended before the second epoch")
        self.assertFalse((self.folder / "killed").exists())
        done = self.call(self.command("killed", "--epochs", "30", "--patience", "30"))
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("resumed at step", done.stdout)
        epochs = [e["epoch"] for e in json.loads((self.folder / "killed/training.json").read_text())["history"]["after"]]
        self.assertEqual(list(range(1, 31)), epochs)

    def test_what_rerank_refuses_is_told_and_nothing_is_left(self):
        few = self.folder / "few.csv"
        self.write(few, self.rows[:1])
        done = self.call(self.command("few", judgments=few))
        self.assertEqual(1, done.returncode)
        self.assertIn("judged queries", done.stderr)
        self.assertIn("rerank candidates ended with 2", done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertFalse((self.folder / "few").exists())

    def test_a_start_that_is_no_model_and_a_command_that_is_not_there(self):
        done = self.call(self.command("none", "--start", str(self.folder)))
        self.assertEqual(1, done.returncode)
        self.assertIn("holds no model of ours", done.stderr)
        done = self.call(self.command("none", "--rerank", str(self.folder / "nothing")))
        self.assertEqual(1, done.returncode)
        self.assertIn("--rerank names the command", done.stderr)


if __name__ == "__main__":
    unittest.main()
