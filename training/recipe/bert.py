"""A BERT cross-encoder in plain PyTorch; its parameters have the names of transformers' BertForSequenceClassification."""

import math

import numpy as np
import onnx
import torch
import torch.nn as nn
import torch.nn.functional as F
from onnx import numpy_helper
from safetensors.torch import load_file


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


def shape_of(weights):
    """The arguments of CrossEncoder or Bert that these weights belong to; heads of 32 numbers, as in all BERTs of this width."""
    word = next(w for name, w in weights.items() if name.endswith("word_embeddings.weight"))
    positions = next(w for name, w in weights.items() if name.endswith("position_embeddings.weight"))
    inner = next(w for name, w in weights.items() if name.endswith("layer.0.intermediate.dense.bias"))
    layers = 1 + max(int(name.split("encoder.layer.")[1].split(".")[0]) for name in weights if "encoder.layer." in name)
    return dict(vocab=word.shape[0], hidden=word.shape[1], layers=layers, heads=word.shape[1] // 32, inner=inner.shape[0], positions=positions.shape[0])


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
    if str(path).endswith(".onnx"):
        return read_onnx(path)
    return {name: w.float() for name, w in load_file(path).items()}


def load_weights(module, path):
    """Fills a Bert from an encoder's file, or a CrossEncoder from its own or, but for the head, from an encoder's."""
    weights = weights_of(path)
    if isinstance(module, CrossEncoder) and not any(name.startswith("bert.") for name in weights):
        weights = {"bert." + name: w for name, w in weights.items() if name.startswith(("embeddings.", "encoder."))}
        missing = set(module.bert.state_dict()) - {name[5:] for name in weights}
        if missing:
            raise ValueError(f"{path} lacks {sorted(missing)[:3]}")
        module.load_state_dict(weights, strict=False)
        return
    if isinstance(module, Bert):
        weights = {name.removeprefix("bert."): w for name, w in weights.items()}
    own = module.state_dict()
    missing = [name for name in own if name not in weights]
    if missing:
        raise ValueError(f"{path} lacks {missing[:3]}: is it a float file of a BERT with {len(own)} parameters?")
    module.load_state_dict({name: weights[name] for name in own})


def cross_encoder(path):
    """A cross-encoder of the shape and with the weights of this file; the head is new where the file is an encoder's."""
    model = CrossEncoder(**shape_of(weights_of(path)))
    load_weights(model, path)
    return model
