"""The candidates of judged queries, as the product's own first stage finds them, and whether those of before still hold."""

import hashlib
import json
import os
import shlex
import subprocess
from pathlib import Path

from .judged import split
from .work import Refusal, made_before, sha256, write_json

FEWEST_QUERIES = 20  # LEAST_QUERIES of CandidatesCommand
# Options that `rerank candidates` gets, and those of them that name files.
ASKED = ("docs", "data", "judgments", "clicks", "index", "language", "encoder")
FILES = ("docs", "data", "judgments", "clicks", "index")


def given_options(o, *names):
    return [word for name in names if getattr(o, name) is not None for word in (f"--{name}", getattr(o, name))]


def looks(path, but=None):
    """A file's hash; of a folder that of the names, sizes and times in it, which changes when a file does, and is there at once."""
    path = Path(path)
    if path.is_file():
        return sha256(path)
    seen = hashlib.sha256()
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if Path(folder, name).absolute() != but)
        for file in (Path(folder, name) for name in sorted(files)):
            known = file.stat() if file.exists() else file.lstat()  # a link to nowhere
            seen.update(f"{file}\0{known.st_size}\0{known.st_mtime_ns}\0".encode("utf-8", "surrogateescape"))
    return seen.hexdigest()


def kept_candidates(o, work):
    """Those of before if they were made of the same files with the same options."""
    file, record = work / "candidates.jsonl", work / "candidates.json"
    made_of = {"rerank": o.rerank, "depth": o.depth, **{name: getattr(o, name) for name in ASKED},
               "files": {name: looks(getattr(o, name), work.absolute()) for name in FILES if getattr(o, name) is not None}}
    if not (file.is_file() and made_before(record, made_of)):
        record.unlink(missing_ok=True)
        file.unlink(missing_ok=True)
        candidates(o, file)
        write_json(record, made_of)
    return file


def candidates(o, out):
    """`rerank candidates`, whose messages are the user's."""
    command = [*shlex.split(o.rerank), "candidates", "--out", str(out), "--depth", str(o.depth), *given_options(o, *ASKED)]
    try:
        done = subprocess.run(command)
    except OSError as e:
        raise Refusal(f"{command[0]} cannot be started ({e.strerror}): --rerank names the command") from e
    if done.returncode:
        raise Refusal(f"rerank candidates ended with {done.returncode}; its message is above")


def read_candidates(path):
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines() if line]
    able = [row for row in rows if all(split(row["candidates"]))]
    if len(able) < FEWEST_QUERIES:
        raise Refusal(f"fine-tuning needs at least {FEWEST_QUERIES} queries that have a relevant document and candidates that are not, there are {len(able)} (of {len(rows)} judged)")
    return able
