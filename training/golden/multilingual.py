"""An XLM-RoBERTa-shaped model with a unigram tokenizer for the non-English development collections: python multilingual.py EVAL_ROOT [FOLDER].

EVAL_ROOT is shared/data/eval-dev.tar.xz unpacked. The collections' texts stay there: what is written is a vocabulary of pieces of at most six
characters, hashes of the token ids of every passage, and logits of pairs named by their ids.
"""
import hashlib
import json
import sys
import tempfile
from pathlib import Path

import make
import architectures
import little_tokenizers

COLLECTIONS = ("xquad-de", "xquad-es", "xquad-zh")
PAIRS = 67  # of each


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def main():
    root = Path(sys.argv[1])
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else make.DEFAULT.parent / "multilingual"
    passages = {c: [p["text"] for p in lines(root / c / "corpus.jsonl")] for c in COLLECTIONS}
    tokenizer = little_tokenizers.xlm_roberta_unigram([t for c in COLLECTIONS for t in passages[c]], architectures.MAX_LENGTH * 4, size=2400, max_piece=6)
    settings = architectures.config("xlm-roberta", len(tokenizer), num_labels=1)
    settings.max_position_embeddings = architectures.MAX_LENGTH * 4 + 2
    model = architectures.build(settings, True, seed=20)
    expected = {"collections": {}, "logits": []}
    for collection, found in passages.items():
        digest, tokens = hashlib.sha256(), 0
        for text in found:
            ids = tokenizer(text, add_special_tokens=False, truncation=False)["input_ids"]
            digest.update((" ".join(map(str, ids)) + "\n").encode())
            tokens += len(ids)
        expected["collections"][collection] = {"passages": len(found), "tokens": tokens, "sha256": digest.hexdigest()}
    named, pairs = [], []
    for collection in COLLECTIONS:
        queries = {q["_id"]: q["text"] for q in lines(root / collection / "queries.jsonl")}
        corpus = {p["_id"]: p["text"] for p in lines(root / collection / "corpus.jsonl")}
        judged = [line.split("\t") for line in (root / collection / "qrels/test.tsv").read_text().splitlines()[1:]]
        judged = judged[:: len(judged) // PAIRS][:PAIRS]
        named += [(collection, q, p) for q, p, _ in judged]
        pairs += [(queries[q], corpus[p]) for q, p, _ in judged]
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:

        def ce_of():
            model.save_pretrained(temporary)
            tokenizer.save_pretrained(temporary)
            return make.CrossEncoder(temporary, device="cpu", model_kwargs={"attn_implementation": "eager"})

        make.widen(model, ce_of, pairs)
        found, spread = make.reranker_expected(ce_of(), pairs, architectures.MAX_LENGTH * 4)
    model.config.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    expected["logits"] = [{"collection": c, "query": q, "passage": p, "logit": v} for (c, q, p), v in zip(named, found["logits"])]
    (folder / "onnx").mkdir(exist_ok=True)
    architectures.export(model, make.names(False), "logits", folder / "onnx/model.onnx")
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    print(f"{len(tokenizer)} pieces, {expected['collections']}, logits' standard deviation {spread:.2f}")


if __name__ == "__main__":
    main()
