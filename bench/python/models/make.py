"""Models of real sizes with random weights, for ModelPeers: python bench/python/models/make.py FOLDER [NAME...]

Each has layers, widths and attention of a model that is in use, and a tokenizer of its kind to which every word of the
benchmark's texts is one token. The vocabulary is smaller than in the real ones where that has 50,000 pieces or more: the
table takes memory, and no time. A folder has the weights of PyTorch, and beside them what training/export.py makes.
"""

import json
import math
import random
import re
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "training"), str(ROOT / "training/golden")]

import torch
import transformers
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import LayerNorm, Pooling

import export
import little_tokenizers
import texts

LENGTH = 512
WORDS = " ".join(re.findall(r'"([a-z ]+?) ?"', (ROOT / "bench/src/main/java/dev/rerank4j/bench/Pairs.java").read_text())).split()


def training_texts():
    """Long enough, and in so many orders, that every word becomes a piece of its own."""
    chosen = random.Random(1)
    return [" ".join(chosen.choices(WORDS, k=40)) for _ in range(500)] + texts.training()


def words(text, length):
    return little_tokenizers.word_piece(text, length)


def words_without_types(text, length):
    return little_tokenizers.word_piece(text, length, types=False)


def bert(layers, hidden, heads, feed_forward):
    return transformers.BertConfig(vocab_size=30522, num_hidden_layers=layers, hidden_size=hidden, num_attention_heads=heads, intermediate_size=feed_forward)


def roberta(kind, layers):
    return kind(vocab_size=32000, num_hidden_layers=layers, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0, eos_token_id=2)


def modernbert(layers, hidden, heads, feed_forward):
    return transformers.ModernBertConfig(vocab_size=32000, num_hidden_layers=layers, hidden_size=hidden, num_attention_heads=heads, intermediate_size=feed_forward,
                                         pad_token_id=0, cls_token_id=2, sep_token_id=3, bos_token_id=2, eos_token_id=3)


DEBERTA = dict(type_vocab_size=0, relative_attention=True, max_relative_positions=-1, position_buckets=256, norm_rel_ebd="layer_norm", share_att_key=True,
               pos_att_type="p2c|c2p", position_biased_input=False, layer_norm_eps=1e-7)
# name: settings, tokenizer, how the vectors become a score or a vector (nothing: the network gives the score)
MODELS = {
    "bert-minilm-l6": (bert(6, 384, 12, 1536), words, None),  # ms-marco-MiniLM-L6-v2
    "distilbert": (transformers.DistilBertConfig(), words_without_types, None),
    "distilroberta": (roberta(transformers.RobertaConfig, 6), little_tokenizers.roberta_bpe, None),
    "xlm-roberta-base": (roberta(transformers.XLMRobertaConfig, 12), little_tokenizers.xlm_roberta_unigram, None),  # bge-reranker-base
    "deberta-v3-xsmall": (transformers.DebertaV2Config(vocab_size=32000, num_hidden_layers=12, hidden_size=384, num_attention_heads=6, intermediate_size=1536, **DEBERTA),
                          little_tokenizers.deberta_unigram, None),  # mxbai-rerank-xsmall-v1
    "ettin-17m": (modernbert(7, 256, 4, 384), little_tokenizers.modern_bpe, "dense"),
    "modernbert-base": (modernbert(22, 768, 12, 1152), little_tokenizers.modern_bpe, None),  # gte-reranker-modernbert-base
    "gte-multilingual-base": (transformers.GteConfig(vocab_size=32000, num_hidden_layers=12, hidden_size=768, num_attention_heads=12, intermediate_size=3072),
                              little_tokenizers.xlm_roberta_unigram, None),  # gte-multilingual-reranker-base
    "encoder-bge-small": (bert(12, 384, 12, 1536), words, "cls"),
    "encoder-nomic": (transformers.NomicBertConfig(), words, "mean"),  # nomic-embed-text-v1.5
}


def build(settings, classifier):
    """Weights as wide as they must be for texts to differ through all layers."""
    torch.manual_seed(1)
    settings._attn_implementation = "eager"
    model = (transformers.AutoModelForSequenceClassification if classifier else transformers.AutoModel).from_config(settings)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.normal_(0, 1 / math.sqrt(parameter.shape[-1]))
            else:
                parameter.add_(torch.randn_like(parameter) * 0.05)
    return model.eval()


def widen(model, tokenizer):
    """Logits that differ as those of a trained model do, so that a difference of them says something."""
    batch = tokenizer([" ".join(random.Random(seed).choices(WORDS, k=40)) for seed in range(16)], padding=True, return_tensors="pt")
    with torch.no_grad():
        spread = model(**batch).logits.std().item()
        last = [parameter for name, parameter in model.named_parameters() if name.startswith("classifier") and parameter.dim() > 1][-1]
        last.mul_(2 / spread)


def make(name, out):
    settings, tokenizer_of, head = MODELS[name]
    if head is None:
        settings.num_labels = 1
    tokenizer = tokenizer_of(training_texts(), LENGTH)
    with tempfile.TemporaryDirectory() as work:
        network, source = Path(work) / "network", Path(work) / "source"
        model = build(settings, head is None)
        if head is None:
            widen(model, tokenizer)
        model.save_pretrained(network)
        tokenizer.save_pretrained(network)
        for_older_versions(network)
        if head is None:
            network.rename(source)
        elif head == "dense":
            torch.manual_seed(2)
            size = settings.hidden_size
            CrossEncoder(modules=[Transformer(str(network)), Pooling(size, pooling_mode="mean"), Dense(size, size, activation_function=torch.nn.GELU()), LayerNorm(size),
                                  Dense(size, 1, activation_function=torch.nn.Identity(), module_output_name="scores")], device="cpu").save_pretrained(str(source))
        else:
            SentenceTransformer(modules=[Transformer(str(network)), Pooling(settings.hidden_size, pooling_mode=head), Normalize()], device="cpu").save_pretrained(str(source))
        for_older_versions(source)
        if export.main([str(source), str(out)]) != 0:
            raise SystemExit(1)
        shutil.copyfile(source / "model.safetensors", out / "model.safetensors")


def for_older_versions(folder):
    """sentence-transformers' ONNX backend wants transformers 4, and its own version 5: names as those know them, and the newer ones too."""
    path = folder / "tokenizer_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"tokenizer_class": "PreTrainedTokenizerFast"}))
    if (folder / "modules.json").is_file():
        modules = [module | {"type": "sentence_transformers.models." + module["type"].split(".")[-1]} for module in json.loads((folder / "modules.json").read_text())]
        (folder / "modules.json").write_text(json.dumps(modules, indent=2))


if __name__ == "__main__":
    for name in sys.argv[2:] or MODELS:
        print(name)
        make(name, Path(sys.argv[1]) / name)
