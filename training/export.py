"""A model of PyTorch as a folder that Rerank4j reads: ONNX file, tokenizer, configurations and, for rerankers, known scores.

    python training/export.py OWNER/NAME FOLDER [--revision R] [--quantize]
    rerank search --reranker FOLDER ...        (or --encoder FOLDER)

The model may be a cross-encoder of transformers (...ForSequenceClassification), a CrossEncoder of sentence-transformers
with pooling and dense layers behind the network, or a sentence encoder. Instead of a name it may be a folder with such a
model. What sentence-transformers says of texts is right by definition: the ONNX file must give the same numbers, or nothing
is written.
"""

import argparse
import json
import logging
import os
import sys
import tempfile
import warnings
from pathlib import Path

from source import Refusal, check_licence, fetch, load

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", metavar="OWNER/NAME-or-FOLDER", help="a model of the hub, or a folder that holds one")
    parser.add_argument("out", metavar="OUT", type=Path, help="the folder to write; must not exist, or be empty")
    parser.add_argument("--revision", help="branch, tag or commit of the hub's model; otherwise main")
    parser.add_argument("--quantize", action="store_true", help="also write onnx/model_int8.onnx: smaller, faster and a little off")
    parser.add_argument("--trust-remote-code", action="store_true", help="run Python code that lies beside the model; read it first")
    parser.add_argument("--accept-licence", action="store_true", help="for models whose licence forbids commercial use")
    options = parser.parse_args(arguments)
    try:
        export(options)
    except Refusal as e:
        return failed(e)
    except ModuleNotFoundError as e:
        return failed(f"there is no Python package {e.name}: pip install -r {REQUIREMENTS}")
    except OSError as e:
        if e.strerror is None:
            raise
        return failed(f"{e.filename or options.out}: {e.strerror}")
    except KeyboardInterrupt:
        return failed("interrupted; nothing was written")
    print(f"written to {options.out}")
    return 0


def failed(why):
    print(f"export.py: {why}", file=sys.stderr)
    return 1


def export(options):
    """All or nothing: the folder gets its name when everything is in it."""
    out = options.out.absolute()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refusal(f"{options.out} exists and is no empty folder: name another")
    source, commit = fetch(options.model, options.revision)
    if commit:
        print(f"{options.model} at {commit}")
    check_licence(source, options.accept_licence)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=out.name + ".", dir=out.parent) as work:
        made = Path(work) / "model"
        write(source, made, options)
        if out.exists():
            out.rmdir()
        made.rename(out)


def write(source, out, options):
    quiet()
    model, reranker = load(source, options.trust_remote_code)
    # Here and not above, so that a wrong name is told at once: PyTorch takes seconds to load.
    from beside import copy_configurations, known_scores, write_layers, write_tokenizer
    from onnx_file import convert, quantize
    path = out / "onnx" / "model.onnx"
    worst = convert(model, reranker, path)
    print(f"{type(model[0].model).__name__}: ONNX against PyTorch, largest difference of a {'logit' if model[0].transformer_task == 'sequence-classification' else 'number'}: {worst:.1e}")
    files = ["onnx/model.onnx"]
    if options.quantize:
        quantize(path, out / "onnx" / "model_int8.onnx")
        files.append("onnx/model_int8.onnx")
    copy_configurations(source, out)
    write_layers(model, source, out)
    write_tokenizer(model, out)
    if reranker:
        known = known_scores(model, out, files)
        (out / "golden.json").write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def quiet():
    """The libraries report on stages that nobody asked about; what counts is checked here."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    warnings.filterwarnings("ignore")
    logging.disable(logging.WARNING)
    from transformers.utils.logging import disable_progress_bar
    disable_progress_bar()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
