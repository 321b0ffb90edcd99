"""What one of the two programs has downloaded, the other one finds, checks, leaves as it is and removes."""

import shutil
import subprocess
import sys

import pytest
from conftest import LOCKED, MODELS, NOWHERE, TOKEN, blobs, files
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache

MODELS_OF_KINDS = ["acme/reranker", "acme/dense", "acme/encoder"]


def scanned(cache):
    """What Python makes of the cache: nothing in it may be odd."""
    found = scan_cache_dir(cache)
    assert found.warnings == []
    return {repo.repo_id: repo for repo in found.repos}


@pytest.mark.parametrize("model", MODELS_OF_KINDS)
def test_python_finds_what_we_pulled(cache, ours, model):
    folder = ours.pull(model)
    source = files(MODELS / model)
    got = files(folder)
    assert got == {path: source[path] for path in got}
    assert {"config.json", "tokenizer.json", "onnx/model.onnx"} <= got.keys()
    assert "pytorch_model.bin" not in got and "README.md" not in got
    assert snapshot_download(model, cache_dir=cache, local_files_only=True) == folder
    for path in got:
        assert try_to_load_from_cache(model, path, cache_dir=cache) == f"{folder}/{path}"
        assert hf_hub_download(model, path, cache_dir=cache, local_files_only=True) == f"{folder}/{path}"
    repo = scanned(cache)[model]
    revision, = repo.revisions
    assert revision.refs == {"main"}
    assert {str(file.file_path) for file in revision.files} == {f"{folder}/{path}" for path in got}


@pytest.mark.parametrize("model", MODELS_OF_KINDS)
def test_python_downloads_none_of_it_again(cache, ours, model):
    folder = ours.pull(model)
    before = blobs(cache, model)
    assert snapshot_download(model, cache_dir=cache) == folder
    after = blobs(cache, model)
    assert after | before == after  # and what we do not want has come
    assert files(folder) == files(MODELS / model)
    ours.offline("models", "verify", model)


@pytest.mark.parametrize("model", MODELS_OF_KINDS)
def test_we_find_what_python_pulled(cache, ours, model):
    folder = snapshot_download(model, cache_dir=cache)
    assert ours.names() == [model]
    ours.offline("models", "verify", model)
    assert folder in ours.offline("models", "show", model)
    before = blobs(cache, model)
    assert ours.pull(model) == folder
    assert blobs(cache, model) == before
    assert set(scanned(cache)) == {model}


def test_what_python_pulled_reranks_without_a_network(cache, ours):
    snapshot_download("acme/reranker", cache_dir=cache)
    ranked = ours.offline("rerank", "--reranker", "acme/reranker", "a query", input="one\ntwo\n")
    assert sorted(ranked.split()) == ["one", "two"]


def test_a_single_file_of_python_is_completed(cache, ours):
    hf_hub_download("acme/dense", "onnx/model.onnx", cache_dir=cache)
    before = blobs(cache, "acme/dense")
    assert "not as a whole" in ours.run("rerank", "--reranker", "acme/dense", "a query", input="one\n", code=3,
                                        HF_ENDPOINT=NOWHERE, HF_HUB_OFFLINE="1")
    ours.run("rerank", "--reranker", "acme/dense", "a query", input="one\ntwo\n")
    after = blobs(cache, "acme/dense")
    assert after | before == after and len(after) > len(before)
    ours.offline("rerank", "--reranker", "acme/dense", "a query", input="one\ntwo\n")
    assert set(scanned(cache)) == {"acme/dense"}


def test_a_token_of_the_environment_is_the_same(cache, ours):
    assert "HF_TOKEN" in ours.run("models", "pull", "acme/reranker", code=2, HF_ENDPOINT=LOCKED)
    folder = ours.pull("acme/reranker", HF_ENDPOINT=LOCKED, HF_TOKEN=TOKEN)
    assert snapshot_download("acme/reranker", cache_dir=cache, endpoint=LOCKED, token=TOKEN) == folder


def test_python_removes_what_we_pulled(cache, ours):
    ours.pull("acme/reranker")
    revision, = scanned(cache)["acme/reranker"].revisions
    scan_cache_dir(cache).delete_revisions(revision.commit_hash).execute()
    assert ours.names() == []
    ours.run("models", "show", "acme/reranker", code=1)


def test_we_remove_what_python_pulled(cache, ours):
    snapshot_download("acme/reranker", cache_dir=cache)
    snapshot_download("acme/dense", cache_dir=cache)
    ours.run("models", "remove", "acme/reranker")
    assert set(scanned(cache)) == {"acme/dense"}
    assert try_to_load_from_cache("acme/reranker", "config.json", cache_dir=cache) is None


def test_a_cache_that_was_moved_is_whole(cache, ours, tmp_path):
    snapshot_download("acme/reranker", cache_dir=cache)
    ours.pull("acme/dense")
    ours.cache = shutil.move(cache, tmp_path / "moved")
    for model in ("acme/reranker", "acme/dense"):
        ours.offline("models", "verify", model)
        snapshot_download(model, cache_dir=ours.cache, local_files_only=True)


def test_both_at_once(cache, ours):
    script = "import sys; from huggingface_hub import snapshot_download as get; print(get(sys.argv[1], cache_dir=sys.argv[2]))"
    running = [ours.start("models", "pull", "acme/dense") for _ in range(2)]
    running += [subprocess.Popen([sys.executable, "-c", script, "acme/dense", str(cache)], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for process in running:
        out, err = process.communicate()
        assert process.returncode == 0, out + err
    assert files(snapshot_download("acme/dense", cache_dir=cache, local_files_only=True)) == files(MODELS / "acme/dense")
    assert not [name for name in blobs(cache, "acme/dense") if "incomplete" in name]
    ours.offline("models", "verify", "acme/dense")
    assert set(scanned(cache)) == {"acme/dense"}
