"""Trains a cross-encoder: softmax over each list, and each passage alone, which calibrates the logit.

The network computes in bfloat16 where the processor does so fast; the optimizer keeps the weights in float32. What a step draws
depends on the seed and the step's number alone, so that a run that was killed goes on to the same weights.
"""

import io
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save

from .bert import CrossEncoder, load_weights, read_onnx, shape_of
from .lists import PASSAGES
from .mine import CLS, SEP, device_and_type
from .work import Refusal, machine, replace, say, versions, write_json

BLOCK = 8


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
    seed: int = 1


class Training:
    def __init__(self, folder, start, sources, settings):
        self.folder, self.settings, self.sources = Path(folder), settings, sources
        self.folder.mkdir(parents=True, exist_ok=True)
        weights = read_onnx(start) if str(start).endswith(".onnx") else load_file(start)
        self.shape = shape_of(weights)
        torch.manual_seed(settings.seed)
        self.model = CrossEncoder(**self.shape)
        load_weights(self.model, start)
        self.device, kind = device_and_type()
        self.model.to(self.device).train()
        self.names = [name for name, _ in self.model.named_parameters()]
        self.params = [p for _, p in self.model.named_parameters()]
        self.master = [p.detach().float().clone().requires_grad_() for p in self.params]
        self.mean = [w.detach().clone() for w in self.master]
        self.model.to(kind)
        self.optimizer = torch.optim.AdamW(self.master, lr=settings.rate, weight_decay=0.01, betas=(0.9, 0.98))
        self.step, self.seconds = 0, 0.0
        self.counted, self.orders = {}, {}
        self.said = dict(loss=0.0, first=0.0, steps=0)
        self.state = self.folder / "state.pt"
        self.resume()

    def resume(self):
        if not self.state.is_file():
            return
        kept = torch.load(self.state, map_location=self.device, weights_only=True)
        if kept["settings"] != json.dumps(asdict(self.settings), sort_keys=True):
            raise Refusal(f"{self.folder} holds a run with other settings: name another folder, or delete it")
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
        kept = dict(settings=json.dumps(asdict(self.settings), sort_keys=True), step=self.step, seconds=self.seconds, said=self.said,
                    master=[w.detach() for w in self.master], mean=self.mean, optimizer=self.optimizer.state_dict())
        packed = io.BytesIO()  # PyTorch's own writer tells of a full disk by an error without a cause
        torch.save(kept, packed)
        replace(self.state, lambda beside: beside.write_bytes(packed.getbuffer()))
        say(f"kept at step {self.step} of {self.settings.steps}")

    def publish(self):
        """The averaged weights and the last ones, as float16."""
        for name, weights in (("weights.safetensors", self.mean), ("last.safetensors", self.master)):
            self.write(name, weights)

    def write(self, name, weights):
        packed = save({n: w.detach().half().contiguous() for n, w in zip(self.names, weights)})
        replace(self.folder / name, lambda beside: beside.write_bytes(packed))

    def averaged(self):
        """A model with the averaged weights, in the type that training computes in."""
        model = CrossEncoder(**self.shape)
        model.load_state_dict(dict(zip(self.names, (w.float() for w in self.mean))))
        return model.to(self.device, self.params[0].dtype).eval()

    def block(self, number):
        """The lists of eight steps, those of like length in the same step."""
        s = self.settings
        rng = np.random.default_rng([s.seed, number])
        names = rng.choice(list(s.mix), s.lists * BLOCK, p=list(s.mix.values()))
        drawn = []
        for name in s.mix:
            count, source = int(np.sum(names == name)), self.sources[name]
            # Every row once before any a second time: the n-th place of an order that depends on the epoch.
            first = sum(self.drawn_before(name, n) for n in range(number))
            for at in range(first, first + count):
                epoch, place = divmod(at, len(source))
                drawn.append((name, self.order(name, epoch)[place]))
        drawn.sort(key=lambda d: self.sources[d[0]].length(d[1]))
        steps = [drawn[i * s.lists:(i + 1) * s.lists] for i in range(BLOCK)]
        widths = rng.choice([w for w, _ in s.widths], BLOCK, p=[p for _, p in s.widths])
        # Long steps get the long texts.
        widths = np.sort(widths)
        return [(steps[i], int(widths[i])) for i in rng.permutation(BLOCK)]

    def drawn_before(self, name, number):
        if (name, number) not in self.counted:
            s = self.settings
            names = np.random.default_rng([s.seed, number]).choice(list(s.mix), s.lists * BLOCK, p=list(s.mix.values()))
            for each in s.mix:
                self.counted[each, number] = int(np.sum(names == each))
        return self.counted[name, number]

    def order(self, name, epoch):
        if self.orders.get(name, (None, None))[0] != epoch:
            salt = list(self.sources).index(name)
            self.orders[name] = (epoch, np.random.default_rng([self.settings.seed, 7919, salt, epoch]).permutation(len(self.sources[name])))
        return self.orders[name][1]

    def one(self, rows, width):
        s, done = self.settings, self.step / self.settings.steps
        rate = s.rate * min(1, done / s.warm if s.warm else 1) * (0.03 + 0.97 * (1 - done))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        teacher = s.teacher[0] + (s.teacher[1] - s.teacher[0]) * done
        rng = np.random.default_rng([s.seed, 104729, self.step])
        torch.manual_seed(s.seed * 1_000_003 + self.step)
        lists = [self.sources[name].listed(row, rng, width, teacher) for name, row in rows]
        logits = self.logits(lists)
        goal, target, weight = (torch.tensor(np.stack([getattr(x, part) for x in lists]), device=self.device) for part in ("goal", "target", "weight"))
        listwise = F.cross_entropy(logits, goal)
        alone = F.binary_cross_entropy_with_logits(logits, target, weight=weight)
        loss = listwise + s.alone * alone
        if not torch.isfinite(loss):
            raise Refusal(f"the loss is not finite at step {self.step}: lower the rate ({s.rate:g})")
        loss.backward()
        for p, w in zip(self.params, self.master):
            w.grad = p.grad.float()
            p.grad = None
        torch.nn.utils.clip_grad_norm_(self.master, 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        decay = min(s.average, (self.step + 1) / (self.step + 10))
        with torch.no_grad():
            for p, w, m in zip(self.params, self.master, self.mean):
                p.copy_(w)
                m.lerp_(w, 1 - decay)
        self.step += 1
        self.said["loss"] += listwise.item()
        self.said["first"] += (logits.argmax(1) == goal.argmax(1)).float().mean().item()
        self.said["steps"] += 1
        return listwise.item()

    def logits(self, lists):
        sequences = [(x.query, p) for x in lists for p in x.passages]
        sizes = np.array([len(q) + len(p) + 3 for q, p in sequences])
        order = np.argsort(sizes, kind="stable")
        parts = []
        # Three lengths instead of one: less padding. Multiples of 16: every new shape costs the CPU kernels a compilation.
        for some in np.array_split(order, 3):
            parts.append(self.model(*pad([sequences[i] for i in some], self.device), self.settings.drop))
        back = torch.tensor(np.argsort(order), device=self.device)
        return torch.cat(parts)[back].float().view(len(lists), -1)

    def run(self, keep_every=300.0, stop_after=None, check_every=None, check=None):
        """To the last step, or until check(self) says True, asked every so many steps; or for some seconds, to go on later."""
        begun = kept = spoken = time.time()
        before, pairs = self.seconds, 0
        while self.step < self.settings.steps:
            for rows, width in self.block(self.step // BLOCK)[self.step % BLOCK:]:
                self.one(rows, width)
                pairs += len(rows) * PASSAGES
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
                if self.step >= self.settings.steps:
                    break
        self.keep()
        self.publish()
        write_json(self.folder / "run.json", {"settings": asdict(self.settings), "steps": self.step, "seconds": round(self.seconds), "versions": versions(), "machine": machine()})
        return True

    def speak(self, rate):
        n = max(self.said["steps"], 1)
        left = self.seconds / max(self.step, 1) * (self.settings.steps - self.step)
        say(f"step {self.step} of {self.settings.steps}  loss {self.said['loss'] / n:.3f}  right one first {self.said['first'] / n:.3f}  {rate:.0f} pairs a second  {left / 60:.0f} min left")
        self.said = dict(loss=0.0, first=0.0, steps=0)


def pad(sequences, device):
    width = -(-max(len(q) + len(p) + 3 for q, p in sequences) // 16) * 16
    ids, mask, types = (np.zeros((len(sequences), width), np.int64) for _ in range(3))
    for at, (query, passage) in enumerate(sequences):
        tokens = [CLS, *query, SEP, *passage, SEP]
        ids[at, :len(tokens)], mask[at, :len(tokens)] = tokens, 1
        types[at, len(query) + 2:len(tokens)] = 1
    return [torch.tensor(x, device=device) for x in (ids, mask, types)]
