"""Scores of many pairs: by weights of ours in PyTorch, or by an ONNX file."""

import numpy as np
import torch
from safetensors.torch import load_file

from .bert import CrossEncoder, load_weights, read_onnx, shape_of
from .mine import device_and_type
from .train import pad
from .work import Progress

TOKENS_AT_ONCE = 8192


class Scorer:
    """`path`: weights.safetensors, or a float file of a BERT cross-encoder; both are computed in the type that training uses."""

    def __init__(self, path):
        weights = read_onnx(path) if str(path).endswith(".onnx") else load_file(path)
        model = CrossEncoder(**shape_of(weights))
        load_weights(model, path)
        device, kind = device_and_type()
        self.use(model.to(device, kind).eval(), device)

    def use(self, model, device):
        self.model, self.device = model, device
        return self

    @classmethod
    def of(cls, model, device):
        return cls.__new__(cls).use(model, device)

    def logits(self, inputs):
        with torch.inference_mode():
            return self.model(*inputs)[:, 0].float().cpu().numpy()

    def __call__(self, pairs, what="pairs scored"):
        """pairs: of token ids, cut already; the logits in the same order."""
        sizes = np.array([len(q) + len(p) + 3 for q, p in pairs])
        order = np.argsort(-sizes, kind="stable")
        scores = np.zeros(len(pairs), np.float32)
        progress, start = Progress(what, len(pairs), every=30), 0
        while start < len(order):
            count = max(1, TOKENS_AT_ONCE // (-(-sizes[order[start]] // 16) * 16))
            rows = order[start:start + count]
            scores[rows] = self.logits(pad([pairs[i] for i in rows], self.device))
            start += count
            progress.at(start)
        return scores


class OnnxScorer(Scorer):
    """Any ONNX file, the int8 one too, by ONNX Runtime."""

    def __init__(self, path):
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self.device = "cpu"

    def logits(self, inputs):
        names = ("input_ids", "attention_mask", "token_type_ids")
        return self.session.run(None, {name: x.numpy() for name, x in zip(names, inputs)})[0][:, 0]
