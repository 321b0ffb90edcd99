"""A reranker as a Python server, for ServerPeers to compare with: FastAPI, ONNX Runtime and tokenizers, one process.

It answers POST /rerank as Text Embeddings Inference does with raw_scores: {"query", "texts"} -> [{"index", "score"}].

Two ways to run the model:

packed   what does best on a CPU, and what Rerank4j does: sequences sorted by length, in batches of at most so many
         tokens, padding included, on a few threads side by side, each batch on one core; files whose numbers depend on
         the batch (dynamic int8) run one pair a call
padded   what most people write: all pairs of a request padded to the longest, in one call, on all cores
"""

import argparse
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import onnxruntime
import uvicorn
from fastapi import FastAPI
from pydantic import BaseModel
from tokenizers import Tokenizer

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("tokenizer")
parser.add_argument("--way", choices=["packed", "padded"], required=True)
parser.add_argument("--batch-tokens", type=int, default=512, help="of a packed batch; 1 for one pair a call")
parser.add_argument("--threads", type=int, default=os.cpu_count(), help="how many packed batches run side by side")
parser.add_argument("--intra-op", type=int, default=1, help="cores of each packed batch")
arguments = parser.parse_args()

options = onnxruntime.SessionOptions()
if arguments.way == "packed":
    options.intra_op_num_threads = arguments.intra_op
    options.inter_op_num_threads = 1
    # Threads that wait in a busy loop would take the cores from the tokenizer and from HTTP.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
session = onnxruntime.InferenceSession(arguments.model, options, providers=["CPUExecutionProvider"])
tokenizer = Tokenizer.from_file(arguments.tokenizer)
tokenizer.enable_truncation(512, strategy="only_second")
tokenizer.no_padding()
pool = ThreadPoolExecutor(arguments.threads)


def run(encodings):
    width = max(len(encoding) for encoding in encodings)
    ids, mask, types = (np.zeros((len(encodings), width), dtype=np.int64) for _ in range(3))
    for row, encoding in enumerate(encodings):
        length = len(encoding)
        ids[row, :length] = encoding.ids
        mask[row, :length] = 1
        types[row, :length] = encoding.type_ids
    return session.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": types})[0][:, 0]


def packed(encodings):
    order = sorted(range(len(encodings)), key=lambda i: -len(encodings[i]))
    batches = []
    while order:
        rows = max(1, arguments.batch_tokens // len(encodings[order[0]]))
        batches.append(order[:rows])
        order = order[rows:]
    scores = np.empty(len(encodings), dtype=np.float32)
    for batch, part in zip(batches, pool.map(lambda batch: run([encodings[i] for i in batch]), batches)):
        scores[batch] = part
    return scores


class Request(BaseModel):
    query: str
    texts: list[str]
    raw_scores: bool = True


class Rank(BaseModel):
    index: int
    score: float


app = FastAPI()


@app.post("/rerank")
def rerank(request: Request) -> list[Rank]:
    encodings = tokenizer.encode_batch([(request.query, text) for text in request.texts])
    scores = packed(encodings) if arguments.way == "packed" else run(encodings)
    return [Rank(index=i, score=scores[i]) for i in np.argsort(-scores, kind="stable")]


if __name__ == "__main__":
    # Connections wait while another server is measured.
    uvicorn.run(app, host="127.0.0.1", port=0, access_log=False, timeout_keep_alive=600)
