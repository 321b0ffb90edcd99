"""A training set in miniature: pairs of this project's own contrast texts, and networks of two layers with random weights."""

import json
from pathlib import Path

import numpy as np
import torch

from recipe import contrast
from recipe.bert import Bert, CrossEncoder

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
    """encoder.onnx, and start.onnx of a cross-encoder."""
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
