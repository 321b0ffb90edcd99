import contextlib
import io
import json
import resource
import shutil
import signal
import subprocess
import unittest

import numpy as np

from recipe.__main__ import main
from recipe.mine import mine
from recipe.prepare import Texts, prepare
from recipe.work import Refusal, key
from tests.miniature import CONTRAST, TOKENIZER, TRAINING, Miniature, tensors


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

    def test_a_killed_run_goes_on_to_the_same_losses_and_weights(self):
        whole = losses(self.training("whole", steps=24))
        process = subprocess.Popen(self.command("killed", "--keep-every", "0", steps=24), cwd=TRAINING, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        # At the first steps the rate is next to 0: a run that goes on with nothing of what it had learnt would look the same.
        kept = next((line for line in process.stdout if line.startswith("kept at step 12 ")), None)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        self.assertIsNotNone(kept, "it ended before it kept step 12")
        self.assertFalse((self.folder / "killed/run.json").is_file(), "it was not killed in the middle")
        resumed = losses(self.training("killed", steps=24))
        self.assertIn(min(resumed), range(12, 24))
        self.assertEqual(23, max(resumed))
        for step, loss in resumed.items():
            self.assertAlmostEqual(whole[step], loss, delta=5e-4, msg=f"step {step}")
        for file in ("last.safetensors", "weights.safetensors"):
            one, other = tensors(self.folder / "whole" / file), tensors(self.folder / "killed" / file)
            worst = max(float(np.abs(one[n] - other[n]).max()) for n in one)
            self.assertLess(worst, 1e-3, file)

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



class Again(Miniature):
    """The same command with what is not the same."""

    def test_other_settings_in_the_same_folder_are_refused(self):
        self.training("settings").run(stop_after=0)
        with self.assertRaisesRegex(Refusal, r"holds a run with other settings \(drop, steps\)"):
            self.training("settings", "--drop", "0.1", steps=25)

    def test_other_inputs_in_the_same_folder_are_refused_and_named(self):
        contrast, graded, work = (self.folder / name for name in ("own-contrast", "own-graded", "own-work"))
        contrast.mkdir()
        for name in ("banking.jsonl", "tax.jsonl", "development.txt"):
            shutil.copyfile(CONTRAST / name, contrast / name)
        graded.mkdir()
        grades = graded / "some.tsv"
        grades.write_text("".join(f"{key(i.query)}\t{key(i.right)}:3\t{key(i.wrong[0])}:0\t{key('not there')}:1\n" for i in self.items[:9]))
        shutil.copytree(self.work, work)
        elder, tokenizer = self.folder / "elder.onnx", self.folder / "tokenizer.json"
        shutil.copyfile(self.folder / "start.onnx", elder)
        shutil.copyfile(TOKENIZER, tokenizer)

        def begun(*more):
            return self.training("inputs", "--work", str(work), "--elder", str(elder), "--tokenizer", str(tokenizer), "--contrast", str(contrast), "--graded", str(graded),
                                 "--contrast-items", "50", *more, mix="pairs:0.5,contrast:0.3,graded:0.2")
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            begun().run(stop_after=0)
        self.assertIn("graded: 9 grades are left out", said.getvalue())
        self.assertEqual(1, begun().step)
        with self.assertRaisesRegex(Refusal, r"other inputs \(contrast-items\)"):
            begun("--contrast-items", "51")
        with self.assertRaisesRegex(Refusal, r"other inputs \(start\)"):
            begun("--start", str(self.folder / "encoder.onnx"))
        for file, name in ((tokenizer, "tokenizer"), (contrast / "tax.jsonl", "contrast"), (grades, "graded")):
            before = file.read_bytes()
            file.write_bytes(before + b"\n")
            with self.assertRaisesRegex(Refusal, rf"other inputs \({name}\)"):
                begun()
            file.write_bytes(before)
        shutil.copyfile(self.folder / "encoder.onnx", elder)
        mine(work, nearest=7, margin=1.0)
        with self.assertRaisesRegex(Refusal, r"other inputs \(elder, mined.npz\)"):
            begun()

    def test_what_was_done_is_not_done_again(self):
        self.training("done", steps=2).run()
        record, state = self.folder / "done/run.json", self.folder / "done/state.pt"
        self.assertEqual({"start", "tokenizer", "prepared.npz", "vectors.npz", "mined.npz", "contrast", "contrast-items"}, json.loads(record.read_text())["inputs"].keys())
        before = [file.stat().st_mtime_ns for file in (record, state)]
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            self.assertEqual(0, main(self.command("done", steps=2)[3:]))
        self.assertIn("done before, of the same inputs and settings", said.getvalue())
        self.assertEqual(before, [file.stat().st_mtime_ns for file in (record, state)])
        state.unlink()
        self.assertIsNone(self.training("done", steps=2))
        with self.assertRaisesRegex(Refusal, r"other inputs \(start\)"):
            self.training("done", "--start", str(self.folder / "encoder.onnx"), steps=2)

    def test_negatives_of_texts_that_are_no_longer_there_are_refused(self):
        work = self.folder / "stale"
        shutil.copytree(self.work, work)
        prepare(self.folder / "train.jsonl", self.folder / "sources.tsv", TOKENIZER, work, cap=100)
        with self.assertRaisesRegex(Refusal, "vectors.npz was made of another prepared.npz"):
            self.training("stale", "--work", str(work), mix="pairs:1")


class Asked(Miniature):
    """What cannot be done is said in a sentence."""

    def test_without_the_steps_before_it_says_what_is_missing(self):
        self.refused("mined needs .*nothing/vectors.npz", "mine", "--work", self.folder / "nothing")
        work = self.folder / "prepared"
        work.mkdir()
        shutil.copyfile(self.work / "prepared.npz", work / "prepared.npz")
        self.refused("train needs .*vectors.npz, .*mined.npz: run the step", *self.command("none", "--work", str(work))[3:])
        self.refused("the mix pairs:1 needs --work", "train", "--start", "a", "--tokenizer", TOKENIZER, "--steps", 1, "--run", self.folder / "none")
        self.assertFalse((self.folder / "none").exists())

    def test_what_is_no_option_is_refused(self):
        for options, says in (("--widths 192", "widths are like"), ("--widths 192:0.5,288:0.4", "add up to 1"), ("--widths 79:1", "from 80 to 512 tokens, got 79"),
                              ("--widths 513:1", "from 80 to 512"), ("--teacher 0.5", "the teacher's shares are two"), ("--teacher 0.5,1.5", "from 0 to 1, got 1.5"),
                              ("--teacher a,b", "are two"), ("--drop 1", "dropped"), ("--average 2", "from 0 to 1"), ("--steps 0", "at least 1, got 0"), ("--lists 0", "at least 1"),
                              ("--start nothing.onnx", "train needs nothing.onnx"), ("--tokenizer recipe/work.py", "cannot be read as a tokenizer.json"),
                              ("--contrast nowhere", "nowhere/development.txt: No such file")):
            self.refused(says, *self.command("none", *options.split(), mix="contrast:1")[3:])

    def test_a_line_of_the_contrast_texts_that_is_no_item_is_named(self):
        folder = self.folder / "broken"
        folder.mkdir()
        (folder / "development.txt").write_text("")
        (folder / "a.jsonl").write_text("\n{\n")
        self.refused("a.jsonl:2: not JSON", *self.command("none", "--contrast", str(folder), mix="contrast:1")[3:])


def losses(training):
    """Of its steps, by their numbers, to the last one."""
    found, one = {}, training.one

    def noted(batch):
        number = training.step
        found[number] = one(batch)
    training.one = noted
    training.run()
    return found


def held():
    return [line for line in (CONTRAST / "development.txt").read_text().splitlines() if line and not line.startswith("#")]


if __name__ == "__main__":
    unittest.main()
