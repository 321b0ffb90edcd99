"""Weights -> a folder that Rerank4j reads: float and int8 ONNX files, tokenizer, configuration, known scores, checksums."""

import shutil
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from safetensors.torch import save

from . import rounding
from .bert import HEADS, cross_encoder
from .mine import CLS, SEP
from .prepare import plain_tokenizer
from .batches import pad
from .work import Refusal, replace, replace_folder, sha256, write_json

NAMES = ["input_ids", "attention_mask", "token_type_ids"]
TOLERANCE = 1e-3
CLEARLY = 0.8
LONGEST = 512
# Pairs of this project, one for each thing that goes wrong: other words, roles, nothing on one side, other scripts, a text that is cut.
KNOWN = [
    ("how many days of paid leave do I get", "Full-time employees receive 25 days of paid leave per calendar year, plus public holidays."),
    ("how many days of paid leave do I get", "Leave your laptop at the front desk when you get a paid parking permit for the day."),
    ("waterproof running shoes for winter", "Trail shoe with a sealed membrane and a deep lug sole: dry feet on wet snow, warm at minus ten."),
    ("waterproof running shoes for winter", "Waterproof phone pouch for running, winter colours."),
    ("connection refused after upgrading to version 3", "Since 3.0 the service listens on 127.0.0.1 only. Set listen-address to accept connections from other hosts."),
    ("connection refused after upgrading to version 3", "The upgrade offer for version 3 customers was refused in connection with an unpaid invoice."),
    ("can a tenant end the contract early", "The lessee may terminate this agreement before expiry with three months' written notice."),
    ("can a tenant end the contract early", "The lessor may terminate this agreement early if the lessee is two months in arrears."),
    ("What is the capital of the United States?", "Washington, D.C. is the capital of the United States. It is a federal district."),
    ("What is the capital of the United States?", "Capital punishment has existed in the United States since before it was a country."),
    ("a", ""), ("", "An empty query."), ("café naïve 東京 😀", "東京 café 😀"),
    ("long document", "The first sentence says nothing of interest. " * 60 + "The last sentence is about a long document."),
]


def model_of(weights):
    """The cross-encoder in float32, its numbers those that float16 holds exactly: the float file compresses to half."""
    model = cross_encoder(weights)
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(p.half().float())
    return model.eval()


def average(first, second, share, out):
    """Weights between those of two models of one shape, as float16."""
    if not 0 <= share <= 1:
        raise Refusal(f"the share of the second weights must be from 0 to 1, got {share:g}")
    one, other = model_of(first), model_of(second)
    if one.shape != other.shape:
        raise Refusal(f"{first} and {second} are models of different shapes")
    a, b = dict(one.named_parameters()), dict(other.named_parameters())
    mixed = {n: torch.lerp(a[n].detach(), b[n].detach(), share).half().contiguous() for n in a}
    replace(Path(out), lambda beside: beside.write_bytes(save(mixed, {HEADS: str(one.shape["heads"])})))


def publish(weights, tokenizer, out, name, card="", calibration=None, layout="onnx", quantization=None, languages=("en",)):
    """Writes OUT, whole or not at all; `layout` is the folder of the ONNX files in it, "" for beside the others.

    languages: those that the model knows, so that it is not asked about texts in others; none if unknown.
    """
    model, known = model_of(weights), {}
    plain_tokenizer(tokenizer)  # what is none is refused here: later it would look like a disk that cannot be written

    def write(beside):
        known.update(fill(beside, model, tokenizer, card or f"# {name}\n", calibration, layout, quantization or {}, languages))
    replace_folder(out, write)
    return known


def fill(out, model, tokenizer, card, calibration, layout, quantization, languages):
    files = out / layout if layout else out
    files.mkdir(exist_ok=True)
    need_room(files, model)
    float_file, int8_file = files / "model.onnx", files / "model_int8.onnx"
    convert(model, float_file)
    quantize(float_file, int8_file, **quantization)
    keep_what_was_learnt(float_file, int8_file, tokenizer)
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    shape = model.shape
    write_json(out / "config.json", {
        "model_type": "bert", "architectures": ["BertForSequenceClassification"], "hidden_size": shape["hidden"], "num_hidden_layers": shape["layers"],
        "num_attention_heads": shape["heads"], "intermediate_size": shape["inner"], "hidden_act": "gelu", "vocab_size": shape["vocab"],
        "max_position_embeddings": shape["positions"], "type_vocab_size": 2, "layer_norm_eps": 1e-12, "pad_token_id": 0, "num_labels": 1, "id2label": {"0": "relevant"}})
    if calibration:
        write_json(out / "calibration.json", calibration)
    known = known_scores(out, (float_file, int8_file), tokenizer)
    write_json(out / "golden.json", {"languages": list(languages), **known})
    (out / "README.md").write_text(card, encoding="utf-8")
    return known


def need_room(folder, model):
    """The writers of ONNX tell of a full disk by errors without a cause: what they take, the float file and twice more for the int8 one, is asked for before."""
    room = folder / "room"
    with open(room, "wb") as file:
        for _ in range(3):  # the drawn int8 file is smaller than what the first one took on the way
            file.write(bytes(4 * sum(p.numel() for p in model.parameters())))
    room.unlink()


def convert(model, path):
    x = torch.tensor([[101, 7592, 102, 2088, 102]])
    example = (x, torch.ones_like(x), torch.zeros_like(x))
    axes = {n: {0: "batch", 1: "sequence"} for n in NAMES} | {"logits": {0: "batch"}}
    with torch.no_grad():
        torch.onnx.export(model, example, str(path), dynamo=False, opset_version=17, input_names=NAMES, output_names=["logits"], dynamic_axes=axes)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(1)
    batch = pad([(rng.integers(1000, 2000, 9), rng.integers(1000, 2000, n)) for n in (4, 40, 300)])
    batch = [torch.from_numpy(x.astype(np.int64)) for x in batch]
    with torch.no_grad():
        off = np.abs(model(*batch).numpy() - session.run(None, {n: b.numpy() for n, b in zip(NAMES, batch)})[0]).max()
    if not off <= TOLERANCE:
        raise Refusal(f"the ONNX file gives other logits than PyTorch, by {off:g}: another version of torch may be at fault")


def matrices(path):
    """The names of the matrix products with weights, in the order of the graph."""
    import onnx
    graph = onnx.load(str(path)).graph
    stored = {i.name for i in graph.initializer}
    return [node.name for node in graph.node if node.op_type in ("MatMul", "Gemm") and node.input[1] in stored]


def quantize(path, out, embeddings=True, in_float=()):
    """Weights as int8, for each column; of seven bits, which no processor saturates on. `in_float`: names of products that stay float."""
    quantize_dynamic(str(path), str(out), weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"] if embeddings else ["MatMul"],
                     per_channel=True, reduce_range=True, nodes_to_exclude=list(in_float))


def keep_what_was_learnt(float_file, int8_file, tokenizer):
    """Takes weights rounded by chance where these are clearly nearer to the float file; after a training from scratch they are not."""
    drawn = int8_file.with_name("drawn.onnx")
    if rounding.draw(float_file, int8_file, drawn) > 0:
        pairs = known_pairs(tokenizer)
        right = np.array(alone(float_file, pairs))
        off = [float(np.sqrt(np.mean((np.array(alone(file, pairs)) - right) ** 2))) for file in (int8_file, drawn)]
        if off[1] < CLEARLY * off[0]:
            drawn.replace(int8_file)
    drawn.unlink(missing_ok=True)


def known_pairs(tokenizer):
    t = plain_tokenizer(tokenizer)
    pairs = []
    for query, text in KNOWN:
        q, p = (t.encode(x, add_special_tokens=False).ids for x in (query, text))
        pairs.append((q, p[:LONGEST - 3 - len(q)]))
    return pairs


def known_scores(out, files, tokenizer):
    pairs = known_pairs(tokenizer)
    scores = {f.name: alone(f, pairs) for f in files}
    rows = []
    for at, ((query, text), (q, p)) in enumerate(zip(KNOWN, pairs)):
        ids = [CLS, *q, SEP, *p, SEP]
        rows.append({"query": query, "text": text, "tokens": len(ids), "first_ids": ids[:24], "logit": round(scores["model.onnx"][at], 5), "logit_int8": round(scores["model_int8.onnx"][at], 5)})
    return {"max_length": LONGEST, "files": {str(f.relative_to(out)): {"sha256": sha256(f)} for f in files}, "pairs": rows}


def alone(file, pairs):
    """Each pair alone and without padding: the bytes of an activation depend on what else is in the batch."""
    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    logits = []
    for query, passage in pairs:
        ids = np.array([[CLS, *query, SEP, *passage, SEP]], np.int64)
        types = np.array([[0] * (len(query) + 2) + [1] * (len(passage) + 1)], np.int64)
        logits.append(float(session.run(None, dict(zip(NAMES, (ids, np.ones_like(ids), types))))[0][0, 0]))
    return logits
