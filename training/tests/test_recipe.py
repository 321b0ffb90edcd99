import json
import resource
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from recipe.batches import Batches
from recipe.bert import CrossEncoder, load_weights, read_onnx, shape_of
from recipe.lists import Form, Graded, Pairs, parse_mix
from recipe.mine import embed, mine
from recipe.own import mine_own
from recipe.prepare import Texts, prepare
from recipe.train import Settings
from recipe.work import Refusal, key, replace
from tests.miniature import CONTRAST, SHAPE, TOKENIZER, TRAINING, tensors, write_networks, write_rows


class Miniature(unittest.TestCase):
    """Prepares, embeds and mines once; each test works on that."""

    @classmethod
    def setUpClass(cls):
        cls.kept = tempfile.TemporaryDirectory()
        cls.folder = Path(cls.kept.name)
        cls.items = write_rows(cls.folder)
        write_networks(cls.folder)
        cls.work = cls.folder / "work"
        prepare(cls.folder / "train.jsonl", cls.folder / "sources.tsv", TOKENIZER, cls.work)
        embed(cls.work, cls.folder / "encoder.onnx", TOKENIZER)
        mine(cls.work, nearest=8, margin=1.0)

    @classmethod
    def tearDownClass(cls):
        cls.kept.cleanup()

    def command(self, run, *more, mix="pairs:0.6,contrast:0.4", steps=24):
        return [sys.executable, "-m", "recipe", "train", "--work", str(self.work), "--start", str(self.folder / "start.onnx"), "--tokenizer", str(TOKENIZER),
                "--run", str(self.folder / run), "--steps", str(steps), "--mix", mix, "--lists", "4", "--widths", "64:1", "--rate", "1e-3", *more]

    def call(self, command, **how):
        return subprocess.run(command, cwd=TRAINING, capture_output=True, text=True, **how)


class Steps(Miniature):
    def test_only_open_english_rows_are_kept(self):
        record = json.loads((self.work / "prepared.json").read_text())
        self.assertEqual({"own": len(self.items)}, record["found"]["by_source"])
        self.assertEqual(2, record["found"]["left_out"])
        self.assertFalse({"is this one open", "ist das offen"} & set((self.work / "texts.txt").read_text().splitlines()))

    def test_a_step_done_before_does_nothing_and_other_settings_do_it_again(self):
        before = (self.work / "mined.npz").stat().st_mtime_ns
        mine(self.work, nearest=8, margin=1.0)
        self.assertEqual(before, (self.work / "mined.npz").stat().st_mtime_ns)
        mine(self.work, nearest=7, margin=1.0)
        self.assertNotEqual(before, (self.work / "mined.npz").stat().st_mtime_ns)
        mine(self.work, nearest=8, margin=1.0)

    def test_a_source_without_a_row_in_the_table_is_refused(self):
        rows = self.folder / "other.jsonl"
        rows.write_text(json.dumps({"q": "a", "p": "b", "s": "unheard of"}) + "\n")
        with self.assertRaisesRegex(Refusal, "does not name unheard of"):
            prepare(rows, self.folder / "sources.tsv", TOKENIZER, self.folder / "other")

    def test_negatives_are_other_passages_than_those_labelled_relevant(self):
        texts = Texts(self.work)
        z = np.load(self.work / "mined.npz")
        for part in ("by_vector", "by_bm25"):
            self.assertGreater(np.sum(z[part] >= 0), 0)
            for row, (query, right, _) in enumerate(texts.pairs):
                self.assertNotIn(right, z[part][row])
                self.assertNotIn(query, z[part][row])

    def test_the_models_own_negatives_are_those_it_scores_highest(self):
        mine_own(self.work, self.folder / "start.onnx", deep=8)
        own, z = np.load(self.work / "mined-own.npz")["by_model"], np.load(self.work / "mined.npz")
        for row in range(len(own)):
            self.assertTrue(set(own[row][own[row] >= 0]) <= set(z["by_vector"][row]) | set(z["by_bm25"][row]))
        (self.work / "mined-own.npz").unlink()
        (self.work / "mined-own.json").unlink()

    def test_a_list_is_as_many_passages_as_asked_for_with_the_labelled_one_first_and_a_goal_that_adds_up(self):
        pairs = Pairs(self.work)
        for row in range(20):
            listed = pairs.listed(row, np.random.default_rng(row), Form(64, 6, 2, 0.3))
            self.assertEqual(6, len(listed.passages))
            self.assertAlmostEqual(1, float(listed.goal.sum()), places=5)
            self.assertGreaterEqual(listed.goal[0], 0.7)
            self.assertTrue(all(len(listed.query) + len(p) + 3 <= 64 for p in listed.passages))

    def test_steps_made_by_other_processes_are_those_made_here(self):
        batches = Batches({"pairs": Pairs(self.work)}, Settings(steps=12, mix={"pairs": 1.0}, lists=4, widths=((64, 1.0),)))
        for here, there in zip(batches.from_step(3, 0), batches.from_step(3, 2), strict=True):
            for part in ("back", "goal", "target", "weight"):
                np.testing.assert_array_equal(getattr(here, part), getattr(there, part))
            for a, b in zip(here.parts, there.parts, strict=True):
                np.testing.assert_array_equal(a[0], b[0])

    def test_grades_are_found_by_the_keys_of_texts(self):
        lines = []
        for i in self.items[:5]:
            lines += [f"{key(i.query)}\t{key(i.right)}\t3", f"{key(i.query)}\t{key(i.wrong[0])}\t0", f"{key(i.query)}\t{key('not here')}\t1"]
        file = self.folder / "grades.tsv"
        file.write_text("\n".join(lines) + "\n")
        graded = Graded(self.work, [file])
        self.assertEqual(5, len(graded))
        self.assertEqual(5, graded.unknown)
        listed = graded.listed(0, np.random.default_rng(1), Form(64))
        self.assertEqual(0, int(listed.goal.argmax()))
        self.assertGreater(listed.target[0], 0.9)

    def test_what_is_no_mix_is_refused(self):
        for text in ("pairs", "pairs:0.5", "pairs:0.5,other:0.5", "pairs:2,contrast:-1"):
            with self.assertRaises(Refusal):
                parse_mix(text)
        self.assertEqual({"pairs": 0.5, "contrast": 0.5}, parse_mix("pairs:0.5, contrast:0.5"))


    def test_lists_without_room_for_a_hard_passage_are_refused(self):
        with self.assertRaisesRegex(Refusal, "from 0 to 2, got 3"):
            Settings(steps=1, mix={"pairs": 1.0}, passages=4, easy=3)
        with self.assertRaisesRegex(Refusal, "elder's share"):
            Settings(steps=1, mix={"pairs": 1.0}, elder=1.5)


class Training(Miniature):
    def test_it_learns_what_it_is_shown(self):
        done = self.call(self.command("learns", steps=80, mix="contrast:1") + ["--contrast-items", "8"])
        self.assertEqual(0, done.returncode, done.stderr)
        state = json.loads((self.folder / "learns/run.json").read_text())
        self.assertEqual(80, state["steps"])
        from recipe.lists import Contrast
        from recipe.score import Scorer
        shown = Contrast(CONTRAST, TOKENIZER, {p.stem for p in CONTRAST.glob("*.jsonl")} - set(held()), 8)
        scorer = Scorer(self.folder / "learns/last.safetensors")
        won = sum(scores[0] > max(scores[1:]) for q, ps in shown.rows for scores in [scorer([(q, p[:61 - len(q)]) for p in ps])])
        self.assertGreaterEqual(won, 7, "eight items shown eighty times each are known by heart")

    def test_a_killed_run_goes_on_to_the_same_weights(self):
        whole = self.call(self.command("whole"))
        self.assertEqual(0, whole.returncode, whole.stderr)
        process = subprocess.Popen(self.command("killed", "--keep-every", "0"), cwd=TRAINING, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        kept = next((line for line in process.stdout if line.startswith("kept at step")), None)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        self.assertIsNotNone(kept, "it ended before it kept anything")
        self.assertFalse((self.folder / "killed/run.json").is_file(), "it was not killed in the middle")
        resumed = self.call(self.command("killed"))
        self.assertEqual(0, resumed.returncode, resumed.stderr)
        self.assertIn("resumed at step", resumed.stdout)
        one, other = tensors(self.folder / "whole/last.safetensors"), tensors(self.folder / "killed/last.safetensors")
        worst = max(float(np.abs(one[n] - other[n]).max()) for n in one)
        self.assertLess(worst, 5e-3)

    def test_a_full_disk_is_told_and_leaves_the_state_before(self):
        first = self.call(self.command("full", "--stop-after", "0"))
        self.assertEqual(0, first.returncode, first.stderr)
        self.assertIn("the same command goes on", first.stdout)
        state = self.folder / "full/state.pt"
        before = state.read_bytes()
        limit = len(before) // 2
        full = self.call(self.command("full", "--stop-after", "0"), preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertEqual(1, full.returncode)
        self.assertIn("state.pt could not be written", full.stderr)
        self.assertNotIn("Traceback", full.stderr)
        self.assertEqual(before, state.read_bytes())
        self.assertEqual(["state.pt"], [p.name for p in (self.folder / "full").iterdir()])

    def test_what_a_trained_model_knows_is_learnt_from_it(self):
        """Its opinion alone, without the labels': the order of the passages comes near to its own."""
        from recipe.score import Scorer
        elder = self.folder / "elder"
        self.assertEqual(0, self.call(self.command("elder", steps=60, mix="pairs:1")).returncode)
        done = self.call(self.command("younger", "--elder", str(elder / "last.safetensors"), "--elder-share", "1", steps=100, mix="pairs:1"))
        self.assertEqual(0, done.returncode, done.stderr)
        texts = Texts(self.work)
        pairs = [(texts.tokens(q, 20), texts.tokens(p, 40)) for q, p, _ in texts.pairs]
        known, learnt, before = (Scorer(path)(pairs) for path in (elder / "last.safetensors", self.folder / "younger/last.safetensors", self.folder / "start.onnx"))
        self.assertGreater(np.corrcoef(known, learnt)[0, 1], 0.8)
        self.assertLess(np.corrcoef(known, before)[0, 1], 0.5)

    def test_other_settings_in_the_same_folder_are_refused(self):
        self.assertEqual(0, self.call(self.command("settings", "--stop-after", "0")).returncode)
        other = self.call(self.command("settings", "--drop", "0.1"))
        self.assertEqual(1, other.returncode)
        self.assertIn("holds a run with other settings", other.stderr)

    def test_without_the_steps_before_it_says_what_is_missing(self):
        done = self.call([sys.executable, "-m", "recipe", "mine", "--work", str(self.folder / "nothing")])
        self.assertEqual(1, done.returncode)
        self.assertIn("mine", done.stderr)
        self.assertNotIn("Traceback", done.stderr)


class Publishing(Miniature):
    def test_weights_are_read_back_from_the_float_file_and_nearly_from_the_int8_file(self):
        from recipe.publish import publish
        publish(self.folder / "start.onnx", TOKENIZER, self.folder / "model", "little")
        start = read_onnx(self.folder / "start.onnx")
        for file, tolerance in (("model.onnx", 1e-3), ("model_int8.onnx", 2e-2)):
            model = CrossEncoder(**shape_of(read_onnx(self.folder / "model/onnx" / file)))
            load_weights(model, self.folder / "model/onnx" / file)
            for name, w in model.state_dict().items():
                self.assertLess(float((w - start[name]).abs().max()), tolerance * max(1.0, float(start[name].abs().max())), f"{file} {name}")

    def test_the_folder_has_what_rerank_reads_and_its_checksums_are_right(self):
        from recipe.publish import publish
        from recipe.work import sha256
        out = self.folder / "model2"
        known = publish(self.folder / "start.onnx", TOKENIZER, out, "little", calibration={"slope": 0.5, "intercept": -1.0})
        self.assertEqual({"README.md", "calibration.json", "config.json", "golden.json", "onnx", "tokenizer.json"}, {p.name for p in out.iterdir()})
        for file, of in known["files"].items():
            self.assertEqual(sha256(out / file), of["sha256"])

    def test_the_card_has_runs_and_open_sources_and_refuses_others(self):
        from recipe.card import card
        done = self.call(self.command("carded", steps=2))
        self.assertEqual(0, done.returncode, done.stderr)
        text, out = self.folder / "about.md", self.folder / "card.md"
        text.write_text("# little\n\nA model.\n")
        card(text, [self.work], self.folder / "sources.tsv", [self.folder / "carded"], out)
        lines = out.read_text().splitlines()
        self.assertEqual("# little", lines[0])
        self.assertIn(f"| own | {len(Texts(self.work).pairs):,} | all sorts | Apache-2.0 |", lines)
        self.assertTrue(any(line.startswith("| carded | 2 | ") and "pairs 60%, contrast 40%" in line for line in lines), lines)
        closed = self.folder / "closed.tsv"
        closed.write_text((self.folder / "sources.tsv").read_text().replace("\topen\t", "\tunclear\t"))
        with self.assertRaisesRegex(Refusal, "own is not openly licensed"):
            card(text, [self.work], closed, [self.folder / "carded"], self.folder / "none.md")
        self.assertFalse((self.folder / "none.md").exists())

    def test_an_average_of_weights_lies_between_them(self):
        from recipe.publish import average
        torch.manual_seed(6)
        files = [self.folder / name for name in ("one.safetensors", "two.safetensors", "wide.safetensors")]
        for file, shape in zip(files, (SHAPE, SHAPE, SHAPE | {"inner": 64})):
            save_file({n: p.detach().half().contiguous() for n, p in CrossEncoder(**shape).named_parameters()}, file)
        out = self.folder / "mean.safetensors"
        one, two = tensors(files[0]), tensors(files[1])
        for share in (0.0, 0.25, 1.0):
            average(files[0], files[1], share, out)
            for name, w in tensors(out).items():
                np.testing.assert_allclose(one[name] + share * (two[name] - one[name]), w, atol=2e-3, err_msg=name)
        with self.assertRaisesRegex(Refusal, "from 0 to 1, got 1.5"):
            average(files[0], files[1], 1.5, out)
        with self.assertRaisesRegex(Refusal, "different shapes"):
            average(files[0], files[2], 0.5, out)


class Writing(unittest.TestCase):
    def test_what_cannot_be_written_leaves_what_was_there(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a"
            path.write_text("before")

            def fail(beside):
                beside.write_text("half")
                raise OSError(28, "No space left on device")
            with self.assertRaisesRegex(Refusal, "No space left on device"):
                replace(path, fail)
            self.assertEqual("before", path.read_text())
            self.assertEqual([path], list(Path(folder).iterdir()))


def held():
    return [line for line in (CONTRAST / "development.txt").read_text().splitlines() if line and not line.startswith("#")]


if __name__ == "__main__":
    unittest.main()
