"""The server of our tests is a hub: Python's own client finds in it what it finds at the real one."""

import io

import pytest
from conftest import HUB, LOCKED, MODELS, TOKEN, files
from huggingface_hub import HfApi, get_hf_file_metadata, hf_hub_download, hf_hub_url, snapshot_download
from huggingface_hub.errors import EntryNotFoundError, RepositoryNotFoundError, RevisionNotFoundError
from huggingface_hub.file_download import http_get

WANTED = "acme/reranker"


def test_a_snapshot_is_all_of_the_repository(cache):
    for name in ("acme/reranker", "acme/dense", "acme/encoder"):
        assert files(snapshot_download(name, cache_dir=cache)) == files(MODELS / name)


def test_a_model_has_its_files_sizes_and_checksums():
    info = HfApi().model_info(WANTED, files_metadata=True)
    source = files(MODELS / WANTED)
    assert {sibling.rfilename: sibling.size for sibling in info.siblings} \
        == {path: len(content) for path, content in source.items()}
    large = {sibling.rfilename for sibling in info.siblings if sibling.lfs}
    assert large == {"onnx/model.onnx", "pytorch_model.bin"}
    assert HfApi().model_info(WANTED, revision=info.sha).sha == info.sha


def test_the_tree_is_that_of_the_model():
    tree = {file.path: file for file in HfApi().list_repo_tree(WANTED, recursive=True)}
    info = {sibling.rfilename: sibling for sibling in HfApi().model_info(WANTED, files_metadata=True).siblings}
    assert tree.keys() == info.keys()
    for path, file in tree.items():
        assert file.blob_id == info[path].blob_id
        assert (file.lfs and file.lfs.sha256) == (info[path].lfs and info[path].lfs.sha256)


@pytest.mark.parametrize("path", ["onnx/model.onnx", "config.json"])
def test_a_file_has_its_commit_size_and_checksum(path):
    info = HfApi().model_info(WANTED, files_metadata=True)
    sibling = next(one for one in info.siblings if one.rfilename == path)
    metadata = get_hf_file_metadata(hf_hub_url(WANTED, path))
    assert metadata.commit_hash == info.sha
    assert metadata.size == sibling.size
    assert metadata.etag == (sibling.lfs.sha256 if sibling.lfs else sibling.blob_id)
    # A large one lies elsewhere, as it does behind the real hub's content delivery network.
    assert metadata.location.startswith(HUB) == (sibling.lfs is None)


@pytest.mark.parametrize("path", ["onnx/model.onnx", "config.json"])
def test_the_rest_of_a_file_can_be_had(path):
    content = (MODELS / WANTED / path).read_bytes()
    half = len(content) // 2
    got = io.BytesIO(content[:half])
    got.seek(half)
    http_get(get_hf_file_metadata(hf_hub_url(WANTED, path)).location, got, resume_size=half,
             expected_size=len(content))
    assert got.getvalue() == content


def test_what_is_not_there_is_told_apart(cache):
    with pytest.raises(RepositoryNotFoundError):
        snapshot_download("acme/nothing", cache_dir=cache)
    with pytest.raises(RevisionNotFoundError):
        snapshot_download(WANTED, revision="v9", cache_dir=cache)
    with pytest.raises(EntryNotFoundError):
        hf_hub_download(WANTED, "nothing.json", cache_dir=cache)


def test_a_private_model_is_there_for_who_has_the_token(cache):
    with pytest.raises(RepositoryNotFoundError):
        snapshot_download(WANTED, endpoint=LOCKED, cache_dir=cache)
    folder = snapshot_download(WANTED, endpoint=LOCKED, token=TOKEN, cache_dir=cache)
    assert files(folder) == files(MODELS / WANTED)
