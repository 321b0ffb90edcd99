"""A cross-encoder for one's own documents: from a folder and a CSV of judgments, or of clicks, to a folder that `rerank --model` reads.

    python -m recipe.finetune --docs FOLDER --judgments judgments.csv --out my-model
    rerank search --model my-model --docs FOLDER "a question"
    rerank eval --docs FOLDER --judgments my-model/held-back.csv --systems hybrid+rerank:built-in,hybrid+rerank:my-model

The product's own first stage finds the candidates (`rerank candidates`). A fifth of the judged queries is held back and never looked
at; of the rest a fifth decides when to stop, and the best weights by it are kept. Killed, the same command goes on.
"""

import argparse
import json
import math
import os
import shlex
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

from .candidates import given_options, kept_candidates, read_candidates
from .judged import Judged, parts, write_csv
from .quality import Quality
from .work import Refusal, machine, made_before, say, sha256, versions, write_json

TRAINING = Path(__file__).resolve().parent.parent
BUILT_IN = TRAINING.parent / "model/src/main/resources/dev/rerank4j/model"
# Tokens of a pair in training: a query has 64 at most, and a passage must be left some; a BERT has places for no more than 512.
SHORTEST, LONGEST = 80, 512


def finetune(o):
    check(o)
    out = Path(o.out)
    work = out.with_name(out.name + ".work")
    if out.exists():
        raise Refusal(f"{out} exists: name another folder, or delete it")
    start, tokenizer, name = built_in() if o.start is None else given(Path(o.start))
    work.mkdir(parents=True, exist_ok=True)
    try:
        pool = kept_candidates(o, work)
        rows = read_candidates(pool)
        of = parts(rows)
    except Refusal:
        if not (work / "run").exists():
            shutil.rmtree(work, ignore_errors=True)
        raise
    from .lists import Contrast
    from .measure import domains_of
    from .prepare import plain_tokenizer
    from .score import Scorer
    from .train import Settings, Training
    t = plain_tokenizer(tokenizer)
    judged = Judged(of["train"], t)
    stop = Quality(of["stop"], t)
    say(f"{len(rows)} judged queries: {len(judged)} to train on, {len(of['stop'])} to decide when to stop, {len(of['held back'])} held back")
    sources, mix = {"judged": judged}, {"judged": 1.0}
    if o.keep_general > 0:
        held = domains_of(TRAINING / "contrast/development.txt")
        domains = {p.stem for p in (TRAINING / "contrast").glob("*.jsonl")} - set(held)
        sources["contrast"] = Contrast(TRAINING / "contrast", tokenizer, domains)
        mix = {"judged": 1 - o.keep_general, "contrast": o.keep_general}
    lists = 8
    epoch = max(1, round(len(judged) / lists / mix["judged"]))
    settings = Settings(steps=epoch * o.epochs, mix=mix, lists=lists, rate=o.rate, drop=0.1, teacher=(0, 0), average=0.98, passages=6, easy=1,
                        widths=((min(192, o.longest), 0.5), (o.longest, 0.5)), seed=o.seed)
    begin_anew_of_others(work, {"candidates": sha256(pool), "start": sha256(start), "tokenizer": sha256(tokenizer), "settings": asdict(settings)})
    training = Training(work / "run", start, sources, settings)
    history = Path(work / "history.json")
    found = json.loads(history.read_text()) if history.is_file() and training.step else {"before": stop(Scorer(start)), "after": []}
    say(f"nDCG@10 of the {len(of['stop'])} queries that decide: {found['before']:.3f} before training")

    def measure(now):
        value = stop(Scorer.of(now.averaged(), now.device))
        done = now.step // epoch
        if not any(e["epoch"] == done for e in found["after"]):
            found["after"].append({"epoch": done, "ndcg@10": value})
        best = best_of(found)["epoch"]
        if done == best:
            now.write("best.safetensors", now.mean)
        write_json(history, found)
        now.keep()
        say(f"epoch {done} of {o.epochs}: nDCG@10 {value:.3f}" + (", the best so far" if done == best else ""))
        return is_over(found, o)

    # What was measured says whether more is to come, also after a kill between the last round and the end.
    if not is_over(found, o):
        training.run(keep_every=120, check_every=epoch, check=measure)
    best = best_of(found)
    say(f"the best of {len(found['after'])} epochs is number {best['epoch']}")
    if best["ndcg@10"] <= found["before"]:
        say(f"No epoch was better than the model it started from ({found['before']:.3f}) on the queries that decide. It is written all the same; measure before you use it.")
    finish(o, out, work, training.folder / "best.safetensors", tokenizer, name, of, found, start, stop)


def begin_anew_of_others(work, made_of):
    """Drops a training that was begun with other judgments, another start or other options."""
    record = work / "made-of.json"
    made_of = json.loads(json.dumps(made_of))
    if made_before(record, made_of):
        return
    if (work / "run").exists():
        say(f"{work} holds a training with other judgments, documents or options: it is begun anew")
        shutil.rmtree(work / "run")
    (work / "history.json").unlink(missing_ok=True)
    write_json(record, made_of)


def best_of(found):
    """The first of equals."""
    return max(found["after"], key=lambda e: (e["ndcg@10"], -e["epoch"]))


def is_over(found, o):
    last = found["after"][-1]["epoch"] if found["after"] else 0
    return last >= o.epochs or last > 0 and last - best_of(found)["epoch"] >= o.patience


def check(o):
    def whole(name, least, most=math.inf):
        value = getattr(o, name.replace("-", "_"))
        if not least <= value <= most:
            raise Refusal(f"--{name} must be " + (f"from {least} to {most}" if most < math.inf else f"at least {least}") + f", got {value}")
    whole("depth", 2)
    whole("epochs", 1)
    whole("patience", 1)
    whole("seed", 0)
    whole("longest", SHORTEST, LONGEST)
    if not 0 < o.rate < 1:
        raise Refusal(f"--rate must be between 0 and 1, such as 2e-5, got {o.rate:g}")
    if not 0 <= o.keep_general <= 0.9:
        raise Refusal(f"--keep-general must be from 0 to 0.9, got {o.keep_general:g}: the rest is what it learns of your judgments")


def finish(o, out, work, weights, tokenizer, start_name, of, found, start, stop):
    from .publish import publish
    from .score import Scorer
    made = work / "model"
    card = f"""# {out.name}

{start_name}, fine-tuned by `python -m recipe.finetune`. Licence: that of the model it started from, and what your own documents allow.

| | |
|---|---|
| judged queries | {len(of['train'])} to train on, {len(of['stop'])} to decide when to stop, {len(of['held back'])} held back (`held-back.csv`) |
| nDCG@10 of those that decide | {found['before']:.3f} before, {best_of(found)['ndcg@10']:.3f} after (chosen by it: not a measurement) |
| probabilities | fitted to those that decide (`calibration.json`), and not measured either |
| measure it | `rerank eval --docs FOLDER --judgments {out.name}/held-back.csv --systems hybrid+rerank:built-in,hybrid+rerank:{out.name}` |
"""
    before = tokenizer.parent / "calibration.json"
    golden = tokenizer.parent / "golden.json"
    languages = json.loads(golden.read_text()).get("languages", []) if golden.is_file() else []
    shutil.rmtree(made, ignore_errors=True)  # of a run that was killed while it wrote
    try:
        # The logits are others than those of the model it started from, and so is what makes probabilities of them.
        calibration = stop.calibration(Scorer(weights), json.loads(before.read_text()) if before.is_file() else {"slope": 1.0, "intercept": 0.0})
        publish(weights, tokenizer, made, out.name, card, calibration, languages=languages)
        write_csv(made / "held-back.csv", of["held back"])
        write_json(made / "training.json", {"start": start_name, "start_sha256": sha256(start), "candidates_sha256": sha256(work / "candidates.jsonl"),
                                            "seed": o.seed, "rate": o.rate, "epochs": o.epochs, "patience": o.patience, "keep_general": o.keep_general,
                                            "history": found, "versions": versions(), "machine": machine()})
        made.rename(out)
    finally:
        shutil.rmtree(made, ignore_errors=True)  # what is half; what is whole has its name
    shutil.rmtree(work, ignore_errors=True)
    say(f"written to {out}. Now measure it on what it has not seen:")
    say("  " + shlex.join(how_to_measure(o, out)))


def how_to_measure(o, out):
    """A collection's own queries would be asked with --data: instead its documents, with the judgments that were held back."""
    if o.data is None:
        docs = o.docs
    else:
        docs = next((str(path) for path in (Path(o.data, "corpus.jsonl"), Path(o.data, "docs")) if path.exists()), o.data)
    return [*shlex.split(o.rerank), "eval", "--docs", docs, "--judgments", str(out / "held-back.csv"), *given_options(o, "index", "language", "encoder"),
            "--systems", f"hybrid+rerank:built-in,hybrid+rerank:{out}"]


def built_in():
    """The weights that are shipped; of an int8 file what its bytes stand for."""
    folder = max((p for p in BUILT_IN.iterdir() if p.name.startswith("rerank4j-minilm")), key=lambda p: p.name)
    return folder / "model_int8.onnx", folder / "tokenizer.json", folder.name


def given(start):
    for file in ("onnx/model.onnx", "model.onnx", "onnx/model_int8.onnx", "model_int8.onnx"):
        if (start / file).is_file() and (start / "tokenizer.json").is_file():
            return start / file, start / "tokenizer.json", start.name
    raise Refusal(f"{start} holds no model of ours: an ONNX file and a tokenizer.json are needed")


def options(arguments):
    parser = argparse.ArgumentParser(prog="finetune", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--docs", help="the documents, as for rerank search")
    parser.add_argument("--data", help="instead of documents and judgments: a judged collection in BEIR's layout")
    parser.add_argument("--judgments", help="CSV with the columns query, document, grade (0: not relevant)")
    parser.add_argument("--clicks", help="CSV with the columns query, shown, clicked")
    parser.add_argument("--out", required=True, help="the folder to write")
    parser.add_argument("--start", help="a folder with the model to start from (the built-in one)")
    parser.add_argument("--rerank", default=shlex.quote(str(TRAINING.parent / "rerank")), help="the command")
    parser.add_argument("--index", help="an index of the documents that exists")
    parser.add_argument("--encoder", help="as for rerank")
    parser.add_argument("--language", help="as for rerank")
    parser.add_argument("--depth", type=int, default=50, help="candidates of each query")
    parser.add_argument("--epochs", type=int, default=12, help="at most")
    parser.add_argument("--patience", type=int, default=3, help="stop after so many epochs without a better one")
    parser.add_argument("--rate", type=float, default=2e-5, help="learning rate")
    parser.add_argument("--longest", type=int, default=320, help="tokens of a pair at most, in training")
    parser.add_argument("--keep-general", type=float, default=0.3, help="share of general texts, so that what it knew is not lost")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args(arguments)


def main(arguments):
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8192")
    o = options(arguments)
    try:
        finetune(o)
    except Refusal as e:
        print(f"finetune: {e}", file=sys.stderr)
        return 1
    except OSError as e:
        print(f"finetune: {e.filename or o.out}: {e.strerror or e}; what is done is kept, and the same command goes on", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("finetune: interrupted; the same command goes on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
