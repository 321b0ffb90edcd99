"""Makes the tiny ONNX models and tokenizers that the tests of the onnx module load.

    pip install onnx==1.23.2 onnxruntime==1.29.0 tokenizers==0.23.3 numpy==2.4.6
    python make_models.py OUT

Writes four folders under OUT. The weights are random but seeded, so the models know nothing; they are scaled until
their scores differ from pair to pair as those of a trained model do.

    tiny-ce/                a BERT cross-encoder with one logit: model.onnx (float), model_int8.onnx, config.json,
                            tokenizer.json (WordPiece), golden.json (scores), pairs.json (token ids)
    tiny-two-class/         the same shape with two classes, 1 = relevant: model.onnx, config.json, tokenizer.json,
                            golden.json, whose "logit" is the log-odds: logit of class 1 minus logit of class 0
    tiny-encoder/           a BERT encoder: model.onnx, config.json, tokenizer.json, vectors.json
    tiny-roberta-template/  tokenizer.json (byte-level BPE, RoBERTa's pair template), pairs.json; no model

The same pinned versions write the same bytes on every run. Another kind of processor may round the last digits of
scores and vectors differently; models and tokenizers stay the same.
"""
import hashlib
import json
import logging
import math
import sys
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import (AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers)

HIDDEN, LAYERS, HEADS, INNER, POSITIONS = 32, 2, 4, 64, 64
LAYER_NORM_EPS = 1e-12
MAX_LENGTH = POSITIONS
SCORE_DEVIATION = 2.0  # of the logit (or log-odds) over all pairs of QUERIES and CORPUS
OPSET, IR_VERSION = 17, 8

# ---------------------------------------------------------------- texts

CORPUS = """\
Full-time employees receive 25 days of paid leave per calendar year, plus public holidays.
Unused leave may be carried over until the end of March; after that date it is lost.
An employee who falls ill must tell the manager before ten o'clock on the first day.
Leave your laptop at the front desk when you get a paid parking permit for the day.
The cafeteria serves lunch from noon until two and offers one vegetarian meal every day.
Working from home is possible on three days a week if the manager agrees in writing.
Trail shoe with a sealed membrane and a deep sole: dry feet on wet snow, warm at minus ten.
Waterproof phone pouch for running, available in winter colours and three sizes.
A light jacket of recycled wool that keeps the rain out and packs into its own pocket.
The kettle boils one litre of water in three minutes and switches itself off.
Running shoes for children with a reflective strip, sizes 28 to 36, in blue or red.
This bicycle lamp shines for twenty hours and is charged by a small solar panel.
Since version 3.0 the service listens on 127.0.0.1 only.
Set listen-address to accept connections from other hosts on the network.
The connection was refused because no process is listening on port 8080.
After upgrading, restart the server and check the log for errors of the index.
A timeout of 200 milliseconds is too short for a model that runs on one processor.
The search index is rebuilt every night; a failed build keeps the old index in place.
To restore a backup, stop the database, copy the files and start it again.
The password must have at least twelve characters and is stored as a salted hash.
The tenant may terminate this agreement before expiry with three months' written notice.
The landlord may end the contract early if the rent is two months in arrears.
The deposit is returned within thirty days, less the cost of repairs.
Neither party is liable for damage caused by events beyond its control.
The seller warrants that the goods are free of defects on the day of delivery.
Any dispute under this contract is settled by the courts of the seller's city.
Washington, D.C. is the capital of the United States. It is a federal district.
The capital of France is Paris; the capital of Japan is Tokyo.
Rivers carry sand and stones from the mountains to the sea.
The moon circles the earth once in about twenty-seven days.
Water boils at 100 degrees and freezes at 0 degrees at the level of the sea.
Bees dance to tell one another where flowers with nectar can be found.
The old bridge was built of stone in 1437 and still carries the road to the market.
Glass is made of sand, soda and lime, melted at more than a thousand degrees.
Volcanoes grow where molten rock rises through a crack in the crust of the earth.
The library opened in 1911 with nine thousand books and a reading room for children.
Stir the flour into the melted butter, add the milk slowly and let it simmer.
Bread dough needs time: knead it, let it rest overnight and bake it in a hot oven.
Peel the apples, cut them into thin slices and cover them with sugar and cinnamon.
Wash the rice until the water runs clear, then cook it with the lid on.
Olive oil, garlic, salt and lemon make a simple dressing for a green salad.
The patient should drink enough water and take one tablet after every meal.
A fever above 39 degrees that lasts for more than three days needs a doctor.
Regular walking lowers the blood pressure and strengthens the heart.
The vaccine is given twice, four weeks apart, into the muscle of the upper arm.
Sleep is the time when the brain sorts what the day has brought.
The train to the airport leaves every fifteen minutes from platform four.
Passengers with heavy luggage may use the lift beside the main entrance.
The ferry does not sail in a storm; tickets are refunded or changed without charge.
Book the night train early: the beds by the window are sold out within a week.
The museum is closed on Mondays, and children under twelve enter free of charge.
Prices rose by 2.4 percent last year, while wages rose by 3.1 percent.
The bank raised the interest rate by a quarter of a point to slow inflation.
A share is a part of a company; its owner receives a part of the profit.
Invoices are due within fourteen days; a reminder costs five euros (5 €).
The goalkeeper saved two shots before the final whistle, and the score was 1:1.
The orchestra plays the symphony without its second movement tonight.
She painted the harbour at dawn, in grey and silver, from the same window every year.
Is there a question? Yes: "why", 'how' & <where> [when] {who} @home #1 50% a+b=c, x/y; ~z_1 | `code` \\ $9 ^2 *!
Café, naïve, Zürich, Ångström, crème brûlée, jalapeño, Łódź, straße, smörgåsbord.
Москва и река. Αθήνα. 東京 と 京都 の 駅。 北京 是 中国 的 首都。 서울 역.
"""

QUERIES = [
    "how many days of paid leave do I get",
    "waterproof running shoes for winter",
    "connection refused after upgrading to version 3",
    "can a tenant end the contract early",
    "What is the capital of the United States?",
    "how to cook rice",
    "train to the airport",
    "what is glass made of",
]

LONG_TEXT = "The first sentence says nothing of interest. " * 9 + "The last sentence is about a long document."

GOLDEN_PAIRS = [
    ("how many days of paid leave do I get",
     "Full-time employees receive 25 days of paid leave per calendar year, plus public holidays."),
    ("how many days of paid leave do I get",
     "Leave your laptop at the front desk when you get a paid parking permit for the day."),
    ("waterproof running shoes for winter", "Waterproof phone pouch for running, winter colours."),
    ("connection refused after upgrading to version 3", "Set listen-address to accept connections from other hosts."),
    ("can a tenant end the contract early",
     "The lessor may terminate this agreement early if the lessee is two months in arrears."),
    ("What is the capital of the United States?", "Washington, D.C. is the capital of the United States."),
    ("how to cook rice", "Wash the rice until the water runs clear."),
    ("a", ""),
    ("", "An empty query."),
    ("café naïve 東京 😀", "東京 café 😀"),
    ("long document", LONG_TEXT),
]

ENCODER_TEXTS = [
    "how many days of paid leave do I get",
    "Full-time employees receive 25 days of paid leave per calendar year, plus public holidays.",
    "Wash the rice until the water runs clear, then cook it with the lid on.",
    "Café 東京 😀",
    "",
    LONG_TEXT,
]

TOKENIZER_PAIRS = [
    ("how to cook rice", "Wash the rice until the water runs clear."),
    ("", ""),
    ("empty text", ""),
    ("smile 😀", "👩‍👩‍👧 family, 🇯🇵 flag, 👍🏽 thumb"),
    ("東京の駅", "北京是中国的首都。서울 역"),
    ("nul\u0000character", "before\u0000after \u0000 alone"),
    ("Café NAÏVE", "cafe\u0301 Zürich, Ångström, crème brûlée, İstanbul, straße"),
    ("long words", "Donaudampfschifffahrtsgesellschaft " + "pneumono" * 6 + " " + "x" * 120),
    ("punctuation?!", "a--b ... (c) [d] {e} \"f\" 'g' i'm don't; 3.14 1,000 50% $5 €5 «h» – — …"),
    ("literal [SEP]", "one [SEP] two [CLS] three [MASK] four [sep] five [PAD] </s> <s>"),
    ("  leading and trailing  ", "\t tabs\tand\nnew lines\r\n  \u00a0\u3000wide\u200bspaces \n"),
    ("МОСКВА Αθήνα", "Ελληνικά, кириллица, عربى, हिन्दी, ไทย, עברית"),
]

ROBERTA_PAIRS = [TOKENIZER_PAIRS[i] for i in (0, 2, 3, 6, 9, 10)]


# ---------------------------------------------------------------- tokenizers

def wordpiece_tokenizer(size=800):
    """A lower-casing BERT tokenizer trained on CORPUS."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

    def bare(model):
        tokenizer = Tokenizer(model)
        tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        return tokenizer

    # The trainer numbers the continuing characters in the order of a hash map, and breaks ties by number: name them
    # first, in order, and build the tokenizer anew from the vocabulary.
    scratch = bare(models.WordPiece(unk_token="[UNK]"))
    words = [w for w, _ in scratch.pre_tokenizer.pre_tokenize_str(scratch.normalizer.normalize_str(CORPUS))]
    characters = sorted({c for w in words for c in w})
    continuing = sorted({"##" + c for w in words for c in w[1:]})
    scratch.train_from_iterator(CORPUS.splitlines(), trainers.WordPieceTrainer(
        vocab_size=size, min_frequency=1, special_tokens=special + characters + continuing, show_progress=False))

    tokenizer = bare(models.WordPiece(scratch.get_vocab(), unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in special])
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", pair="[CLS]:0 $A:0 [SEP]:0 $B:1 [SEP]:1",
        special_tokens=[(t, tokenizer.token_to_id(t)) for t in ("[CLS]", "[SEP]")])
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def roberta_tokenizer(size=500):
    """A byte-level BPE tokenizer trained on CORPUS, with RoBERTa's special tokens and pair template."""
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.train_from_iterator(CORPUS.splitlines(), trainers.BpeTrainer(
        vocab_size=size, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False))
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s>:0 $A:0 </s>:0", pair="<s>:0 $A:0 </s>:0 </s>:0 $B:0 </s>:0",
        special_tokens=[(t, tokenizer.token_to_id(t)) for t in ("<s>", "</s>")])
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


# ---------------------------------------------------------------- models

class Graph:
    """An ONNX graph under construction: values are named by strings, weights drawn from one seeded stream."""

    def __init__(self, seed):
        self.random = np.random.RandomState(seed)  # its streams are frozen across NumPy versions
        self.nodes, self.weights = [], {}

    def draw(self, shape, deviation, mean=0.0):
        """Uniform numbers; no transcendental function is involved, so they are the same bits everywhere."""
        bound = deviation * math.sqrt(3)
        return self.random.uniform(mean - bound, mean + bound, shape).astype(np.float32)

    def weight(self, name, values):
        self.weights[name] = np.asarray(values)
        return name

    def op(self, kind, inputs, output, **attributes):
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def dense(self, x, name, rows, columns, gain):
        """x W + b over the last axis, as a MatMul, the kind of node that is quantized."""
        w = self.weight(name + ".weight", self.draw((rows, columns), gain / math.sqrt(rows)))
        b = self.weight(name + ".bias", self.draw(columns, 0.1))
        return self.op("Add", [self.op("MatMul", [x, w], name + ".product"), b], name)

    def layer_norm(self, x, name):
        scale = self.weight(name + ".weight", self.draw(HIDDEN, 0.1, mean=1.0))
        shift = self.weight(name + ".bias", self.draw(HIDDEN, 0.1))
        return self.op("LayerNormalization", [x, scale, shift], name, axis=-1, epsilon=LAYER_NORM_EPS)

    def embeddings(self, vocabulary):
        name = "embeddings."
        self.op("Shape", ["input_ids"], name + "shape")
        length = self.op("Gather", [name + "shape", self.weight("one", np.int64(1))], name + "length", axis=0)
        zero = self.weight("zero", np.int64(0))
        positions = self.op("Range", [zero, length, "one"], name + "positions")
        parts = []
        for part, rows, deviation, ids in (("word", vocabulary, 1.0, "input_ids"),
                                           ("token_type", 2, 0.4, "token_type_ids"),
                                           ("position", POSITIONS, 0.4, positions)):
            table = self.weight(f"{name}{part}_embeddings.weight", self.draw((rows, HIDDEN), deviation))
            parts.append(self.op("Gather", [table, ids], f"{name}{part}_embeddings", axis=0))
        typed = self.op("Add", parts[:2], name + "typed")
        placed = self.op("Add", [typed, parts[2]], name + "placed")
        return self.layer_norm(placed, name + "LayerNorm")

    def mask(self):
        """0 where a token stands and -10000 where padding does, [batch, 1, 1, sequence]."""
        shown = self.op("Cast", ["attention_mask"], "mask.shown", to=TensorProto.FLOAT)
        hidden = self.op("Sub", [self.weight("mask.one", np.float32(1)), shown], "mask.hidden")
        wide = self.op("Unsqueeze", [hidden, self.weight("mask.axes", np.int64([1, 2]))], "mask.wide")
        return self.op("Mul", [wide, self.weight("mask.low", np.float32(-10000))], "mask.bias")

    def layer(self, x, mask, name):
        size, attention = HIDDEN // HEADS, name + "attention."
        split = self.weight("heads.split", np.int64([0, 0, HEADS, size]))
        join = self.weight("heads.join", np.int64([0, 0, HIDDEN]))
        heads = {}
        for part, gain, order in (("query", 1.3, [0, 2, 1, 3]), ("key", 1.3, [0, 2, 3, 1]),
                                  ("value", 1.0, [0, 2, 1, 3])):
            dense = self.dense(x, f"{attention}self.{part}", HIDDEN, HIDDEN, gain)
            shaped = self.op("Reshape", [dense, split], dense + ".shaped")
            heads[part] = self.op("Transpose", [shaped], dense + ".heads", perm=order)
        match = self.op("MatMul", [heads["query"], heads["key"]], attention + "match")
        root = self.weight("heads.root", np.float32(math.sqrt(size)))
        scaled = self.op("Div", [match, root], attention + "scaled")
        biased = self.op("Add", [scaled, mask], attention + "biased")
        shares = self.op("Softmax", [biased], attention + "shares", axis=-1)
        mixed = self.op("MatMul", [shares, heads["value"]], attention + "mixed")
        turned = self.op("Transpose", [mixed], attention + "turned", perm=[0, 2, 1, 3])
        joined = self.op("Reshape", [turned, join], attention + "joined")
        dense = self.dense(joined, attention + "output.dense", HIDDEN, HIDDEN, 2.0)
        x = self.layer_norm(self.op("Add", [dense, x], attention + "sum"), attention + "output.LayerNorm")

        inner = self.gelu(self.dense(x, name + "intermediate.dense", HIDDEN, INNER, 1.0), name + "intermediate.")
        dense = self.dense(inner, name + "output.dense", INNER, HIDDEN, 1.0)
        return self.layer_norm(self.op("Add", [dense, x], name + "sum"), name + "output.LayerNorm")

    def gelu(self, x, name):
        """x * (1 + erf(x / sqrt 2)) / 2, spelled out: opset 17 has no Gelu."""
        root = self.weight("gelu.root", np.float32(math.sqrt(2)))
        erf = self.op("Erf", [self.op("Div", [x, root], name + "scaled")], name + "erf")
        gate = self.op("Add", [erf, self.weight("gelu.one", np.float32(1))], name + "gate")
        return self.op("Mul", [self.op("Mul", [x, gate], name + "gated"),
                               self.weight("gelu.half", np.float32(0.5))], name + "gelu")

    def encoder(self, vocabulary):
        x, mask = self.embeddings(vocabulary), self.mask()
        for i in range(LAYERS):
            x = self.layer(x, mask, f"encoder.layer.{i}.")
        return x

    def classifier(self, x, labels):
        first = self.op("Gather", [x, self.weight("zero", np.int64(0))], "pooler.first", axis=1)
        weight = self.weight("pooler.dense.weight", self.draw((HIDDEN, HIDDEN), 1 / math.sqrt(HIDDEN)))
        bias = self.weight("pooler.dense.bias", self.draw(HIDDEN, 0.1))
        dense = self.op("Gemm", [first, weight, bias], "pooler.dense", transB=1)
        pooled = self.op("Tanh", [dense], "pooler")
        weight = self.weight("classifier.weight", self.draw((labels, HIDDEN), 1 / math.sqrt(HIDDEN)))
        bias = self.weight("classifier.bias", np.zeros(labels, np.float32))
        return self.op("Gemm", [pooled, weight, bias], "logits", transB=1)

    def model(self, result, output, shape):
        if result != output:
            self.op("Identity", [result], output)
        graph = helper.make_graph(
            self.nodes, "tiny",
            [helper.make_tensor_value_info(n, TensorProto.INT64, ["batch", "sequence"])
             for n in ("input_ids", "attention_mask", "token_type_ids")],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape)],
            [numpy_helper.from_array(a, n) for n, a in self.weights.items()])
        made = helper.make_model(graph, producer_name="make_models.py",
                                 opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
        onnx.checker.check_model(made, full_check=True)
        return made.SerializeToString(deterministic=True)


def cross_encoder(tokenizer, labels, seed):
    """A cross-encoder whose scores over all pairs of QUERIES and CORPUS have mean 0 and deviation SCORE_DEVIATION."""
    graph = Graph(seed)
    logits = graph.classifier(graph.encoder(tokenizer.get_vocab_size()), labels)
    shape = ["batch", labels]
    probe = session(graph.model(logits, "logits", shape))
    scores = np.array([score(probe, encode_pair(tokenizer, q, t)) for q in QUERIES for t in CORPUS.splitlines()])
    # rounded, so that the last digits of a processor do not reach the file
    gain = round(SCORE_DEVIATION / scores.std(), 2)
    shift = round(-float(scores.mean()) * gain, 2)
    graph.weights["classifier.weight"] *= np.float32(gain)
    graph.weights["classifier.bias"] += np.float32([shift] if labels == 1 else [-shift / 2, shift / 2])
    return graph.model(logits, "logits", shape)


def encoder(tokenizer, seed):
    graph = Graph(seed)
    hidden = graph.encoder(tokenizer.get_vocab_size())
    return graph.model(hidden, "last_hidden_state", ["batch", "sequence", HIDDEN])


def quantize(model):
    """Eight-bit weights of seven bits' range: no saturation on processors without VNNI."""
    logging.getLogger().setLevel(logging.ERROR)  # it advises a preparation that these graphs do not need
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "model.onnx"), Path(folder, "model_int8.onnx")
        source.write_bytes(model)
        quantize_dynamic(source, target, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gather"],
                         per_channel=True, reduce_range=True)
        made = onnx.load(target)
    onnx.checker.check_model(made)
    return made.SerializeToString(deterministic=True)


# ---------------------------------------------------------------- running them

def session(model):
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def encode_pair(tokenizer, query, text):
    """Ids and type ids of a pair, at most MAX_LENGTH of them: the text is cut, never the query."""
    a, b = (tokenizer.encode(t, add_special_tokens=False).ids for t in (query, text))
    b = b[:MAX_LENGTH - 3 - len(a)]
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    return [cls] + a + [sep] + b + [sep], [0] * (len(a) + 2) + [1] * (len(b) + 1)


def encode_text(tokenizer, text):
    ids = tokenizer.encode(text, add_special_tokens=False).ids[:MAX_LENGTH - 2]
    ids = [tokenizer.token_to_id("[CLS]")] + ids + [tokenizer.token_to_id("[SEP]")]
    return ids, [0] * len(ids)


def run(model, rows):
    """The output for a batch of (ids, type ids), padded with zeros to the longest, and its mask."""
    width = max(len(ids) for ids, _ in rows)
    ids, types, mask = (np.zeros((len(rows), width), np.int64) for _ in range(3))
    for i, (row_ids, row_types) in enumerate(rows):
        ids[i, :len(row_ids)], types[i, :len(row_ids)], mask[i, :len(row_ids)] = row_ids, row_types, 1
    return model.run(None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": types})[0], mask


def score_batch(model, rows):
    logits = run(model, rows)[0].astype(np.float64)
    return logits[:, 0] if logits.shape[1] == 1 else logits[:, 1] - logits[:, 0]


def score(model, row):
    return float(score_batch(model, [row])[0])


def pool(model, rows):
    """The L2-normalised vectors of the first token, and those of the mean over the tokens that are not padding."""
    hidden, mask = run(model, rows)
    hidden, mask = hidden.astype(np.float64), mask[:, :, None]
    vectors = hidden[:, 0], (hidden * mask).sum(1) / mask.sum(1)
    return [v / np.linalg.norm(v, axis=1, keepdims=True) for v in vectors]


# ---------------------------------------------------------------- files

def write_json(path, value):
    path.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def write_config(path, tokenizer, architecture, labels=()):
    config = {
        "model_type": "bert", "architectures": [architecture], "hidden_size": HIDDEN, "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS, "intermediate_size": INNER, "hidden_act": "gelu",
        "vocab_size": tokenizer.get_vocab_size(), "max_position_embeddings": POSITIONS, "type_vocab_size": 2,
        "layer_norm_eps": LAYER_NORM_EPS, "pad_token_id": tokenizer.token_to_id("[PAD]"),
    }
    if labels:
        config |= {"num_labels": len(labels), "id2label": {str(i): label for i, label in enumerate(labels)}}
    write_json(path, config)


def write_golden(folder, tokenizer, files):
    """Token ids and scores of GOLDEN_PAIRS. files: key of the score -> name of the model file."""
    golden = {"max_length": MAX_LENGTH, "files": checksums(folder, files.values()), "pairs": []}
    sessions = {key: session(str(folder / file)) for key, file in files.items()}
    for query, text in GOLDEN_PAIRS:
        row = encode_pair(tokenizer, query, text)
        golden["pairs"].append({"query": query, "text": text, "tokens": len(row[0]), "first_ids": row[0][:24]}
                               | {key: round(score(s, row), 5) for key, s in sessions.items()})
    write_json(folder / "golden.json", golden)


def write_vectors(folder, tokenizer):
    vectors = {"max_length": MAX_LENGTH, "files": checksums(folder, ["model.onnx"]), "texts": []}
    model = session(str(folder / "model.onnx"))
    for text in ENCODER_TEXTS:
        row = encode_text(tokenizer, text)
        first, mean = ([round(float(x), 6) for x in v[0]] for v in pool(model, [row]))
        vectors["texts"].append({"text": text, "tokens": len(row[0]), "first_ids": row[0][:24],
                                 "cls": first, "mean": mean})
    write_json(folder / "vectors.json", vectors)


def write_pairs(path, tokenizer, pairs):
    """What the tokenizer itself makes of each pair, untruncated."""
    encoded = [(query, text, tokenizer.encode(query, text)) for query, text in pairs]
    write_json(path, {"pairs": [{"query": q, "text": t, "ids": e.ids, "type_ids": e.type_ids} for q, t, e in encoded]})


def checksums(folder, files):
    return {f: {"sha256": hashlib.sha256((folder / f).read_bytes()).hexdigest()} for f in files}


def check_batching(model, rows, function, tolerance=1e-5):
    """Fails unless a padded batch gives what each row gives alone."""
    alone = np.concatenate([function(model, [row]) for row in rows])
    difference = np.abs(alone - function(model, rows)).max()
    if difference > tolerance:
        raise AssertionError(f"alone and in a padded batch must agree within {tolerance}, got {difference}")


def main(out):
    folders = {n: Path(out, n) for n in ("tiny-ce", "tiny-two-class", "tiny-encoder", "tiny-roberta-template")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    tokenizer = wordpiece_tokenizer()
    pairs = [encode_pair(tokenizer, q, t) for q, t in GOLDEN_PAIRS]

    folder = folders["tiny-ce"]
    model = cross_encoder(tokenizer, labels=1, seed=1)
    (folder / "model.onnx").write_bytes(model)
    (folder / "model_int8.onnx").write_bytes(quantize(model))
    check_batching(session(model), pairs, score_batch)
    tokenizer.save(str(folder / "tokenizer.json"))
    write_config(folder / "config.json", tokenizer, "BertForSequenceClassification", ["relevant"])
    write_golden(folder, tokenizer, {"logit": "model.onnx", "logit_int8": "model_int8.onnx"})
    write_pairs(folder / "pairs.json", tokenizer, TOKENIZER_PAIRS)

    folder = folders["tiny-two-class"]
    model = cross_encoder(tokenizer, labels=2, seed=2)
    (folder / "model.onnx").write_bytes(model)
    check_batching(session(model), pairs, score_batch)
    tokenizer.save(str(folder / "tokenizer.json"))
    write_config(folder / "config.json", tokenizer, "BertForSequenceClassification", ["irrelevant", "relevant"])
    write_golden(folder, tokenizer, {"logit": "model.onnx"})

    folder = folders["tiny-encoder"]
    model = encoder(tokenizer, seed=3)
    (folder / "model.onnx").write_bytes(model)
    check_batching(session(model), [encode_text(tokenizer, t) for t in ENCODER_TEXTS],
                   lambda m, rows: np.concatenate(pool(m, rows), axis=1))
    tokenizer.save(str(folder / "tokenizer.json"))
    write_config(folder / "config.json", tokenizer, "BertModel")
    write_vectors(folder, tokenizer)

    folder = folders["tiny-roberta-template"]
    tokenizer = roberta_tokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    write_pairs(folder / "pairs.json", tokenizer, ROBERTA_PAIRS)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python make_models.py OUT")
    main(sys.argv[1])
