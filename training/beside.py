"""What lies beside the ONNX file: configurations, tokenizer, the layers behind the network, known scores."""

import hashlib
import json
import re
import shutil
import tempfile
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from onnx_file import run, session
from pairs import ODD, PAIRS, limit, tokens
from source import Refusal, load_json

KEPT = (r"^(config|generation_config|modules|special_tokens_map|added_tokens|sentence_\w+_config|config_sentence_transformers|tokenizer|tokenizer_config)\.json$"
        r"|^(README\.md|LICEN[CS]E.*|NOTICE.*)$")


def copy_configurations(source, out):
    for file in source.iterdir():
        if file.is_file() and re.search(KEPT, file.name):
            shutil.copyfile(file, out / file.name)


def write_layers(model, source, out):
    """Their configurations, and their weights as safetensors, which hold numbers and no code."""
    for module in load_json(source / "modules.json") or []:
        folder = (module.get("path") or "").strip("/")
        if not folder or not (source / folder).is_dir():
            continue  # the network itself, or a layer without settings
        (out / folder).mkdir(parents=True)
        if (source / folder / "config.json").is_file():
            shutil.copyfile(source / folder / "config.json", out / folder / "config.json")
        weights = {name: tensor.float().contiguous() for name, tensor in model[int(module["idx"])].state_dict().items()}
        if weights:
            save_file(weights, out / folder / "model.safetensors")


def write_tokenizer(model, out):
    """tokenizer.json, if there is none or it gives other ids than those that the model was asked with here."""
    tokenizer, file = model[0].tokenizer, out / "tokenizer.json"
    if not tokenizer.is_fast:
        raise Refusal(f"there is no fast tokenizer for {type(tokenizer).__name__} in transformers: only that can be written as tokenizer.json")
    if file.is_file():
        given = Tokenizer.from_file(str(file))
        given.no_truncation()
        given.no_padding()
        if all(given.encode(text).ids == tokenizer(text)["input_ids"] for pair in [*PAIRS, ODD] for text in pair):
            return
        print("its tokenizer.json gives other ids than transformers does: written anew")
    with tempfile.TemporaryDirectory() as saved:
        tokenizer.save_pretrained(saved)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copyfile(Path(saved) / name, out / name)


def known_scores(model, out, files):
    """What Rerank4j checks a model against when it loads it: ids and logits by PyTorch, logits of int8 by the file itself."""
    longest = limit(model)
    prompt = (model.prompts or {}).get(model.default_prompt_name, "")
    asked = [(prompt + query, text) for query, text in PAIRS]
    logits = model.predict(PAIRS, activation_fn=torch.nn.Identity(), processing_kwargs={"text": {"truncation": "only_second", "max_length": longest}})
    known = []
    for (query, text), pair, logit in zip(PAIRS, asked, logits):
        ids = tokens(model, [pair], longest)["input_ids"][0].tolist()
        known.append({"query": query, "text": text, "tokens": len(ids), "first_ids": ids[:24], "logit": log_odds(logit)})
    if "onnx/model_int8.onnx" in files and model[0].transformer_task == "sequence-classification":
        opened = session(out / "onnx/model_int8.onnx")
        for pair, entry in zip(asked, known):  # one at a time: the scale of a batch depends on all of it
            entry["logit_int8"] = log_odds(run(opened, tokens(model, [pair], longest))[0])
        off = max(abs(entry["logit"] - entry["logit_int8"]) for entry in known)
        spread = max(entry["logit"] for entry in known) - min(entry["logit"] for entry in known)
        print(f"int8 against PyTorch: largest difference of a logit {off:.2g}, where logits spread over {spread:.2g}")
    return {"max_length": longest, "files": {file: {"sha256": sha256(out / file)} for file in files}, "pairs": known}


def log_odds(logit):
    """Of two classes the second is the wanted one."""
    numbers = [float(number) for number in logit.reshape(-1)]
    return round(numbers[0] if len(numbers) == 1 else numbers[1] - numbers[0], 5)


def sha256(path):
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
