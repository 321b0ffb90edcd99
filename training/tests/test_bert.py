import json
import tempfile
import unittest
from pathlib import Path

import torch
from safetensors.torch import save_file

from recipe.bert import HEADS, CrossEncoder, cross_encoder
from recipe.mine import Encoder
from recipe.publish import average
from recipe.work import Refusal

WIDE = dict(vocab=200, hidden=128, layers=1, heads=2, inner=64, positions=32)  # heads of 64 numbers, as in BERT-base


class Reading(unittest.TestCase):
    def setUp(self):
        kept = tempfile.TemporaryDirectory()
        self.addCleanup(kept.cleanup)
        self.folder = Path(kept.name)
        torch.manual_seed(3)

    def written(self, name="model.safetensors", shape=WIDE, heads=None, **other):
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        model = CrossEncoder(**shape)
        save_file({n: p.detach() for n, p in model.named_parameters()} | other, file, {HEADS: str(heads)} if heads else None)
        return file, model

    def config(self, **of):
        (self.folder / "config.json").write_text(json.dumps(of))

    def test_heads_are_those_of_the_config_beside_the_file_or_above_the_folder_onnx(self):
        self.config(hidden_size=128, num_attention_heads=2)
        x = torch.tensor([[1, 5, 9, 2]])
        for name in ("model.safetensors", "onnx/model.safetensors"):
            file, model = self.written(name)
            model.eval()
            one, types = torch.ones_like(x), torch.zeros_like(x)
            with torch.no_grad():
                torch.testing.assert_close(model(x, one, types), cross_encoder(file).eval()(x, one, types))

    def test_without_a_config_only_the_width_that_is_always_cut_alike_is_taken(self):
        file, _ = self.written(shape=WIDE | dict(hidden=384, heads=12))
        self.assertEqual(12, cross_encoder(file).shape["heads"])
        file, _ = self.written()
        with self.assertRaisesRegex(Refusal, "a config.json beside it must have hidden_size 128 and num_attention_heads"):
            cross_encoder(file)
        self.config(hidden_size=384, num_attention_heads=6)
        with self.assertRaisesRegex(Refusal, "a config.json beside it"):
            cross_encoder(file)
        self.config(hidden_size=128, num_attention_heads=5)
        with self.assertRaisesRegex(Refusal, "cannot have 5 attention heads"):
            cross_encoder(file)
        (self.folder / "config.json").write_text("{")
        with self.assertRaisesRegex(Refusal, "config.json is not JSON"):
            cross_encoder(file)

    def test_weights_of_ours_say_their_heads_wherever_they_lie(self):
        one, _ = self.written("one.safetensors", heads=4)
        self.config(hidden_size=128, num_attention_heads=2)
        average(one, one, 0.5, self.folder / "mean.safetensors")
        self.assertEqual(4, cross_encoder(self.folder / "mean.safetensors").shape["heads"])
        two, _ = self.written("two.safetensors", heads=2)
        with self.assertRaisesRegex(Refusal, "different shapes"):
            average(one, two, 0.5, self.folder / "none.safetensors")

    def test_what_is_no_bert_is_refused(self):
        text = self.folder / "text.onnx"
        text.write_text("not a network")
        other = self.folder / "text.safetensors"
        other.write_text("not weights")
        layer = self.folder / "layer.safetensors"
        save_file({"weight": torch.zeros(2, 2)}, layer)
        classes, _ = self.written("classes.safetensors", heads=2, **{"classifier.weight": torch.zeros(2, 128)})
        lacking, model = self.written("lacking.safetensors", heads=2)
        save_file({n: p.detach() for n, p in model.named_parameters() if "pooler" not in n}, lacking, {HEADS: "2"})
        for file, says in ((text, "cannot be read as ONNX"), (other, "cannot be read as safetensors"), (layer, "holds no BERT"), (self.folder / "none.onnx", "is not there"),
                           (classes, r"classifier.weight of the shape \[2, 128\]"), (lacking, "lacks pooler.dense.weight")):
            with self.assertRaisesRegex(Refusal, says):
                cross_encoder(file)
        with self.assertRaisesRegex(Refusal, "holds no BERT"):
            Encoder(layer, 8)


if __name__ == "__main__":
    unittest.main()
