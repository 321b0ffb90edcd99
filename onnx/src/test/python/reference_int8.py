"""Logits of the built-in model's int8 file for the 200 reference pairs, by the version of ONNX Runtime that Java has.

    pip install onnxruntime==1.29.0 tokenizers==0.23.3 numpy==2.4.6
    python reference_int8.py MODEL_FOLDER REFERENCE.jsonl COLLECTIONS > reference-int8.jsonl

MODEL_FOLDER holds model_int8.onnx and tokenizer.json; REFERENCE.jsonl says which pairs (that of the first model has
them); COLLECTIONS holds the unpacked development collections. The version matters: between 1.29.0 and 1.30.0 rounding in
the int8 graph changed: the same file, the same pairs, logits up to 0.33 apart (mean 0.055). One pair a call; ids only, no
texts.
"""
import json
import sys

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

model, reference, collections = sys.argv[1:4]
tokenizer = Tokenizer.from_file(f"{model}/tokenizer.json")
tokenizer.no_padding()
tokenizer.no_truncation()
session = ort.InferenceSession(f"{model}/model_int8.onnx", providers=["CPUExecutionProvider"])
texts = {}


def lines(path):
    if path not in texts:
        texts[path] = {row["_id"]: row for row in map(json.loads, open(path, encoding="utf-8"))}
    return texts[path]


for row in map(json.loads, open(reference, encoding="utf-8")):
    folder = f"{collections}/{row['collection']}"
    query = lines(f"{folder}/queries.jsonl")[row["query"]]["text"]
    document = lines(f"{folder}/corpus.jsonl")[row["document"]]
    text = f"{document['title']} {document['text']}" if document.get("title") else document["text"]
    first = tokenizer.encode(query, add_special_tokens=False).ids
    second = tokenizer.encode(text, add_special_tokens=False).ids[: 512 - 3 - len(first)]
    ids = [101] + first + [102] + second + [102]
    types = [0] * (len(first) + 2) + [1] * (len(second) + 1)
    assert len(ids) == row["tokens"], row
    logit = session.run(None, {"input_ids": np.array([ids]), "attention_mask": np.ones((1, len(ids)), np.int64),
                               "token_type_ids": np.array([types])})[0][0, 0]
    print(json.dumps({"collection": row["collection"], "query": row["query"], "document": row["document"],
                      "logit": round(float(logit), 5)}))
