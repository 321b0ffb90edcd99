"""A training set in miniature: pairs of this project's own contrast texts, and networks of two layers with random weights."""

import contextlib
import io
import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from recipe import contrast
from recipe.__main__ import main, parsed, training_of
from recipe.bert import Bert, CrossEncoder
from recipe.mine import embed, mine
from recipe.prepare import prepare

TRAINING = Path(__file__).resolve().parent.parent
CONTRAST = TRAINING / "contrast"
TOKENIZER = next((TRAINING.parent / "model/src/main/resources/dev/rerank4j/model").glob("rerank4j-*/tokenizer.json"))
SHAPE = dict(hidden=64, layers=2, heads=2, inner=128)


def write_rows(folder, items=120):
    """train.jsonl and its table of sources: one that is open, one that is not, one that is not English."""
    folder = Path(folder)
    own = contrast.read([CONTRAST])[:items]
    with open(folder / "train.jsonl", "w", encoding="utf-8") as out:
        for i in own:
            print(json.dumps({"q": i.query, "p": i.right, "s": "own", "n": list(i.wrong[:1])}), file=out)
        print(json.dumps({"q": "is this one open", "p": "No licence says so.", "s": "closed"}), file=out)
        print(json.dumps({"q": "ist das offen", "p": "Ja, aber deutsch.", "s": "own", "lang": "de"}), file=out)
    (folder / "sources.tsv").write_text("file\tdomain\tlicence\tlicence_class\tsuggested_weight\nown\tall sorts\tApache-2.0\topen\t1.0\nclosed\tunknown\tnone said\tunclear\t1.0\n")
    return own


def write_networks(folder):
    """encoder.onnx, and start.onnx of a cross-encoder; beside them config.json, which says how many heads both have."""
    (Path(folder) / "config.json").write_text(json.dumps({"hidden_size": SHAPE["hidden"], "num_attention_heads": SHAPE["heads"]}))
    torch.manual_seed(5)
    x = torch.tensor([[101, 7592, 102, 2088, 102]])
    example = (x, torch.ones_like(x), torch.zeros_like(x))
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {n: {0: "batch", 1: "sequence"} for n in names}
    def differ(network):
        """Exporters write equal tensors once, under one name; those of a trained network differ."""
        with torch.no_grad():
            for p in network.parameters():
                p.add_(torch.randn_like(p) * 0.02)
        return network.eval()

    for file, network, out in (("encoder.onnx", Bert(**SHAPE), "last_hidden_state"), ("start.onnx", CrossEncoder(**SHAPE), "logits")):
        torch.onnx.export(differ(network), example, str(Path(folder) / file), dynamo=False, opset_version=17, input_names=names, output_names=[out], dynamic_axes=axes)


def tensors(path):
    from safetensors.numpy import load_file
    return {n: w.astype(np.float32) for n, w in load_file(path).items()}


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
                "--run", str(self.folder / run), "--steps", str(steps), "--mix", mix, "--lists", "4", "--widths", "80:1", "--rate", "1e-3", *more]

    def training(self, run, *more, **how):
        """What the command trains, here."""
        return training_of(parsed(self.command(run, *more, **how)[3:]))

    def refused(self, pattern, *arguments):
        """The command says one sentence and ends with 1."""
        said = io.StringIO()
        with contextlib.redirect_stderr(said):
            self.assertEqual(1, main([str(a) for a in arguments]), arguments)
        self.assertRegex(said.getvalue(), pattern)
        self.assertRegex(said.getvalue(), r"\Arecipe: [^\n]+\n\Z")

    def call(self, command, **how):
        return subprocess.run(command, cwd=TRAINING, capture_output=True, text=True, **how)
