"""What only the newer versions of huggingface_hub do to a cache."""

import os
import subprocess
import sys

from conftest import MODELS, files


def python(code, **variables):
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_cache_without_links_is_read(cache, ours):
    get = f"from huggingface_hub import snapshot_download as get; print(get('acme/dense', cache_dir={str(cache)!r}))"
    folder = python(get, HF_HUB_DISABLE_SYMLINKS="1")
    assert not [path for path in (cache / "models--acme--dense/snapshots").rglob("*") if path.is_symlink()]
    ours.offline("models", "verify", "acme/dense")
    assert ours.pull("acme/dense") == folder
    ours.offline("rerank", "--reranker", "acme/dense", "a query", input="one\ntwo\n")
    assert files(folder) == files(MODELS / "acme/dense")
    config = os.path.join(folder, "config.json")
    with open(config, "ab") as file:  # as its list of files says how long it is, and what is in it
        file.write(b" ")
    assert "damaged: snapshots/" in ours.run("models", "verify", "acme/dense", code=3)


def test_its_list_of_files_spares_us_asking(cache, ours):
    get = f"from huggingface_hub import snapshot_download as get; print(get('acme/dense', cache_dir={str(cache)!r}))"
    python(get)
    assert (cache / "models--acme--dense/trees").is_dir()
    ours.run("rerank", "--reranker", "acme/dense", "a query", input="one\ntwo\n", HF_ENDPOINT="http://127.0.0.1:9")
