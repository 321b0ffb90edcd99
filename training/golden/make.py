"""Makes the little models and what the reference says of them: python make.py [FOLDER] [NAME...].

Every model lies in a folder as a repository of the hub has it, without its PyTorch weights, and beside it expected.json: token ids, logits and
probabilities by sentence-transformers' CrossEncoder, or vectors by its SentenceTransformer. See README.md.
"""
import json
import os
import shutil
import sys
import tempfile
import warnings
from pathlib import Path

os.environ.update(TOKENIZERS_PARALLELISM="false", HF_HUB_OFFLINE="1")
warnings.filterwarnings("ignore")

import numpy as np
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import LayerNorm, Pooling

import architectures
import little_tokenizers as tokenizers
import texts

DEFAULT = Path(__file__).resolve().parents[2] / "onnx/src/test/resources/golden"
ONLY_SECOND = {"text": {"truncation": "only_second"}}  # the query is never cut

WORDS = tokenizers.word_piece
# name: architecture, tokenizer, has token types, settings of the classifier, how it is saved
RERANKERS = {
    "bert": ("bert", WORDS, True, dict(num_labels=1), "transformers-identity"),
    "bert-two-labels": ("bert", WORDS, True, dict(num_labels=2), "transformers"),
    "electra": ("electra", WORDS, True, dict(num_labels=1), "sentence-transformers"),
    "distilbert": ("distilbert", lambda t, n: WORDS(t, n, types=False), False, dict(num_labels=1), "sentence-transformers"),
    "roberta": ("roberta", tokenizers.roberta_bpe, False, dict(num_labels=1), "transformers"),
    "xlm-roberta": ("xlm-roberta", tokenizers.xlm_roberta_unigram, False, dict(num_labels=1), "transformers"),
    "mpnet": ("mpnet", lambda t, n: WORDS(t, n, types=False), False, dict(num_labels=1), "sentence-transformers"),
    "deberta-v2": ("deberta-v2-conv", tokenizers.deberta_unigram, False, dict(num_labels=1), "sentence-transformers-identity"),
    "deberta-v3": ("deberta-v2", tokenizers.deberta_unigram, False, dict(num_labels=1), "transformers-root"),
    "modernbert": ("modernbert", tokenizers.modern_bpe, False, dict(num_labels=1), "sentence-transformers"),
    "nomic-bert": ("nomic_bert", WORDS, True, dict(num_labels=1), "transformers"),
    "gte": ("gte", tokenizers.xlm_roberta_unigram, False, dict(num_labels=1), "transformers"),
}
BGE = "Represent this sentence for searching relevant passages: "
# name: architecture, tokenizer, has token types, pooling, prompts, further modules, whether 1_Pooling is written as before version 5.7
ENCODERS = {
    "bert-cls": ("bert", WORDS, True, "cls", {"query": BGE, "document": ""}, [Normalize], True),
    "bert-mean": ("bert", WORDS, True, "mean", {}, [Normalize], True),
    "electra-lasttoken": ("electra", WORDS, True, "lasttoken", {}, [], False),
    "distilbert-sqrt-dense": ("distilbert", lambda t, n: WORDS(t, n, types=False), False, "mean_sqrt_len_tokens", {}, [lambda: Dense(32, 24)], True),
    "roberta-weighted": ("roberta", tokenizers.roberta_bpe, False, "weightedmean", {}, [], True),
    "xlm-roberta-mean": ("xlm-roberta", tokenizers.xlm_roberta_unigram, False, "mean", {"query": "query: ", "document": "passage: "}, [Normalize], True),
    "mpnet-max": ("mpnet", lambda t, n: WORDS(t, n, types=False), False, "max", {}, [], True),
    "deberta-cls-mean": ("deberta-v2", tokenizers.deberta_unigram, False, ("cls", "mean"), {}, [Normalize], False),
    "modernbert-cls": ("modernbert", tokenizers.modern_bpe, False, "cls", {}, [], False),
    "nomic-bert-mean": ("nomic_bert", WORDS, True, "mean", {"query": "search_query: ", "document": "search_document: "}, [], False),
    "gte-cls": ("gte", lambda t, n: WORDS(t, n, types=False), False, "cls", {}, [Normalize], True),
}


def names(types):
    return ["input_ids", "attention_mask", "token_type_ids"] if types else ["input_ids", "attention_mask"]


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def rounded(values):
    return [float(f"{v:.6g}") for v in np.asarray(values, dtype=np.float64).ravel()]


def strip_weights(folder):
    """What the tests need not: PyTorch's weights of the transformer. Those of heads stay, Java reads them."""
    for file in list(folder.glob("model.safetensors")) + list(folder.glob("0_Transformer/model.safetensors")) + [folder / "README.md"]:
        file.unlink(missing_ok=True)


def token_ids(tokenizer, pairs, max_length):
    return tokenizer([q for q, _ in pairs], [t for _, t in pairs], truncation="only_second", max_length=max_length)["input_ids"]


def reranker_expected(ce, pairs, max_length=architectures.MAX_LENGTH):
    logits = ce.predict(pairs, activation_fn=torch.nn.Identity(), processing_kwargs=ONLY_SECOND, batch_size=16)
    scores = ce.predict(pairs, processing_kwargs=ONLY_SECOND, batch_size=16)
    spread = float(np.std(logits if logits.ndim == 1 else logits[:, 1] - logits[:, 0]))
    assert spread > 0.3, f"logits hardly differ: standard deviation {spread}"
    expected = {"activation": type(ce.activation_fn).__name__, "ids": token_ids(ce.tokenizer, pairs, max_length)}
    if logits.ndim == 2:  # two classes: the logit is their difference, the probability the softmax of the second
        expected |= {"logits": rounded(logits[:, 1] - logits[:, 0]), "probabilities": rounded(torch.softmax(torch.tensor(logits), 1)[:, 1])}
    else:
        expected |= {"logits": rounded(logits)}
        if expected["activation"] == "Sigmoid":
            expected |= {"probabilities": rounded(scores)}
    return expected, spread


def widen(model, ce_of, pairs):
    """Scales the classifier until logits spread as those of a trained model do: a test that sees 1e-4 needs that."""
    ce = ce_of()
    logits = ce.predict(pairs, activation_fn=torch.nn.Identity(), processing_kwargs=ONLY_SECOND)
    spread = float(np.std(logits if logits.ndim == 1 else logits[:, 1] - logits[:, 0]))
    last = [p for n, p in model.named_parameters() if n.startswith("classifier") or n.endswith("out_proj.weight")]
    matrices = [p for p in last if p.dim() > 1]
    with torch.no_grad():
        matrices[-1].mul_(2.0 / spread)


def make_reranker(name, folder, pairs):
    kind, tokenizer_of, types, settings, how = RERANKERS[name]
    tokenizer = tokenizer_of(texts.training(), architectures.MAX_LENGTH)
    model = architectures.build(architectures.config(kind, len(tokenizer), **settings), True, seed=sum(map(ord, name)))
    if how == "transformers-identity":
        model.config.sentence_transformers = {"activation_fn": "torch.nn.modules.linear.Identity", "version": "4.0.1"}
    with tempfile.TemporaryDirectory() as temporary:
        plain = Path(temporary)

        def ce_of():
            model.save_pretrained(plain)
            tokenizer.save_pretrained(plain)
            activation = torch.nn.Identity() if how == "sentence-transformers-identity" else None
            return CrossEncoder(str(plain), activation_fn=activation, device="cpu", model_kwargs={"attn_implementation": "eager"})

        widen(model, ce_of, pairs)
        ce = ce_of()
        if how.startswith("sentence-transformers"):
            ce.save_pretrained(str(folder))
        else:
            shutil.copytree(plain, folder, dirs_exist_ok=True)
        expected, spread = reranker_expected(ce, pairs)
    strip_weights(folder)
    onnx = folder if how == "transformers-root" else folder / "onnx"
    onnx.mkdir(exist_ok=True)
    architectures.export(model, names(types), "logits", onnx / "model.onnx")
    return expected, f"logits' standard deviation {spread:.2f}"


def make_modular(folder, pairs):
    """As the ettin rerankers are: the encoder's first token, dense, layer norm, dense; only the encoder is in the ONNX file."""
    tokenizer = tokenizers.modern_bpe(texts.training(), architectures.MAX_LENGTH)
    encoder = architectures.build(architectures.config("modernbert", len(tokenizer)), False, seed=17)
    with tempfile.TemporaryDirectory() as temporary:
        encoder.save_pretrained(temporary)
        tokenizer.save_pretrained(temporary)
        torch.manual_seed(18)
        modules = [Transformer(temporary), Pooling(32, pooling_mode="cls"), Dense(32, 32, activation_function=torch.nn.GELU()), LayerNorm(32),
                   Dense(32, 1, activation_function=torch.nn.Identity(), module_output_name="scores")]
        with torch.no_grad():
            for module in modules[2:]:
                for parameter in module.parameters():
                    parameter.add_(torch.randn_like(parameter) * 0.3)
        ce = CrossEncoder(modules=modules, activation_fn=torch.nn.Identity(), device="cpu")
        ce.save_pretrained(str(folder))
        expected, spread = reranker_expected(ce, pairs)
    strip_weights(folder)
    (folder / "onnx").mkdir(exist_ok=True)
    architectures.export(encoder, names(False), "last_hidden_state", folder / "onnx/model.onnx")
    return expected, f"logits' standard deviation {spread:.2f}"


def older_pooling(folder):
    """Most repositories of the hub were written before sentence-transformers 5.7 and name the poolings by flags."""
    path = folder / "1_Pooling/config.json"
    now = json.loads(path.read_text())
    flags = {"cls": "cls_token", "mean": "mean_tokens", "max": "max_tokens", "mean_sqrt_len_tokens": "mean_sqrt_len_tokens", "weightedmean": "weightedmean_tokens",
             "lasttoken": "lasttoken"}
    write_json(path, {"word_embedding_dimension": now["embedding_dimension"]} | {f"pooling_mode_{flag}": mode == now["pooling_mode"] for mode, flag in flags.items()})


def make_encoder(name, folder, pairs):
    kind, tokenizer_of, types, pooling, prompts, further, older = ENCODERS[name]
    tokenizer = tokenizer_of(texts.training(), architectures.MAX_LENGTH)
    model = architectures.build(architectures.config(kind, len(tokenizer)), False, seed=sum(map(ord, name)))
    with tempfile.TemporaryDirectory() as temporary:
        model.save_pretrained(temporary)
        tokenizer.save_pretrained(temporary)
        torch.manual_seed(19)
        modules = [Transformer(temporary), Pooling(32, pooling_mode=pooling)] + [make() for make in further]
        encoder = SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
        encoder.save_pretrained(str(folder))
        queries = encoder.encode_query([q for q, _ in pairs], normalize_embeddings=True)
        passages = encoder.encode_document([t for _, t in pairs], normalize_embeddings=True)
    if older:
        older_pooling(folder)
    strip_weights(folder)
    (folder / "onnx").mkdir(exist_ok=True)
    architectures.export(model, names(types), "last_hidden_state", folder / "onnx/model.onnx")
    cosines = passages @ passages.T
    spread = float(np.std(cosines))
    assert spread > 0.005, f"vectors hardly differ: standard deviation of cosines {spread}"
    expected = {"dimension": int(passages.shape[1]), "queries": [rounded(v) for v in queries], "passages": [rounded(v) for v in passages]}
    return expected, f"cosines' standard deviation {spread:.2f}"


def main():
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    wanted = set(sys.argv[2:])
    target.mkdir(parents=True, exist_ok=True)
    pairs = texts.pairs()
    write_json(target / "pairs.json", pairs)
    jobs = [("rerankers", n, lambda f, n=n: make_reranker(n, f, pairs)) for n in RERANKERS] + [("rerankers", "ettin", lambda f: make_modular(f, pairs))]
    jobs += [("encoders", n, lambda f, n=n: make_encoder(n, f, pairs)) for n in ENCODERS]
    for group, name, make in jobs:
        if wanted and name not in wanted:
            continue
        folder = target / group / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        expected, said = make(folder)
        (folder / "expected.json").write_text(json.dumps(expected, separators=(",", ":")) + "\n")
        size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file())
        assert size < 1_000_000, f"{name} has {size} bytes"
        print(f"{group}/{name}: {size // 1024} KiB, {said}", flush=True)


if __name__ == "__main__":
    main()
