"""A BERT cross-encoder in plain PyTorch; its parameters have the names of transformers' BertForSequenceClassification."""

import json
import math
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from google.protobuf.message import DecodeError
from onnx import numpy_helper
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file

from .work import Refusal

HEADS = "num_attention_heads"  # in a config.json, and in what our own weights say of themselves

class Layer(nn.Module):
    def __init__(self, hidden, heads, inner):
        super().__init__()
        self.heads = heads
        self.attention = nn.ModuleDict({
            "self": nn.ModuleDict({name: nn.Linear(hidden, hidden) for name in ("query", "key", "value")}),
            "output": nn.ModuleDict({"dense": nn.Linear(hidden, hidden), "LayerNorm": nn.LayerNorm(hidden, eps=1e-12)})})
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(hidden, inner)})
        self.output = nn.ModuleDict({"dense": nn.Linear(inner, hidden), "LayerNorm": nn.LayerNorm(hidden, eps=1e-12)})

    def forward(self, x, bias, drop):
        batch, length, hidden = x.shape
        of = self.attention["self"]
        q, k, v = (of[name](x).view(batch, length, self.heads, hidden // self.heads).transpose(1, 2) for name in ("query", "key", "value"))
        if x.is_cuda:
            a = F.scaled_dot_product_attention(q, k, v, bias.expand(batch, self.heads, length, length))
        else:
            # Explicit matmuls: the fused CPU kernel's backward pass is three times slower in bfloat16.
            a = torch.softmax(q @ k.transpose(-1, -2) * (1 / math.sqrt(hidden // self.heads)) + bias, -1) @ v
        a = a.transpose(1, 2).reshape(batch, length, hidden)
        out = self.attention["output"]
        x = out["LayerNorm"](x + F.dropout(out["dense"](a), drop, self.training))
        y = self.output["dense"](F.gelu(self.intermediate["dense"](x)))
        return self.output["LayerNorm"](x + F.dropout(y, drop, self.training))


class Bert(nn.Module):
    """Token ids, mask and types of shape [batch, length] -> one vector a token."""

    def __init__(self, vocab=30522, hidden=384, layers=6, heads=12, inner=1536, positions=512):
        super().__init__()
        self.embeddings = nn.ModuleDict({
            "word_embeddings": nn.Embedding(vocab, hidden), "position_embeddings": nn.Embedding(positions, hidden),
            "token_type_embeddings": nn.Embedding(2, hidden), "LayerNorm": nn.LayerNorm(hidden, eps=1e-12)})
        self.encoder = nn.ModuleDict({"layer": nn.ModuleList(Layer(hidden, heads, inner) for _ in range(layers))})

    def forward(self, ids, mask, types, drop=0.0):
        of = self.embeddings
        places = torch.arange(ids.shape[1], device=ids.device)
        x = of["word_embeddings"](ids) + of["position_embeddings"](places)[None] + of["token_type_embeddings"](types)
        x = F.dropout(of["LayerNorm"](x), drop, self.training)
        bias = (1.0 - mask[:, None, None, :].to(x.dtype)) * -1e4
        for layer in self.encoder["layer"]:
            x = layer(x, bias, drop)
        return x


class CrossEncoder(nn.Module):
    """Token ids of pairs -> one logit a pair, of shape [batch, 1]."""

    def __init__(self, **shape):
        super().__init__()
        self.shape = shape
        self.bert = Bert(**shape)
        hidden = shape.get("hidden", 384)
        self.pooler = nn.ModuleDict({"dense": nn.Linear(hidden, hidden)})
        self.classifier = nn.Linear(hidden, 1)
        nn.init.normal_(self.classifier.weight, std=0.02)
        nn.init.zeros_(self.classifier.bias)

    def forward(self, input_ids, attention_mask, token_type_ids, drop=0.0):
        x = self.bert(input_ids, attention_mask, token_type_ids, drop)
        return self.classifier(torch.tanh(self.pooler["dense"](x[:, 0])))


def shape_of(path, weights):
    """The arguments of CrossEncoder or Bert that the weights in this file belong to."""
    def found(end):
        return next((w for name, w in weights.items() if name.endswith(end)), None)
    word, positions, inner = found("word_embeddings.weight"), found("position_embeddings.weight"), found("layer.0.intermediate.dense.bias")
    if word is None or positions is None or inner is None:
        raise Refusal(f"{path} holds no BERT: its weights must have the names of transformers' BertModel or BertForSequenceClassification")
    layers = 1 + max(int(name.split("encoder.layer.")[1].split(".")[0]) for name in weights if "encoder.layer." in name)
    return dict(vocab=word.shape[0], hidden=word.shape[1], layers=layers, heads=heads_of(path, word.shape[1]), inner=inner.shape[0], positions=positions.shape[0])


def heads_of(path, hidden):
    """The attention heads, which no weight tells: by what weights of ours say of themselves, or by a config.json beside the file or above its folder `onnx`."""
    path = Path(path)
    heads = None
    if path.suffix == ".safetensors":
        with safe_open(path, "pt") as file:
            heads = (file.metadata() or {}).get(HEADS)
    for folder in (path.parent, path.parent.parent) if path.parent.name == "onnx" else (path.parent,):
        if heads is None and (folder / "config.json").is_file():
            try:
                config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            except ValueError as e:
                raise Refusal(f"{folder / 'config.json'} is not JSON ({e})") from e
            # One of another width is that of another model in the same folder.
            heads = config.get(HEADS) if isinstance(config, dict) and config.get("hidden_size") == hidden else None
    if heads is None and hidden == 384:
        return 12  # all BERTs of this width have heads of 32 numbers
    if heads is None:
        raise Refusal(f"{path} has vectors of {hidden} numbers, and nothing says in how many attention heads: a config.json beside it must have hidden_size {hidden} and {HEADS}")
    if not str(heads).isdecimal() or not int(heads) or hidden % int(heads):
        raise Refusal(f"{path} cannot have {heads} attention heads: its vectors of {hidden} numbers are not divisible by that")
    return int(heads)


def read_onnx(path):
    """The weights in an ONNX file of an encoder or a cross-encoder, under their PyTorch names; of an int8 file what its bytes stand for."""
    graph = onnx.load(path).graph
    stored = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    for name in [name.removesuffix("_quantized") for name in stored if name.endswith("_quantized")]:
        scale, zero = stored[name + "_scale"], stored[name + "_zero_point"]
        stored[name] = (stored[name + "_quantized"].astype(np.float32) - zero.astype(np.float32)) * scale
    found = {name: torch.tensor(a.copy()) for name, a in stored.items()
             if name.startswith(("bert.", "embeddings.", "encoder.", "pooler.", "classifier.")) and not name.endswith(("_quantized", "_scale", "_zero_point"))}
    # Exporters name the weights of a MatMul by number; the bias of the Add behind it tells whose they are.
    made = {node.output[0]: node for node in graph.node}
    for node in graph.node:
        if node.op_type == "Add":
            for bias, other in (node.input, tuple(node.input)[::-1]):
                weight = weight_of(other, made) if bias.endswith(".bias") and bias in stored else None
                if weight in stored:
                    found[bias[:-5] + ".weight"] = torch.tensor(stored[weight].T.copy())
    return found


def weight_of(output, made):
    """The name of the matrix of the product that this output is, seen through what stands behind a product of bytes."""
    node = made.get(output)
    while node is not None and node.op_type in ("Mul", "Cast"):
        node = made.get(node.input[0])
    if node is None or node.op_type not in ("MatMul", "MatMulInteger"):
        return None
    return node.input[1].removesuffix("_quantized")


def weights_of(path):
    """The weights in an ONNX file, or in one of safetensors."""
    if not Path(path).is_file():
        raise Refusal(f"{path} is not there: an ONNX file or one of safetensors is needed")
    try:
        return read_onnx(path) if str(path).endswith(".onnx") else {name: w.float() for name, w in load_file(path).items()}
    except (DecodeError, SafetensorError) as e:
        raise Refusal(f"{path} cannot be read as {'ONNX' if str(path).endswith('.onnx') else 'safetensors'} ({e})") from e


def load_weights(module, path):
    """Fills a Bert from an encoder's file, or a CrossEncoder from its own or, but for the head, from an encoder's."""
    weights = weights_of(path)
    if isinstance(module, CrossEncoder) and not any(name.startswith("bert.") for name in weights):
        weights = {"bert." + name: w for name, w in weights.items() if name.startswith(("embeddings.", "encoder."))}
        own = {name: w for name, w in module.state_dict().items() if name.startswith("bert.")}
    else:
        own = module.state_dict()
    if isinstance(module, Bert):
        weights = {name.removeprefix("bert."): w for name, w in weights.items()}
    missing = [name for name in own if name not in weights]
    if missing:
        raise Refusal(f"{path} lacks {', '.join(missing[:3])}: is it an ONNX or safetensors file of a BERT with {len(own)} parameters?")
    for name, w in own.items():
        if weights[name].shape != w.shape:
            raise Refusal(f"{path} has {name} of the shape {list(weights[name].shape)}, a BERT with two types of tokens and one logit has {list(w.shape)}")
    module.load_state_dict({name: weights[name] for name in own}, strict=len(own) == len(module.state_dict()))


def cross_encoder(path):
    """A cross-encoder of the shape and with the weights of this file; the head is new where the file is an encoder's."""
    model = CrossEncoder(**shape_of(path, weights_of(path)))
    load_weights(model, path)
    return model
