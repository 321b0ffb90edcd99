"""From PyTorch to ONNX, and whether the numbers are the same."""

import contextlib
import inspect
import shutil
import sys

import onnx
import onnxruntime
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic

from pairs import PAIRS, limit, tokens
from source import Refusal, first_line

TOLERANCE = 1e-3  # of a logit or of a number of a vector; what is seen is 1e-6 to 1e-5
WITHIN = 1_900_000_000  # how many bytes of weights an ONNX file holds itself: protobuf ends at 2 GiB
LONGEST = 512  # tokens of a text to compare with: what is longer says no more and takes minutes


class Network(torch.nn.Module):
    """What the ONNX file is: from the ids of tokens to logits, or to a vector for each token. Layers behind it stay outside."""

    def __init__(self, model):
        super().__init__()
        self.inner = model[0].model
        accepted = inspect.signature(self.inner.forward).parameters
        self.names = [name for name in ("input_ids", "attention_mask", "token_type_ids")
                      if name in model[0].tokenizer.model_input_names and name in accepted]
        self.output = "logits" if model[0].transformer_task == "sequence-classification" else "last_hidden_state"

    def forward(self, *tensors):
        return self.inner(**dict(zip(self.names, tensors)), return_dict=True)[self.output]


def convert(model, reranker, path):
    """Writes the file, by the first exporter whose file gives the right numbers; says how far they are off at most."""
    network = Network(model).eval()
    texts = PAIRS if reranker else [text for pair in PAIRS for text in pair]
    batches = [tokens(model, batch, min(LONGEST, limit(model))) for batch in (texts[:1], texts[:4], texts)]
    failures = []
    for exporter in (by_tracing, by_symbols):
        shutil.rmtree(path.parent, ignore_errors=True)
        path.parent.mkdir(parents=True)
        try:
            with torch.no_grad(), contextlib.redirect_stdout(sys.stderr):
                exporter(network, tuple(batches[1][name] for name in network.names), path)
            worst = difference(network, path, batches)
        except Exception as e:
            if isinstance(e, OSError) and e.filename:
                raise
            failures.append(first_line(e))
            continue
        if worst <= TOLERANCE:
            return worst
        failures.append(f"its numbers are off by {worst:.1g}")
    raise Refusal(f"{type(network.inner).__name__} cannot be made an ONNX file that gives the same numbers ({'; '.join(failures)})")


def by_tracing(network, example, path):
    """The older exporter: the smaller graph."""
    axes = {name: {0: "batch_size", 1: "sequence_length"} for name in (*network.names, network.output)}
    if network.output == "logits":
        axes["logits"] = {0: "batch_size"}
    torch.onnx.export(network, example, str(path), dynamo=False, opset_version=17, input_names=network.names, output_names=[network.output], dynamic_axes=axes)
    if sum(parameter.numel() * 4 for parameter in network.parameters()) > WITHIN:  # a file for each tensor: join them
        graph = onnx.load(str(path))
        shutil.rmtree(path.parent)
        path.parent.mkdir()
        onnx.save_model(graph, str(path), save_as_external_data=True, location=path.name + "_data")


def by_symbols(network, example, path):
    """The newer exporter: for models whose steps depend on lengths in a way that a trace does not show."""
    free = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    torch.onnx.export(network, example, str(path), dynamo=True, opset_version=18, input_names=network.names, output_names=[network.output],
                      dynamic_shapes={"tensors": tuple(free for _ in network.names)}, verbose=False,
                      external_data=sum(parameter.numel() * 4 for parameter in network.parameters()) > WITHIN)


def session(path):
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def run(opened, batch):
    return opened.run(None, {given.name: batch[given.name].numpy() for given in opened.get_inputs()})[0]


def difference(network, path, batches):
    """The largest between the file and PyTorch; what stands at padding does not count."""
    opened, worst = session(path), 0.0
    for batch in batches:
        with torch.no_grad():
            right = network(*(batch[name] for name in network.names))
        off = (right - torch.from_numpy(run(opened, batch))).abs()
        if off.dim() == 3:
            off = off[batch["attention_mask"].bool()]
        if not torch.isfinite(off).all():
            raise ValueError("it gives what is no number")
        worst = max(worst, off.max().item())
    return worst


def quantize(path, out):
    """Seven bits of the eight: products of eight saturate on processors without VNNI."""
    quantize_dynamic(str(path), str(out), weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"], per_channel=True, reduce_range=True)
