"""Scores of many pairs: by weights of ours in PyTorch, or by an ONNX file."""

import numpy as np
import torch

from .batches import pad
from .bert import cross_encoder
from .mine import device_and_type
from .work import Progress

TOKENS_AT_ONCE = {"cpu": 8192, "cuda": 262144}


class Scorer:
    """`path`: weights.safetensors, or a float file of a BERT cross-encoder; both are computed in the type that training uses."""

    def __init__(self, path):
        device, kind = device_and_type()
        self.use(cross_encoder(path).to(device, kind).eval(), device)

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
            count = max(1, TOKENS_AT_ONCE[self.device] // (-(-sizes[order[start]] // 16) * 16))
            rows = order[start:start + count]
            scores[rows] = self.logits([torch.from_numpy(x).to(self.device) for x in pad([pairs[i] for i in rows])])
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
        return self.session.run(None, {name: x.numpy().astype(np.int64) for name, x in zip(names, inputs)})[0][:, 0]
