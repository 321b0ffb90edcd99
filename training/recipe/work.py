"""What each step of the recipe leaves behind: its files, whole or not at all, and a record of what they were made of."""

import hashlib
import json
import os
import platform
import shutil
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("torch", "numpy", "tokenizers", "onnx", "onnxruntime", "bm25s", "safetensors")


class Refusal(Exception):
    """What is told to the user, in one sentence."""


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(value):
    """12 hex digits that stand for a value of JSON."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def hashes(what, files):
    """Of files by their names; one that is not there is refused."""
    missing = [str(path) for path in files.values() if not Path(path).is_file()]
    if missing:
        raise Refusal(f"{what} needs {', '.join(missing)}: run the step that makes it, or name another")
    return {name: sha256(path) for name, path in files.items()}


def key(text):
    """A text's name where the text itself is not to be kept: 24 hex digits of its lower case, single spaces."""
    return hashlib.blake2b(" ".join(text.split()).lower().encode(), digest_size=12).hexdigest()


def replace(path, write):
    """Writes beside the path and renames: a full disk or a kill leaves what was there before."""
    path = Path(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(beside)
        sync(beside)
        os.replace(beside, path)
    except OSError as e:
        raise not_written(path, e) from e
    finally:
        beside.unlink(missing_ok=True)


def replace_folder(path, write):
    """The same for a folder of files, which are moved when the last of them is whole. Others that were there stay."""
    path = Path(path).resolve()
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.mkdir(parents=True)
        write(beside)
        files = [file for file in beside.rglob("*") if file.is_file()]
        for file in files:
            sync(file)
        if not path.exists():
            os.replace(beside, path)
            return
        for file in files:
            (path / file.relative_to(beside)).parent.mkdir(parents=True, exist_ok=True)
            os.replace(file, path / file.relative_to(beside))
    except OSError as e:
        raise not_written(path, e) from e
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def sync(path):
    with open(path, "rb") as file:
        os.fsync(file.fileno())


def not_written(path, e):
    return Refusal(f"{path} could not be written ({e.strerror or e}): what was there is unchanged")


def write_json(path, value):
    replace(path, lambda beside: beside.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"))


def made_before(record, made_of):
    """Whether this is what the record says, and so nothing has to be made anew."""
    try:
        return json.loads(record.read_text()) == made_of
    except (OSError, ValueError):
        return False


def bfloat16_is_fast():
    """Whether the processor multiplies bfloat16 itself; elsewhere it is slower than float32."""
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def machine():
    return {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), "bfloat16": bfloat16_is_fast()}


def versions():
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            pass
    return found


class Step:
    """A step with its record, FOLDER/NAME.json. If the record says that the same inputs and settings made the outputs, there is nothing to do."""

    def __init__(self, folder, name, inputs, settings):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.record = self.folder / f"{name}.json"
        self.made_of = {"inputs": hashes(name, {Path(path).name: path for path in inputs}), "settings": settings}
        self.start = time.time()

    def is_done(self):
        try:
            record = json.loads(self.record.read_text())
        except (OSError, ValueError):
            return False
        done = {part: record.get(part) for part in self.made_of} == json.loads(json.dumps(self.made_of)) \
            and all((self.folder / name).is_file() for name in record["outputs"])
        if done:
            say(f"{self.name}: done before, of the same inputs and settings")
        return done

    def parts(self, what):
        """The folder of what is made on the way, named by all that it is made of, so that nothing of other inputs or settings is taken."""
        folder = self.folder / f"{what}-{digest(self.made_of)}"
        folder.mkdir(exist_ok=True)
        return folder

    def forget(self, what):
        """All folders of parts: the step is done, and what was begun of other inputs is old."""
        for folder in self.folder.glob(f"{what}-{'[0-9a-f]' * 12}/"):
            shutil.rmtree(folder)

    def finish(self, outputs, **found):
        write_json(self.record, {**self.made_of, "outputs": {name: sha256(self.folder / name) for name in outputs},
                                 "found": found, "seconds": round(time.time() - self.start), "versions": versions(), "machine": machine()})
        say(f"{self.name}: " + ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in found.items() if not isinstance(value, dict)))


def say(line):
    print(line, flush=True)


class Progress:
    """A line every few seconds: how far, how fast, how long still."""

    def __init__(self, what, total, every=10.0):
        self.what, self.total, self.every = what, total, every
        self.start = self.last = time.time()
        self.begun_at = None

    def at(self, done):
        now = time.time()
        if self.begun_at is None:
            self.begun_at = done
        if now - self.last >= self.every or done >= self.total:
            self.last = now
            rate = (done - self.begun_at) / max(now - self.start, 1e-9)
            left = (self.total - done) / rate if rate > 0 else 0
            print(f"{self.what} {done:,} of {self.total:,}, {rate:.0f} a second, {left / 60:.0f} min left", file=sys.stderr, flush=True)
