"""export.py with little models: what Rerank4j says of its folders is what sentence-transformers says, and every refusal is one sentence.

    conformance/run-export
"""

import contextlib
import http.server
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import unittest.mock
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "golden")]

import numpy
import torch
from sentence_transformers import CrossEncoder, SentenceTransformer
from sentence_transformers.base.modules import Dense, Normalize, Transformer
from sentence_transformers.sentence_transformer.modules import LayerNorm, Pooling

import architectures
import export
import little_tokenizers
import onnx_file
import texts
from pairs import PAIRS

RERANK = HERE.parent / "rerank"
QUERY = "how many days of paid leave do I get"
TEXTS = [text for _, text in PAIRS if text] + texts.SCRIPTS[:5] + texts.CODE[:5]


def save(folder, kind, tokenizer, labels=1, classifier=True):
    """A model as transformers saves it; its logits differ by more than what is compared."""
    made = tokenizer(texts.training(), architectures.MAX_LENGTH)
    settings = dict(num_labels=labels) if classifier else {}
    model = architectures.build(architectures.config(kind, len(made), **settings), classifier, seed=7)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.startswith("classifier") and parameter.dim() > 1:
                parameter.mul_(3)
    model.save_pretrained(folder)
    made.save_pretrained(folder)


def change(path, **values):
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def pickled(folder):
    """Weights as older models have them."""
    from safetensors.torch import load_file
    for file in folder.rglob("model.safetensors"):
        torch.save(load_file(file), file.with_name("pytorch_model.bin"))
        file.unlink()


def rerank4j(folder):
    """Logit by text, and what it printed otherwise."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in TEXTS)
    done = subprocess.run([RERANK, "rerank", "--json", "--reranker", folder, QUERY], input=lines, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return {answer["text"]: answer for answer in answers}, done.stderr


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.source, self.out = self.folder / "source", self.folder / "out"

    def export(self, *options, code=0):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            result = export.main([str(self.source), str(self.out), *options])
        self.assertEqual(result, code, printed.getvalue())
        return printed.getvalue()

    def refused(self, words, *options):
        printed = self.export(*options, code=1)
        said = [line for line in printed.splitlines() if line.startswith("export.py: ")]
        self.assertEqual(len(said), 1, printed)
        self.assertIn(words, said[0])
        self.assertNotIn("Traceback", printed)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir() if p.name.startswith("out")), [], "nothing is written")


class Rerankers(Case):
    def agrees(self, *options):
        printed = self.export(*options)
        model = CrossEncoder(str(self.source), device="cpu")
        cut = {"text": {"truncation": "only_second"}}
        pairs = [(QUERY, text) for text in TEXTS]
        logits = model.predict(pairs, activation_fn=torch.nn.Identity(), processing_kwargs=cut)
        if logits.ndim == 2:
            logits = logits[:, 1] - logits[:, 0]
        self.assertGreater(numpy.std(logits), 0.1, "a test that could not fail")
        answers, _ = rerank4j(self.out)
        tolerance = 0.2 if "--quantize" in options else 1e-4
        for text, logit in zip(TEXTS, logits):
            self.assertAlmostEqual(answers[text]["score"], float(logit), delta=tolerance, msg=text)
        return printed

    def test_without_tokenizer_json(self):
        save(self.source, "bert", little_tokenizers.word_piece)
        words = json.loads((self.source / "tokenizer.json").read_text())["model"]["vocab"]
        (self.source / "tokenizer.json").unlink()
        (self.source / "vocab.txt").write_text("\n".join(sorted(words, key=words.get)) + "\n")
        (self.source / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "BertTokenizer", "do_lower_case": True, "model_max_length": 128}))
        self.agrees()
        self.assertTrue((self.out / "tokenizer.json").is_file())

    def test_two_separators_and_int8(self):
        save(self.source, "xlm-roberta", little_tokenizers.xlm_roberta_unigram)
        printed = self.agrees("--quantize")
        self.assertIn("int8", printed)
        self.assertTrue((self.out / "onnx/model_int8.onnx").is_file())

    def test_two_classes(self):
        save(self.source, "roberta", little_tokenizers.roberta_bpe, labels=2)
        self.agrees()

    def test_relative_positions(self):
        save(self.source, "deberta-v2", little_tokenizers.deberta_unigram)
        self.agrees()

    def test_weights_in_a_file_of_their_own(self):
        save(self.source, "bert", little_tokenizers.word_piece)
        self.enterContext(unittest.mock.patch.object(onnx_file, "WITHIN", 0))
        self.agrees()
        self.assertGreater((self.out / "onnx/model.onnx_data").stat().st_size, 100_000)

    def test_layers_behind_the_network_and_a_prompt(self):
        save(self.folder / "network", "modernbert", little_tokenizers.modern_bpe, classifier=False)
        torch.manual_seed(3)
        modules = [Transformer(str(self.folder / "network")), Pooling(32, pooling_mode="cls"), Dense(32, 32, activation_function=torch.nn.GELU()), LayerNorm(32),
                   Dense(32, 1, activation_function=torch.nn.Identity(), module_output_name="scores")]
        CrossEncoder(modules=modules, device="cpu", prompts={"web": "search: "}, default_prompt_name="web").save_pretrained(str(self.source))
        pickled(self.source)
        self.agrees()
        self.assertEqual(sorted(p.name for p in self.out.glob("*/model.safetensors")), ["model.safetensors"] * 3)
        self.assertFalse(any(self.out.rglob("*.bin")))

    def test_known_scores_are_checked_when_it_is_loaded(self):
        save(self.source, "bert", little_tokenizers.word_piece)
        self.export()
        known = json.loads((self.out / "golden.json").read_text())
        known["pairs"][0]["logit"] += 1
        (self.out / "golden.json").write_text(json.dumps(known))
        done = subprocess.run([RERANK, "rerank", "--reranker", self.out, QUERY], input="text\n", capture_output=True, text=True)
        self.assertEqual(done.returncode, 3)
        self.assertIn("its numbers are off", done.stderr)

    def test_another_exporter_where_the_first_is_wrong(self):
        save(self.source, "bert", little_tokenizers.word_piece)
        right = onnx_file.by_tracing

        def wrong(network, example, path):
            with torch.no_grad():
                network.inner.classifier.bias.add_(1)
                right(network, example, path)
                network.inner.classifier.bias.sub_(1)

        self.enterContext(unittest.mock.patch.object(onnx_file, "by_tracing", wrong))
        self.agrees()

    def test_no_exporter_is_right(self):
        save(self.source, "bert", little_tokenizers.word_piece)
        self.enterContext(unittest.mock.patch.object(onnx_file, "TOLERANCE", -1))
        self.refused("cannot be made an ONNX file that gives the same numbers")


class Encoders(Case):
    def test_vectors(self):
        save(self.folder / "network", "distilbert", lambda t, n: little_tokenizers.word_piece(t, n, types=False), classifier=False)
        torch.manual_seed(4)
        modules = [Transformer(str(self.folder / "network")), Pooling(32, pooling_mode="mean"), Dense(32, 24), Normalize()]
        SentenceTransformer(modules=modules, device="cpu", prompts={"query": "query: ", "document": "passage: "}).save_pretrained(str(self.source))
        pickled(self.source)
        self.export("--quantize")
        (self.out / "onnx/model_int8.onnx").unlink()
        model = SentenceTransformer(str(self.source), device="cpu")
        right = model.encode_document(TEXTS)
        with served(self.out) as ask:
            answer = ask("/v1/embeddings", {"model": "encoder", "input": TEXTS})
        given = numpy.array([entry["embedding"] for entry in answer["data"]])
        self.assertLess(numpy.abs(given - right).max(), 1e-4)
        self.assertFalse((self.out / "golden.json").exists())


class Refusals(Case):
    def bert(self, **config):
        save(self.source, "bert", little_tokenizers.word_piece)
        if config:
            change(self.source / "config.json", **config)

    def test_folder_that_is_not_there(self):
        self.refused("there is no folder")

    def test_folder_that_is_not_empty(self):
        self.bert()
        self.out.mkdir()
        (self.out / "mine").write_text("")
        self.assertIn("is no empty folder", self.export(code=1))
        self.assertEqual(os.listdir(self.out), ["mine"])

    def test_no_configuration(self):
        self.source.mkdir()
        self.refused("there is no config.json")

    def test_damaged_configuration(self):
        self.bert()
        (self.source / "config.json").write_text("{")
        self.refused("is not JSON")

    def test_no_weights(self):
        self.bert()
        (self.source / "model.safetensors").unlink()
        self.refused("there are no weights")

    def test_damaged_weights(self):
        self.bert()
        (self.source / "model.safetensors").write_bytes(b"\x08" + bytes(40))
        self.refused("sentence-transformers cannot load the model")

    def test_no_tokenizer(self):
        self.bert()
        for file in self.source.glob("tokenizer*"):
            file.unlink()
        self.refused("there is no tokenizer")

    def test_unknown_architecture(self):
        self.bert(model_type="tomorrow")
        self.refused("transformers has no architecture tomorrow: a newer version may have it")

    def test_code_of_its_own(self):
        self.bert(model_type="new", auto_map={"AutoConfig": "configuration.NewConfig"})
        self.refused("add --trust-remote-code")

    def test_language_model(self):
        self.bert(architectures=["LlamaForCausalLM"])
        self.refused("is a model that writes text")

    def test_inference(self):
        save(self.source, "bert", little_tokenizers.word_piece, labels=2)
        change(self.source / "config.json", id2label={"0": "entailment", "1": "not_entailment"})
        self.refused("it cannot rerank")

    def test_three_classes(self):
        save(self.source, "bert", little_tokenizers.word_piece, labels=3)
        self.refused("the model has 3 classes")

    def test_licence(self):
        self.bert()
        (self.source / "README.md").write_text("---\nlicense: cc-by-nc-4.0\n---\n# A model\n")
        self.refused("forbids commercial use")
        self.assertIn("cc-by-nc-4.0", self.export("--accept-licence"))

    def test_revision_of_a_folder(self):
        self.bert()
        self.refused("--revision is for models of the hub", "--revision", "main")


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of the hub as downloads ask for; its one model is little/bert."""

    commit = "0123456789abcdef0123456789abcdef01234567"

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = self.path.split("?")[0].strip("/").split("/")
        if path[:2] == ["api", "models"]:
            if path[2:4] != ["little", "bert"]:
                return self.refuse(404, "RepoNotFound")
            if path[4:5] == ["revision"] and path[5] not in ("main", self.commit):
                return self.refuse(404, "RevisionNotFound")
            files = sorted(file.name for file in self.server.folder.iterdir())
            tree = [{"type": "file", "path": name, "size": (self.server.folder / name).stat().st_size, "oid": "0" * 40} for name in files]
            if path[4:5] == ["tree"]:
                return self.answer(json.dumps(tree).encode())
            return self.answer(json.dumps({"id": "little/bert", "sha": self.commit, "siblings": [{"rfilename": name} for name in files]}).encode())
        self.server.fetched.add(path[-1])
        return self.answer((self.server.folder / path[-1]).read_bytes())

    def answer(self, content):
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{len(content)}"')
        self.send_header("X-Repo-Commit", self.commit)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def refuse(self, code, why):
        self.send_response(code)
        self.send_header("X-Error-Code", why)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


class Names(Case):
    """Each in a process of its own: the hub's address and switches are read once."""

    def ask(self, *arguments, **environment):
        settings = os.environ | {"HF_HOME": str(self.folder / "cache")} | environment
        return subprocess.run([sys.executable, HERE / "export.py", *arguments, self.out], capture_output=True, text=True, env=settings)

    def hub(self):
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
        server.folder, server.fetched = self.source, set()
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return server, f"http://127.0.0.1:{server.server_port}"

    def refused(self, words, *arguments, **environment):
        done = self.ask(*arguments, **environment)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertFalse(self.out.exists())

    def test_model_of_a_hub(self):
        save(self.source, "bert", little_tokenizers.word_piece)
        (self.source / "pytorch_model.bin").write_bytes(b"the same again, as a pickle")
        (self.source / "tf_model.h5").write_bytes(b"the same again, for another library")
        server, address = self.hub()
        done = self.ask("little/bert", HF_ENDPOINT=address)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"little/bert at {Hub.commit}", done.stdout)
        self.assertEqual(server.fetched, {"config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"})
        shutil.rmtree(self.out)
        self.assertEqual(self.ask("little/bert", "--revision", Hub.commit, HF_HUB_OFFLINE="1").returncode, 0)

    def test_no_such_model(self):
        self.source.mkdir()
        _, address = self.hub()
        self.refused(f"there is no model little/gone at {address}, or it is private", "little/gone", HF_ENDPOINT=address)

    def test_no_such_revision(self):
        self.source.mkdir()
        _, address = self.hub()
        self.refused("little/bert has no revision v9", "little/bert", "--revision", "v9", HF_ENDPOINT=address)

    def test_no_network(self):
        self.refused("cannot be reached", "little/bert", HF_ENDPOINT="http://127.0.0.1:9")

    def test_offline(self):
        self.refused("is not in the cache of the hub's models, and HF_HUB_OFFLINE is set", "little/bert", HF_HUB_OFFLINE="1")

    def test_no_name(self):
        self.refused("the name of a model is OWNER/NAME", "bert")


@contextlib.contextmanager
def served(encoder):
    """Asks a server with this encoder."""
    import urllib.request
    server = subprocess.Popen([RERANK, "serve", "--port", "0", "--encoder", encoder], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        lines = []
        for line in server.stdout:
            lines.append(line)
            if "answers at http://" in line:
                address = "http://" + line.split("answers at http://")[1].split()[0].rstrip("/")
                break
        else:
            raise AssertionError("".join(lines))
        threading.Thread(target=server.stdout.read, daemon=True).start()

        def ask(path, body):
            request = urllib.request.Request(address + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
            return json.load(urllib.request.urlopen(request))

        yield ask
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


if __name__ == "__main__":
    unittest.main()
