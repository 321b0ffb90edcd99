"""sentence-transformers in a process of its own, for ModelPeers: python peer.py FOLDER onnx|torch THREADS scores|vectors

A line of JSON on the standard input, {"query": ..., "texts": [...]}, is answered by one on the standard output: the seconds
that predict or encode took, and what it gave. The first line says which versions they are.
"""

import json
import logging
import os
import sys
import time
import warnings

os.environ.update(HF_HUB_OFFLINE="1", ORT_DISABLE_TELEMETRY="1")
warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)
answers = os.dup(1)
os.dup2(2, 1)  # what libraries print is none

import onnxruntime
import sentence_transformers
import torch
import transformers

folder, backend, threads, purpose = sys.argv[1:]
torch.set_num_threads(int(threads))
settings = {}
if backend == "onnx":
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(threads)
    settings = {"provider": "CPUExecutionProvider", "session_options": options, "file_name": "onnx/model.onnx"}
    for kind in ("nomic_bert", "gte"):  # transformers 4 lacks them; the backend needs their settings alone, as the hub's code would give
        if kind not in transformers.CONFIG_MAPPING:
            transformers.AutoConfig.register(kind, type(kind, (transformers.PretrainedConfig,), {"model_type": kind}))
kind = sentence_transformers.CrossEncoder if purpose == "scores" else sentence_transformers.SentenceTransformer
model = kind(folder, backend=backend, device="cpu", model_kwargs=settings)


def ask(request):
    start = time.perf_counter()
    if purpose == "scores":
        result = model.predict([(request["query"], text) for text in request["texts"]], activation_fn=torch.nn.Identity(), show_progress_bar=False)
    else:
        result = model.encode(request["texts"], show_progress_bar=False)
    return {"seconds": time.perf_counter() - start, "result": result.tolist()}


with os.fdopen(answers, "w") as out:
    versions = f"sentence-transformers {sentence_transformers.__version__}, transformers {transformers.__version__}, "
    versions += f"onnxruntime {onnxruntime.__version__}" if backend == "onnx" else f"torch {torch.__version__}"
    print(json.dumps({"versions": versions}), file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(ask(json.loads(line))), file=out, flush=True)
