"""Trains a cross-encoder: softmax over each list, and each passage alone, which calibrates the logit.

The network computes in bfloat16 where the processor does so fast; the optimizer keeps the weights in float32. What a step draws
depends on the seed and the step's number alone, so that a run that was killed goes on to the same weights.
"""

import io
import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save

from .batches import Batches, processes_of
from .bert import HEADS, CrossEncoder, cross_encoder
from .lists import QUERY_TOKENS
from .mine import device_and_type
from .work import Refusal, hashes, machine, replace, say, versions, write_json

NARROWEST = QUERY_TOKENS + 16  # the longest query still leaves room for some of the passage
WIDEST = 512
WEIGHTS = ("weights.safetensors", "last.safetensors")


@dataclass(frozen=True)
class Settings:
    steps: int
    mix: dict
    lists: int = 16
    rate: float = 5e-5
    warm: float = 0.04
    drop: float = 0.0
    alone: float = 0.2
    teacher: tuple = (0.5, 0.1)
    widths: tuple = ((112, 0.6), (192, 0.3), (288, 0.1))
    average: float = 0.998
    passages: int = 8
    easy: int = 2
    elder: float = 0.0
    seed: int = 1

    def __post_init__(self):
        if not 0 <= self.easy <= self.passages - 2:
            raise Refusal(f"of {self.passages} passages one is right and one is hard: those from elsewhere must be from 0 to {max(self.passages - 2, 0)}, got {self.easy}")
        for what, value in (("the elder's share", self.elder), *(("the teacher's share", share) for share in self.teacher), ("the share of the mean that is kept", self.average)):
            if not 0 <= value <= 1:
                raise Refusal(f"{what} must be from 0 to 1, got {value:g}")
        for what, value in (("steps", self.steps), ("lists of a step", self.lists)):
            if value < 1:
                raise Refusal(f"the {what} must be at least 1, got {value}")
        if not 0 <= self.drop < 1:
            raise Refusal(f"the share of numbers that are dropped must be from 0 to below 1, got {self.drop:g}")
        for width, _ in self.widths:
            if not NARROWEST <= width <= WIDEST:
                raise Refusal(f"a width is from {NARROWEST} to {WIDEST} tokens, got {width}")
        if abs(sum(share for _, share in self.widths) - 1) > 1e-8:
            raise Refusal(f"the shares of the widths add up to 1, those given to {sum(share for _, share in self.widths):g}")


def made_of(settings, start, elder=None, inputs=None):
    """What a run is made of: its settings, and by name the hashes of its inputs. The same command goes on only with the same."""
    files = {"start": start} | ({"elder": elder} if elder else {})
    return {"settings": json.loads(json.dumps(asdict(settings))), "inputs": hashes("train", files) | (inputs or {})}


def refuse_others(folder, before, now):
    for part, is_now in now.items():
        was = before.get(part, is_now)  # runs did not record their inputs at first
        other = [name for name in sorted(was | is_now) if was.get(name) != is_now.get(name)]
        if other:
            raise Refusal(f"{folder} holds a run with other {part} ({', '.join(other)}): give the same, name another folder, or delete it")


def is_done(folder, made):
    """Whether the run of this folder has ended; one of other settings or inputs is refused."""
    try:
        record = json.loads((Path(folder) / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    refuse_others(folder, record, made)
    return all((Path(folder) / name).is_file() for name in WEIGHTS)


class Training:
    """`elder`: a file with a trained cross-encoder whose opinion has the share settings.elder in the goals; `inputs`: by name the
    hashes of what the sources were made of, which a run that goes on is to have again."""

    def __init__(self, folder, start, sources, settings, elder=None, inputs=None):
        self.folder, self.settings, self.sources = Path(folder), settings, sources
        self.made_of = made_of(settings, start, elder, inputs)
        self.folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(settings.seed)
        self.model = cross_encoder(start)
        self.shape = self.model.shape
        if max(width for width, _ in settings.widths) > self.shape["positions"]:
            raise Refusal(f"{start} reads {self.shape['positions']} tokens at most: widths must not be above that")
        self.device, kind = device_and_type()
        self.model.to(self.device).train()
        self.names = [name for name, _ in self.model.named_parameters()]
        self.params = [p for _, p in self.model.named_parameters()]
        self.master = [p.detach().float().clone().requires_grad_() for p in self.params]
        self.mean = [w.detach().clone() for w in self.master]
        self.model.to(kind)
        self.elder = None
        if elder is not None:
            self.elder = cross_encoder(elder).to(self.device, kind).eval()
        for w in self.master:
            w.grad = torch.zeros_like(w)
        self.optimizer = torch.optim.AdamW(self.master, lr=settings.rate, weight_decay=0.01, betas=(0.9, 0.98))
        self.step, self.seconds = 0, 0.0
        self.said = dict(loss=0.0, first=0.0, steps=0)
        self.state = self.folder / "state.pt"
        self.resume()

    def resume(self):
        if not self.state.is_file():
            return
        kept = torch.load(self.state, map_location=self.device, weights_only=True)
        refuse_others(self.folder, kept | {"settings": json.loads(kept["settings"])}, self.made_of)
        with torch.no_grad():
            for own, was in ((self.master, kept["master"]), (self.mean, kept["mean"])):
                for w, x in zip(own, was):
                    w.copy_(x)
            for p, w in zip(self.params, self.master):
                p.copy_(w)
        self.optimizer.load_state_dict(kept["optimizer"])
        self.step, self.seconds, self.said = kept["step"], kept["seconds"], kept["said"]
        say(f"resumed at step {self.step} of {self.settings.steps}")

    def keep(self):
        kept = dict(settings=json.dumps(self.made_of["settings"]), inputs=self.made_of["inputs"], step=self.step, seconds=self.seconds, said=self.said,
                    master=[w.detach() for w in self.master], mean=self.mean, optimizer=self.optimizer.state_dict())
        packed = io.BytesIO()  # PyTorch's own writer tells of a full disk by an error without a cause
        torch.save(kept, packed)
        replace(self.state, lambda beside: beside.write_bytes(packed.getbuffer()))
        say(f"kept at step {self.step} of {self.settings.steps}")

    def publish(self):
        """The averaged weights and the last ones, as float16."""
        for name, weights in zip(WEIGHTS, (self.mean, self.master)):
            self.write(name, weights)

    def write(self, name, weights):
        packed = save({n: w.detach().half().contiguous() for n, w in zip(self.names, weights)}, {HEADS: str(self.shape["heads"])})
        replace(self.folder / name, lambda beside: beside.write_bytes(packed))

    def averaged(self):
        """A model with the averaged weights, in the type that training computes in."""
        model = CrossEncoder(**self.shape)
        model.load_state_dict(dict(zip(self.names, (w.float() for w in self.mean))))
        return model.to(self.device, self.params[0].dtype).eval()

    def one(self, batch):
        s, done = self.settings, self.step / self.settings.steps
        rate = s.rate * min(1, done / s.warm if s.warm else 1) * (0.03 + 0.97 * (1 - done))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        torch.manual_seed(s.seed * 1_000_003 + self.step)
        parts = [[self.tensor(x) for x in part] for part in batch.parts]
        back, goal, target, weight = map(self.tensor, (batch.back, batch.goal, batch.target, batch.weight))
        logits = self.logits(self.model, parts, back, goal.shape)
        if self.elder and not batch.certain.all():
            with torch.no_grad():
                known = self.logits(self.elder, parts, back, goal.shape)
            share = s.elder * (1 - self.tensor(batch.certain))
            goal = torch.lerp(goal, torch.softmax(known, 1), share)
            target = torch.lerp(target, torch.sigmoid(known), share)
        listwise = F.cross_entropy(logits, goal)
        alone = F.binary_cross_entropy_with_logits(logits, target, weight=weight)
        (listwise + s.alone * alone).backward()
        torch._foreach_copy_([w.grad for w in self.master], [p.grad for p in self.params])
        for p in self.params:
            p.grad = None
        torch.nn.utils.clip_grad_norm_(self.master, 1.0)
        self.optimizer.step()
        decay = min(s.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            torch._foreach_copy_(self.params, self.master)
            torch._foreach_lerp_(self.mean, self.master, 1 - decay)
        # One transfer for all that is asked: every one waits for the device.
        loss, by_one, first = torch.stack([listwise.detach(), alone.detach(), (logits.argmax(1) == goal.argmax(1)).float().mean()]).tolist()
        if not math.isfinite(loss + by_one):
            raise Refusal(f"the loss is not finite at step {self.step}: lower the rate ({s.rate:g})")
        self.step += 1
        for name, value in (("loss", loss), ("first", first), ("steps", 1)):
            self.said[name] += value
        return loss

    def tensor(self, array):
        return torch.from_numpy(array).to(self.device, non_blocking=True)

    def logits(self, model, parts, back, shape):
        drop = self.settings.drop if model is self.model else 0.0
        return torch.cat([model(*part, drop) for part in parts])[back].float().view(shape)

    def run(self, keep_every=300.0, stop_after=None, check_every=None, check=None):
        """To the last step, or until check(self) says True, asked every so many steps; or for some seconds, to go on later."""
        begun = kept = spoken = time.time()
        before, pairs = self.seconds, 0
        for batch in Batches(self.sources, self.settings).from_step(self.step, processes_of(self.device)):
            self.one(batch)
            pairs += batch.goal.size
            now = time.time()
            self.seconds = before + now - begun
            if now - spoken >= 15:
                spoken = now
                self.speak(pairs / (now - begun))
            if check_every and self.step % check_every == 0 and check(self):
                self.keep()
                return True
            if stop_after is not None and now - begun >= stop_after and self.step < self.settings.steps:
                self.keep()
                say(f"stopped at step {self.step} of {self.settings.steps}; the same command goes on")
                return False
            if now - kept >= keep_every:
                kept = now
                self.keep()
        self.keep()
        self.publish()
        write_json(self.folder / "run.json", {**self.made_of, "steps": self.step, "seconds": round(self.seconds), "versions": versions(),
                                              "machine": machine() | ({"gpu": torch.cuda.get_device_name()} if self.device == "cuda" else {})})
        return True

    def speak(self, rate):
        n = max(self.said["steps"], 1)
        left = self.seconds / max(self.step, 1) * (self.settings.steps - self.step)
        say(f"step {self.step} of {self.settings.steps}  loss {self.said['loss'] / n:.3f}  right one first {self.said['first'] / n:.3f}  {rate:.0f} pairs a second  {left / 60:.0f} min left")
        self.said = dict(loss=0.0, first=0.0, steps=0)

