import csv
import json
import os
import resource
import shlex
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from recipe.bert import weights_of
from recipe.candidates import FEWEST_QUERIES, kept_candidates, read_candidates
from recipe.finetune import check, options
from recipe.judged import HELD_BACK, Judged, parts, place, split
from recipe.lists import Form
from recipe.prepare import plain_tokenizer
from recipe.quality import platt
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
        rows = [{"query": f"query number {n}"} for n in range(400)]
        few, more = parts(rows[:100]), parts(rows)
        self.assertEqual(400, sum(map(len, more.values())))
        for name, of in few.items():
            self.assertGreaterEqual(len(of), 5)
            self.assertTrue(all(row in more[name] for row in of))

    def test_what_was_held_back_of_few_queries_is_never_trained_on_and_nothing_else_is_held_back_later(self):
        filled_up = 0
        for made in range(300):
            rows = [{"query": f"query {n} of {made}"} for n in range(200)]
            sizes = [parts(rows[:size]) for size in (22, 30, 60, 200)]
            filled_up += any(place(row["query"]) >= HELD_BACK for row in sizes[0]["held back"])
            for few, more in zip(sizes, sizes[1:]):
                held, seen = ([row["query"] for row in of["held back"]] for of in (few, more))
                self.assertFalse(set(held) & {row["query"] for row in more["train"]})
                self.assertFalse(set(seen) & {row["query"] for row in few["train"] + few["stop"]})
        self.assertGreater(filled_up, 30)

    def test_a_query_is_the_same_in_other_case_and_with_other_blanks(self):
        self.assertEqual(place("How many  days"), place("how many days "))

    def test_of_few_queries_each_part_has_some(self):
        for made in range(100):
            of = parts([{"query": f"query {n} of {made}"} for n in range(20)])
            self.assertTrue(len(of["held back"]) >= 2 and len(of["stop"]) >= 4 and len(of["train"]) >= 4, {name: len(rows) for name, rows in of.items()})

    def test_queries_none_of_which_may_be_held_back_are_refused(self):
        rows = [{"query": f"query {n}"} for n in range(100) if place(f"query {n}") > 0.4]
        with self.assertRaisesRegex(Refusal, "would hold back 0, too few to measure on: judge some more"):
            parts(rows[:20])

    def test_the_least_number_of_queries_is_that_of_rerank_candidates(self):
        java = (ROOT / "cli/src/main/java/dev/rerank4j/cli/CandidatesCommand.java").read_text()
        self.assertIn(f"LEAST_QUERIES = {FEWEST_QUERIES};", java)

    def test_candidates_of_which_none_or_all_are_relevant_are_refused_where_no_others_are_left(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "candidates.jsonl"
            file.write_text("\n".join(json.dumps({"query": f"q{n}", "candidates": [candidate("a", 1)]}) for n in range(30)))
            with self.assertRaisesRegex(Refusal, "at least 20 queries .* there are 0 .of 30 judged"):
                read_candidates(file)

    def test_of_a_list_as_many_passages_are_from_elsewhere_as_is_asked_for_and_none_of_those_is_relevant(self):
        rows = [{"query": f"query {n}", "candidates": [candidate(f"right{n % 3}", 1), *(candidate(f"wrong{n} {i}", 0) for i in range(9))]} for n in range(6)]
        t = plain_tokenizer(TOKENIZER)
        judged = Judged(rows, t)
        words = lambda passage: t.decode([int(x) for x in passage])
        for number in range(30):
            row = number % 6
            listed = judged.listed(row, np.random.default_rng(number), Form(96, passages=6, easy=2))
            passages = [words(p) for p in listed.passages]
            self.assertEqual(f"text of right{row % 3}", passages[0])
            self.assertEqual(4, len({p for p in passages[1:4] if f"wrong{row} " in p} | {passages[0]}), passages)
            for p in passages[4:]:
                self.assertNotEqual(passages[0], p)
        self.assertTrue(any("right" in words(p) for p in listed.passages[4:]), "none is from elsewhere")

    def test_what_cannot_be_trained_with_is_refused_in_a_sentence(self):
        for given, told in (("--keep-general 1", "--keep-general must be from 0 to 0.9, got 1"), ("--keep-general nan", "--keep-general must be"), ("--epochs 0", "--epochs must be at least 1, got 0"),
                            ("--patience 0", "--patience must be at least 1"), ("--longest 513", "--longest must be from 80 to 512, got 513"), ("--longest 79", "--longest must be from 80"),
                            ("--rate 0", "--rate must be between 0 and 1"), ("--seed -1", "--seed must be at least 0"), ("--depth 1", "--depth must be at least 2")):
            with self.subTest(given), self.assertRaisesRegex(Refusal, told):
                check(options(["--out", "model", *given.split()]))
        check(options(["--out", "model", "--longest", "80", "--keep-general", "0"]))


class Probabilities(unittest.TestCase):
    START = {"slope": 0.5, "intercept": -1.0}

    def test_many_pairs_say_what_makes_probabilities_of_logits(self):
        rng = np.random.default_rng(3)
        logits = rng.normal(0, 3, 4000)
        found = platt(logits, rng.random(4000) < 1 / (1 + np.exp(-(1.5 * logits + 0.5))), self.START)
        self.assertAlmostEqual(1.5, found["slope"], delta=0.15)
        self.assertAlmostEqual(0.5, found["intercept"], delta=0.15)

    def test_none_say_nothing_and_few_say_little(self):
        self.assertEqual(self.START, platt([], [], self.START))
        few = platt([2.0, -2.0], [True, False], self.START)
        self.assertTrue(0.5 < few["slope"] < 1.2, few)

    def test_the_order_is_never_turned_round(self):
        self.assertEqual(self.START, platt([5.0, -5.0] * 40, [False, True] * 40, self.START))


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
        return self.command_of(out, "--docs", str(HANDBOOK / "docs"), "--judgments", str(judgments or self.judgments), *more)

    def command_of(self, out, *more):
        return [str(TRAINING / "finetune"), "--out", str(self.folder / out), "--start", str(self.start), "--depth", "20", "--epochs", "2", "--longest", "96", *more]

    def environment(self):
        return {**os.environ, "RERANK4J_CACHE": str(self.folder / "cache")}

    def call(self, command, **more):
        return subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env=self.environment(), **more)

    def kill_at(self, line, command):
        """Kills it with all its processes once it says a line that begins so."""
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=self.folder, env=self.environment(), start_new_session=True)
        said = next((said for said in process.stdout if said.startswith(line)), None)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        self.assertIsNotNone(said, f"it ended before it said: {line}")

    def history(self, out):
        return json.loads((self.folder / out / "training.json").read_text())["history"]

    def weights(self, out):
        return weights_of(self.folder / out / "onnx/model.onnx")

    def assert_equal_weights(self, expected, actual):
        self.assertEqual(set(expected), set(actual))
        for name in expected:
            self.assertTrue(torch.equal(expected[name], actual[name]), name)

    def measure_as_told(self, done):
        """Runs the command that it printed at its end."""
        told = shlex.split(done.stdout.strip().splitlines()[-1])
        measured = self.call([*told, "--depth", "10", "--timing-queries", "0", "--json", "-"])
        self.assertEqual(0, measured.returncode, measured.stderr)
        self.assertNotIn("there is no document", measured.stderr)
        return told, json.loads(measured.stdout)


class WholePath(Miniature):
    def test_from_judgments_to_a_folder_that_is_searched_and_measured_with(self):
        done = self.call(self.command("model"))
        self.assertEqual(0, done.returncode, done.stderr)
        out = self.folder / "model"
        self.assertEqual({"README.md", "calibration.json", "config.json", "golden.json", "held-back.csv", "onnx", "tokenizer.json", "training.json"}, {p.name for p in out.iterdir()})
        self.assertFalse((self.folder / "model.work").exists())
        with open(out / "held-back.csv", encoding="utf-8") as file:
            held = {row["query"] for row in csv.DictReader(file)}
        self.assertTrue(held)
        self.assertTrue(held < {q for q, _, _ in self.rows})
        search = self.call([str(ROOT / "rerank"), "search", "--model", str(out), "--docs", str(HANDBOOK / "docs"), "how many days of leave do I get"])
        self.assertEqual(0, search.returncode, search.stderr)
        told, measured = self.measure_as_told(done)
        self.assertIn(str(HANDBOOK / "docs"), told)
        self.assertEqual(len(held), measured["queries"])
        self.assertEqual(2, len(measured["systems"]))
        again = self.call(self.command("model"))
        self.assertEqual(1, again.returncode)
        self.assertIn("exists: name another folder", again.stderr)

    def test_of_a_collection_with_an_index_of_its_own_the_printed_command_measures_too(self):
        index = self.folder / "index"
        indexed = self.call([str(ROOT / "rerank"), "index", "--language", "en", "--index", str(index), str(HANDBOOK / "docs")])
        self.assertEqual(0, indexed.returncode, indexed.stderr)
        done = self.call(self.command_of("of-data", "--data", str(HANDBOOK), "--index", str(index), "--language", "en", "--epochs", "1"))
        self.assertEqual(0, done.returncode, done.stderr)
        told, measured = self.measure_as_told(done)
        self.assertIn(str(index), told)
        with open(self.folder / "of-data/held-back.csv", encoding="utf-8") as file:
            self.assertEqual(len({row["query"] for row in csv.DictReader(file)}), measured["queries"])

    def test_killed_and_on_a_full_disk_it_goes_on_to_the_same_weights(self):
        more = ("--epochs", "8", "--patience", "8")
        whole = self.call(self.command("whole", *more))
        self.assertEqual(0, whole.returncode, whole.stderr)
        self.kill_at("epoch 2 ", self.command("killed", *more))
        self.assertFalse((self.folder / "killed").exists())
        full = self.call(self.command("killed", *more), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000)))
        self.assertEqual(1, full.returncode)
        self.assertIn("could not be written", full.stderr)
        self.assertNotIn("Traceback", full.stderr)
        self.assertEqual({"best.safetensors", "state.pt"}, {p.name for p in (self.folder / "killed.work/run").iterdir()})
        done = self.call(self.command("killed", *more))
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("resumed at step", done.stdout)
        self.assertEqual(list(range(1, 9)), [e["epoch"] for e in self.history("killed")["after"]])
        self.assertEqual(self.history("whole"), self.history("killed"))
        self.assert_equal_weights(self.weights("whole"), self.weights("killed"))
        self.assertEqual((self.folder / "whole/calibration.json").read_text(), (self.folder / "killed/calibration.json").read_text())

    def test_killed_after_it_stopped_it_trains_no_further(self):
        command = self.command("stopped", "--epochs", "40", "--patience", "2", "--keep-general", "0")
        self.kill_at("the best of ", command)
        self.assertFalse((self.folder / "stopped").exists())
        work = self.folder / "stopped.work"
        before = json.loads((work / "history.json").read_text())
        self.assertLess(len(before["after"]), 40, "it did not stop early")
        best = weights_of(work / "run/best.safetensors")
        done = self.call(command)
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertNotIn("\nepoch ", done.stdout)
        self.assertEqual(before, self.history("stopped"))
        self.assert_equal_weights(best, self.weights("stopped"))
        self.assertFalse(work.exists())

    def test_with_other_judgments_candidates_are_found_and_training_is_begun_anew(self):
        self.kill_at("epoch 1 ", self.command("more", "--keep-general", "0", judgments=self.changing(self.rows[:-1])))
        done = self.call(self.command("more", "--keep-general", "0", judgments=self.changing(self.rows)))
        self.assertEqual(0, done.returncode, done.stderr)
        self.assertIn("is begun anew", done.stdout)
        self.assertNotIn("resumed", done.stdout)

    def changing(self, rows):
        self.write(self.folder / "changing.csv", rows)
        return self.folder / "changing.csv"

    def test_candidates_are_kept_while_files_and_options_are_the_same(self):
        work, docs = self.folder / "kept.work", self.folder / "docs"
        work.mkdir()
        shutil.copytree(HANDBOOK / "docs", docs)
        def made(*more):
            """Which file it is: one that is written anew has another number."""
            rerank = shlex.join(["env", f"RERANK4J_CACHE={self.folder / 'cache'}", str(ROOT / "rerank")])
            file = kept_candidates(options(["--out", "kept", "--docs", str(docs), "--judgments", str(self.folder / "changing.csv"), "--depth", "5", "--rerank", rerank, *more]), work)
            return file.stat().st_mtime_ns, len(file.read_text().splitlines())
        self.changing(self.rows)
        first = made()
        self.assertEqual(first, made())
        last = self.rows[-1][0]
        self.changing([row for row in self.rows if row[0] != last])
        second = made()
        self.assertEqual(first[1] - 1, second[1])
        self.assertEqual(second, made())
        (docs / "new.md").write_text("# Bicycles\n\nA bicycle may be leased.\n")
        third = made()
        self.assertNotEqual(second, third)
        self.assertEqual(third, made())
        self.assertNotEqual(third, made("--depth", "6"))

    def test_what_rerank_refuses_is_told_and_nothing_is_left(self):
        few = self.folder / "few.csv"
        self.write(few, self.rows[:1])
        done = self.call(self.command("few", judgments=few))
        self.assertEqual(1, done.returncode)
        self.assertIn("judged queries", done.stderr)
        self.assertIn("rerank candidates ended with 2", done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(["few.csv"], [p.name for p in self.folder.glob("few*")])

    def test_a_place_that_cannot_be_written_to_is_told(self):
        (self.folder / "taken.work").write_text("a file")
        done = self.call(self.command("taken"))
        self.assertEqual(1, done.returncode)
        self.assertIn("taken.work: File exists", done.stderr)
        self.assertNotIn("Traceback", done.stderr)

    def test_a_start_that_is_no_model_and_a_command_that_is_not_there(self):
        done = self.call(self.command("none", "--start", str(self.folder)))
        self.assertEqual(1, done.returncode)
        self.assertIn("holds no model of ours", done.stderr)
        done = self.call(self.command("none", "--rerank", str(self.folder / "nothing")))
        self.assertEqual(1, done.returncode)
        self.assertIn("--rerank names the command", done.stderr)


if __name__ == "__main__":
    unittest.main()
