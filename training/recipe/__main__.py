"""The steps of the recipe, in their order. The first five do nothing if they were done before of the same inputs and settings.

    python -m recipe prepare --rows train.jsonl.xz --sources train-sources.tsv --tokenizer tokenizer.json --work WORK
    python -m recipe vectors --work WORK --encoder bge-small-en-v1.5.onnx --tokenizer tokenizer.json
    python -m recipe mine    --work WORK
    python -m recipe train   --work WORK --start model.onnx --tokenizer tokenizer.json --steps 4000 --run runs/a [--mix pairs:0.7,contrast:0.3]
    python -m recipe mine-own --work WORK --model runs/a/weights.safetensors
    python -m recipe average --weights runs/a/weights.safetensors runs/b/weights.safetensors --share 0.5 --out FILE
    python -m recipe card    --text about.md --works WORK --sources train-sources.tsv --runs runs/a --out card.md
    python -m recipe publish --weights runs/a/weights.safetensors --tokenizer tokenizer.json --out MODEL --name NAME --card card.md
"""

import argparse
import json
import os
import sys
from pathlib import Path

from .work import Refusal, digest, hashes, say

HERE = Path(__file__).resolve().parent.parent


def prepare(o):
    from .prepare import prepare
    prepare(o.rows, o.sources, o.tokenizer, o.work, cap=o.cap)


def vectors(o):
    from .mine import embed
    embed(o.work, o.encoder, o.tokenizer)


def mine(o):
    from .mine import mine
    mine(o.work)


def mine_own(o):
    from .own import mine_own
    mine_own(o.work, o.model, o.deep)


def grade_sheets(o):
    from .grade import sheets
    sheets(o.work, o.folder, o.queries, seed=o.seed, without=[p for p in (HERE / "graded").glob("*.tsv")])


def grade_collect(o):
    from .grade import collect
    collect(o.folder, o.out)


def average(o):
    from .publish import average
    average(*o.weights, o.share, o.out)


def card(o):
    from .card import card
    card(o.text, o.works, o.sources, o.runs, o.out)


def publish(o):
    from .publish import publish
    card = Path(o.card).read_text(encoding="utf-8") if o.card else ""
    publish(o.weights, o.tokenizer, Path(o.out), o.name, card)


def train(o):
    training = training_of(o)
    if training is None:
        say(f"{o.run_folder}: done before, of the same inputs and settings")
    else:
        training.run(keep_every=o.keep_every, stop_after=o.stop_after)


def training_of(o):
    """The training that these options ask for, as far as it has come; none if it has ended."""
    from .lists import Contrast, Graded, Pairs, parse_mix, parse_teacher, parse_widths
    from .train import Settings, Training, is_done, made_of
    mix = parse_mix(o.mix)
    settings = Settings(steps=o.steps, mix=mix, lists=o.lists, rate=o.rate, drop=o.drop, teacher=parse_teacher(o.teacher), widths=parse_widths(o.widths),
                        average=o.average, passages=o.passages, easy=o.easy, elder=o.elder_share if o.elder else 0.0, seed=o.seed)
    contrast, graded = contrast_files(o) if "contrast" in mix else [], sorted(Path(o.graded).glob("*.tsv"))
    inputs = inputs_of(o, mix, contrast, graded)
    if is_done(o.run_folder, made_of(settings, o.start, o.elder, inputs)):
        return None
    made = {"pairs": lambda: Pairs(o.work), "graded": lambda: Graded(o.work, graded),
            "contrast": lambda: Contrast(o.contrast, o.tokenizer, {p.stem for p in contrast}, o.contrast_items)}
    sources = {name: made[name]() for name in mix}
    for name, source in sources.items():
        say(f"{name}: {len(source):,} lists")
    if "graded" in sources and sources["graded"].unknown:
        say(f"graded: {sources['graded'].unknown:,} grades are left out, whose query or passage {o.work} does not have")
    return Training(o.run_folder, o.start, sources, settings, o.elder, inputs)


def contrast_files(o):
    """Those of the domains that are trained on."""
    from .measure import domains_of
    held = domains_of(Path(o.contrast) / "development.txt")
    return sorted(p for p in Path(o.contrast).glob("*.jsonl") if p.stem not in held)


def inputs_of(o, mix, contrast, graded):
    """By name the hashes of all that the sources of this mix are made of."""
    files = {"tokenizer": o.tokenizer}
    if "pairs" in mix or "graded" in mix:
        if o.work is None:
            raise Refusal(f"the mix {o.mix} needs --work, the folder of prepare, vectors and mine")
        names = ["prepared.npz"] + ["vectors.npz", "mined.npz"] * ("pairs" in mix) + ["texts.txt"] * ("graded" in mix)
        if "pairs" in mix and (Path(o.work) / "mined-own.npz").is_file():
            names.append("mined-own.npz")
        files |= {name: Path(o.work) / name for name in names}
    found = hashes("train", files)
    for name in [name for name in files if name.endswith(".npz") and (Path(o.work) / name).with_suffix(".json").is_file()]:
        record = json.loads((Path(o.work) / name).with_suffix(".json").read_text())
        for other, was in record["inputs"].items():
            if found.get(other, was) != was:
                raise Refusal(f"{files[name]} was made of another {other} than is there now: do its step again")
    if "contrast" in mix:
        found |= {"contrast": digest(hashes("train", {p.name: p for p in contrast})), "contrast-items": o.contrast_items}
    if "graded" in mix:
        found["graded"] = digest(hashes("train", {p.name: p for p in graded}))
    return found


def parsed(arguments):
    parser = argparse.ArgumentParser(prog="python -m recipe", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    steps = parser.add_subparsers(required=True, metavar="STEP")

    def step(name, run, *options):
        p = steps.add_parser(name)
        for option in options:
            p.add_argument("--" + option, required=True)
        p.set_defaults(run=run)
        return p

    p = step("prepare", prepare, "rows", "sources", "tokenizer", "work")
    p.add_argument("--cap", type=int, default=10_000, help="of each source at most this many times its weight")
    step("vectors", vectors, "work", "encoder", "tokenizer")
    step("mine", mine, "work")
    p = step("mine-own", mine_own, "work", "model")
    p.add_argument("--deep", type=int, default=12, help="mined passages that the model reads for each pair")
    p = step("grade-sheets", grade_sheets, "work", "folder")
    p.add_argument("--queries", type=int, default=1500)
    p.add_argument("--seed", type=int, default=1)
    step("grade-collect", grade_collect, "folder", "out")
    p = step("average", average, "out")
    p.add_argument("--weights", nargs=2, required=True, metavar="FILE")
    p.add_argument("--share", type=float, required=True, help="how much of the second file's weights, from 0 to 1")
    p = step("card", card, "text", "sources", "out")
    p.add_argument("--works", nargs="+", required=True, metavar="WORK")
    p.add_argument("--runs", nargs="+", required=True, metavar="RUN")
    p = step("publish", publish, "weights", "tokenizer", "out", "name")
    p.add_argument("--card", help="the model's README.md")
    p = step("train", train, "start", "tokenizer")
    p.add_argument("--steps", type=int, required=True)
    p.add_argument("--run", dest="run_folder", required=True, help="the folder of the run: state, weights, record")
    p.add_argument("--work")
    p.add_argument("--mix", default="pairs:1")
    p.add_argument("--contrast", default=str(HERE / "contrast"))
    p.add_argument("--contrast-items", type=int)
    p.add_argument("--graded", default=str(HERE / "graded"))
    p.add_argument("--lists", type=int, default=16, help="lists in a step")
    p.add_argument("--passages", type=int, default=8, help="passages in a list")
    p.add_argument("--easy", type=int, default=2, help="how many of them are from elsewhere")
    p.add_argument("--elder", metavar="FILE", help="weights of a trained model, a larger one say, to learn from")
    p.add_argument("--elder-share", type=float, default=0.5, help="how much its opinion counts in the goals")
    p.add_argument("--rate", type=float, default=5e-5)
    p.add_argument("--drop", type=float, default=0.0)
    p.add_argument("--teacher", default="0.5,0.1", help="the bi-encoder's share in the goal, at the start and at the end")
    p.add_argument("--widths", default="112:0.6,192:0.3,288:0.1", help="tokens of a pair at most, from 80 to 512, and how often")
    p.add_argument("--average", type=float, default=0.998, help="how much of the mean of the weights is kept at each step")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--keep-every", type=float, default=300, help="seconds between states that a killed run goes on from")
    p.add_argument("--stop-after", type=float, help="stop after so many seconds, to go on later")
    return parser.parse_args(arguments)


def main(arguments):
    os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8192")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    o = parsed(arguments)
    try:
        o.run(o)
    except OSError as e:
        print(f"recipe: {e.filename or ''}{': ' if e.filename else ''}{e.strerror or e}", file=sys.stderr)
        return 1
    except (Refusal, ValueError) as e:
        print(f"recipe: {e}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("recipe: interrupted; the same command goes on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
