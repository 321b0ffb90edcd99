import json
import resource
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from recipe.batches import Batches, pad
from recipe.bert import HEADS, CrossEncoder, cross_encoder, read_onnx
from recipe.grade import collect, read, sheets
from recipe.lists import Form, Graded, Pairs, parse_mix
from recipe.mine import QUERY_PREFIX, embed, mine
from recipe.own import mine_own
from recipe.prepare import Texts, prepare
from recipe.train import Settings
from recipe.work import Refusal, Step, key, replace
from tests.miniature import SHAPE, TOKENIZER, Miniature, tensors


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

    def test_rows_that_cannot_be_read_and_rows_of_which_none_may_be_taken_are_refused(self):
        rows, table, none = self.folder / "broken.jsonl", self.folder / "sources.tsv", self.folder / "broken"
        good = json.dumps({"q": "a", "p": "b", "s": "own"})
        for line, says in (("{", "broken.jsonl:2 is not JSON"), ("[]", "broken.jsonl:2 must have q"), ('{"q": "a", "s": "own"}', "broken.jsonl:2 must have q"),
                           ('{"q": "a", "p": "b", "s": "own", "n": "c"}', "broken.jsonl:2: n must be a list")):
            rows.write_text(f"{good}\n{line}\n")
            self.refused(says, "prepare", "--rows", rows, "--sources", table, "--tokenizer", TOKENIZER, "--work", none)
        rows.write_text(good.replace("own", "closed") + "\n")
        self.refused("of 1 rows of .* none is left.*licence_class open", "prepare", "--rows", rows, "--sources", table, "--tokenizer", TOKENIZER, "--work", none)
        other = self.folder / "other.tsv"
        other.write_text("file\tdomain\nown\tall\n")
        self.refused("has no column licence, licence_class, suggested_weight", "prepare", "--rows", rows, "--sources", other, "--tokenizer", TOKENIZER, "--work", none)
        other.write_text(table.read_text().replace("1.0", "much"))
        rows.write_text(good + "\n")
        self.refused("suggested_weight of own must be a number", "prepare", "--rows", rows, "--sources", other, "--tokenizer", TOKENIZER, "--work", none)
        self.assertEqual([], [p.name for p in none.iterdir()])

    def test_what_was_begun_with_another_encoder_is_not_taken(self):
        work, right = self.folder / "begun", np.load(self.work / "vectors.npz")["vectors"]
        work.mkdir()
        for name in ("prepared.npz", "texts.txt"):
            shutil.copyfile(self.work / name, work / name)
        for encoder in ("start.onnx", "encoder.onnx"):
            step = Step(work, "vectors", [work / "prepared.npz", self.folder / encoder, TOKENIZER], {"longest": 128, "prefix": QUERY_PREFIX})
            np.save(step.parts("shards") / "000000000.npy", np.full_like(right, 7))
            embed(work, self.folder / "encoder.onnx", TOKENIZER)
            vectors = np.load(work / "vectors.npz")["vectors"]
            # Of the same encoder it is taken: that is what it is kept for.
            self.assertEqual(encoder == "encoder.onnx", np.all(vectors == 7))
            self.assertEqual([], list(work.glob("shards-*")))
            if encoder == "start.onnx":
                np.testing.assert_allclose(right, vectors, atol=1e-2)
                (work / "vectors.json").unlink()

    def test_what_was_begun_with_another_depth_is_not_taken(self):
        mine_own(self.work, self.folder / "start.onnx", deep=8)
        right = np.load(self.work / "mined-own.npz")["by_model"]
        for deep in (6, 8):
            (self.work / "mined-own.json").unlink()
            step = Step(self.work, "mined-own", [self.work / "mined.npz", self.work / "prepared.npz", self.folder / "start.onnx"], {"deep": deep, "longest": 128})
            np.save(step.parts("own") / "000000000.npy", np.full_like(right, -1))
            mine_own(self.work, self.folder / "start.onnx", deep=8)
            self.assertEqual(deep == 8, np.all(np.load(self.work / "mined-own.npz")["by_model"] == -1))
            self.assertEqual([], list(self.work.glob("own-*")))
        (self.work / "mined-own.npz").unlink()
        (self.work / "mined-own.json").unlink()

    def test_sheets_for_readers_become_grades(self):
        sheets(self.work, self.folder / "sheets", 30, each=20)
        self.assertEqual(["000.json", "000.txt", "001.json", "001.txt"], sorted(p.name for p in (self.folder / "sheets").iterdir()))
        queries = [line.split("  ", 1) for line in (self.folder / "sheets/001.txt").read_text().splitlines() if line.startswith("## ")]
        index = json.loads((self.folder / "sheets/001.json").read_text())
        self.assertEqual([key(query) for _, query in queries], [of["query"] for of in index])
        right = {key(i.query): key(i.right) for i in self.items}
        self.assertTrue(all(right[of["query"]] in of["passages"] and len(of["passages"]) == 10 for of in index))
        # As digits in one word, with commas, and a query that nobody answered.
        answers = self.folder / "sheets/001.answers"
        answers.write_text("001-00 3210000000\n#001-01 0,0,0,0,0,0,0,0,0,2\n")
        out = self.folder / "collected.tsv"
        collect(self.folder / "sheets", out)
        self.assertEqual([(of["query"], [(p, int(g)) for p, g in zip(of["passages"], grades)]) for of, grades in zip(index, ("3210000000", "0000000002"))], list(read([out])))
        # What is graded needs no reader again.
        sheets(self.work, self.folder / "rest", 30, each=30, without=[out])
        rest = {of["query"] for of in json.loads((self.folder / "rest/000.json").read_text())}
        self.assertTrue(rest and not rest & {of["query"] for of in index[:2]})
        answers.write_text("001-00 321\n")
        with self.assertRaisesRegex(Refusal, "001-00 must have 10 grades from 0 to 3, has 3 2 1"):
            collect(self.folder / "sheets", out)

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
        batches = Batches({"pairs": Pairs(self.work)}, Settings(steps=12, mix={"pairs": 1.0}, lists=4, widths=((80, 1.0),)))
        for here, there in zip(batches.from_step(3, 0), batches.from_step(3, 2), strict=True):
            for part in ("back", "goal", "target", "weight"):
                np.testing.assert_array_equal(getattr(here, part), getattr(there, part))
            for a, b in zip(here.parts, there.parts, strict=True):
                np.testing.assert_array_equal(a[0], b[0])

    def test_grades_are_found_by_the_keys_of_texts(self):
        lines = []
        for i in self.items[:5]:
            lines.append(f"{key(i.query)}\t{key(i.right)}:3\t{key(i.wrong[0])}:0\t{key('not here')}:1")
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


class Publishing(Miniature):
    def test_weights_are_read_back_from_the_float_file_and_nearly_from_the_int8_file(self):
        from recipe.publish import publish
        publish(self.folder / "start.onnx", TOKENIZER, self.folder / "model", "little")
        start = read_onnx(self.folder / "start.onnx")
        for file, tolerance in (("model.onnx", 1e-3), ("model_int8.onnx", 2e-2)):
            model = cross_encoder(self.folder / "model/onnx" / file)
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

    def save(self, model, name):
        save_file({n: w.detach().contiguous() for n, w in model.named_parameters()}, str(self.folder / name), {HEADS: str(model.shape["heads"])})

    def test_a_training_from_an_int8_file_is_not_rounded_away(self):
        import onnx
        from onnx import numpy_helper
        from recipe.publish import alone, known_pairs, publish, quantize

        def int8_weights(file):
            return {i.name: numpy_helper.to_array(i).astype(int) for i in onnx.load(str(file)).graph.initializer if i.name.endswith("_quantized")}
        torch.manual_seed(3)  # wide enough that chance averages out, as in a model that is of use
        wide = CrossEncoder(hidden=192, layers=2, heads=4, inner=768)
        with torch.no_grad():
            for w in wide.parameters():
                w.add_(torch.randn(w.shape) * 0.08)
        self.save(wide, "wide.safetensors")
        publish(self.folder / "wide.safetensors", TOKENIZER, self.folder / "before", "wide")
        model = cross_encoder(self.folder / "before/onnx/model_int8.onnx")
        pairs = known_pairs(TOKENIZER)
        model(*(torch.from_numpy(x).long() for x in pad(pairs[:8])))[:, 0].sum().backward()
        with torch.no_grad():
            for name, w in model.named_parameters():
                if w.dim() == 2 and "embedding" not in name:  # where training would go, by less than half a step of 64 to an output's largest weight
                    largest = w.abs().amax(1, keepdim=True)
                    w += torch.where(w.abs() < 0.99 * largest, 0.3 * w.grad.sign() * largest / 64, 0)
        self.save(model, "trained.safetensors")
        publish(self.folder / "trained.safetensors", TOKENIZER, self.folder / "after", "little")
        quantize(self.folder / "after/onnx/model.onnx", self.folder / "nearest.onnx")
        files = [self.folder / f for f in ("after/onnx/model.onnx", "nearest.onnx", "after/onnx/model_int8.onnx", "before/onnx/model_int8.onnx")]
        right, nearest, after, before = (np.array(alone(file, pairs)) for file in files)
        off = [float(np.sqrt(np.mean((x - right) ** 2))) for x in (before, nearest, after)]
        self.assertLess(off[2], 0.8 * off[1], f"before, to the nearest, kept: {off}")
        old, new = int8_weights(files[1]), int8_weights(files[2])
        moved = [np.abs(new[n] - old[n]).max() for n in new]
        self.assertEqual(1, max(moved), "each weight is one of its two neighbours")

    def test_a_full_disk_leaves_no_half_a_model(self):
        out, size = self.folder / "full", (self.folder / "start.onnx").stat().st_size
        command = [sys.executable, "-m", "recipe", "publish", "--weights", str(self.folder / "start.onnx"), "--tokenizer", str(TOKENIZER), "--out", str(out), "--name", "little"]
        for limit in (size // 2, size * 3 // 2):
            full = self.call(command, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
            self.assertEqual(1, full.returncode)
            self.assertRegex(full.stderr, r"full could not be written \(File too large\)")
            self.assertNotIn("Traceback", full.stderr)
            self.assertEqual([], [p.name for p in self.folder.iterdir() if "full" in p.name])

    def test_what_is_published_again_replaces_its_files_and_no_others(self):
        from recipe.publish import publish
        out = self.folder / "again"
        out.mkdir()
        (out / "LICENSE").write_text("mine")
        (out / "config.json").write_text("old")
        publish(self.folder / "start.onnx", TOKENIZER, out, "little")
        self.assertEqual({"LICENSE", "README.md", "config.json", "golden.json", "onnx", "tokenizer.json"}, {p.name for p in out.iterdir()})
        self.assertEqual(("mine", 2), ((out / "LICENSE").read_text(), json.loads((out / "config.json").read_text())["num_attention_heads"]))

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


if __name__ == "__main__":
    unittest.main()
