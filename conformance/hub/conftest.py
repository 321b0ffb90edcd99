"""Two programs and one cache: Python's huggingface_hub, and rerank models; run-hub starts the hub they pull from."""

import json
import os
import subprocess
from pathlib import Path

import pytest


def given(name):
    value = os.environ.get(name)
    if not value:
        pytest.exit(f"{name} is not set; run conformance/run-hub, which starts a hub", returncode=2)
    return value


RERANK = given("RERANK4J")
HUB = given("RERANK4J_HUB")
LOCKED = given("RERANK4J_LOCKED_HUB")
TOKEN = given("RERANK4J_TOKEN")
MODELS = Path(given("RERANK4J_MODELS"))
NOWHERE = "http://127.0.0.1:9"  # nobody listens there

# Read when huggingface_hub is imported. What a test wants otherwise, it says in each call.
os.environ["HF_ENDPOINT"] = HUB
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"


class Ours:
    """rerank models, with a cache of the test's own."""

    def __init__(self, cache, home):
        self.cache = cache
        self.home = home

    def environment(self, **variables):
        kept = {name: os.environ[name] for name in ("JAVA_HOME", "PATH", "RERANK4J_CACHE") if name in os.environ}
        kept.setdefault("RERANK4J_CACHE", str(Path(os.environ["HOME"]) / ".cache" / "rerank4j"))
        return kept | {"HOME": str(self.home), "HF_ENDPOINT": HUB, "HF_HUB_CACHE": str(self.cache)} | variables

    def start(self, *args, **variables):
        return subprocess.Popen([RERANK, *args], env=self.environment(**variables), stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *args, code=0, input=None, **variables):
        done = subprocess.run([RERANK, *args], env=self.environment(**variables), input=input, capture_output=True,
                              text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout if code == 0 else done.stdout + done.stderr

    def json(self, *args, **variables):
        return json.loads(self.run(*args, "--json", **variables))

    def pull(self, model, *args, **variables):
        """Where the files are."""
        return self.json("models", "pull", model, *args, **variables)["folder"]

    def offline(self, *args, **more):
        """With no hub to ask, and not allowed to."""
        return self.run(*args, HF_ENDPOINT=NOWHERE, HF_HUB_OFFLINE="1", **more)

    def names(self):
        return [model["model"] for model in self.json("models", "list")["models"]]


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "hub"


@pytest.fixture
def ours(cache, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    return Ours(cache, home)


def files(folder):
    """What lies there, with its bytes."""
    folder = Path(folder)
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def blobs(cache, model):
    """Names of what is stored, and when each was last changed: what is downloaded again changes."""
    folder = Path(cache) / ("models--" + model.replace("/", "--")) / "blobs"
    return {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}
