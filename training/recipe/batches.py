"""What each step of a training sees. It depends on the seed and the step's number alone, so that a run that was killed goes on to
the same weights, and so that several processes can make the steps that come next."""

import multiprocessing
import os
from dataclasses import dataclass
from itertools import islice

import numpy as np

from .lists import Form
from .mine import CLS, SEP

BLOCK = 8
PAIRS_OF_A_LENGTH = 160
AHEAD = 4  # steps made before they are asked for, by each process


@dataclass
class Batch:
    """Pairs of like length in the same part; `back` is each pair's place in the parts, one after the other."""
    parts: list
    back: np.ndarray
    goal: np.ndarray
    target: np.ndarray
    weight: np.ndarray
    certain: np.ndarray


class Batches:
    def __init__(self, sources, settings):
        self.sources, self.settings = sources, settings
        self.counted, self.orders, self.blocks = {}, {}, {}

    def step(self, number):
        s = self.settings
        block = number // BLOCK
        if block not in self.blocks:
            self.blocks = {block: self.block(block)}
        rows, width = self.blocks[block][number % BLOCK]
        done = number / s.steps
        form = Form(width, s.passages, s.easy, s.teacher[0] + (s.teacher[1] - s.teacher[0]) * done)
        rng = np.random.default_rng([s.seed, 104729, number])
        lists = [self.sources[name].listed(row, rng, form) for name, row in rows]
        sequences = [(x.query, p) for x in lists for p in x.passages]
        order = np.argsort(np.array([len(q) + len(p) + 3 for q, p in sequences]), kind="stable")
        # Several lengths instead of one: less padding.
        parts = [pad([sequences[i] for i in some]) for some in np.array_split(order, max(3, len(order) // PAIRS_OF_A_LENGTH))]
        return Batch(parts, np.argsort(order), *(np.stack([getattr(x, part) for x in lists]) for part in ("goal", "target", "weight")),
                     np.array([[x.certain] for x in lists], np.float32))

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

    def from_step(self, first, processes):
        """The batches from this step to the last; made by other processes where the computing itself is not done by this processor."""
        if not processes:
            yield from map(self.step, range(first, self.settings.steps))
            return
        with multiprocessing.get_context("fork").Pool(processes, initializer=begin, initargs=(self,)) as pool:
            steps = iter(range(first, self.settings.steps))
            waiting = [pool.apply_async(made, (n,)) for n in islice(steps, processes * AHEAD)]
            while waiting:
                yield waiting.pop(0).get()
                waiting += [pool.apply_async(made, (n,)) for n in islice(steps, 1)]


def begin(batches):
    global BATCHES
    BATCHES = batches


def made(number):
    return BATCHES.step(number)


def processes_of(device):
    return min(4, os.cpu_count() or 1) if device == "cuda" else 0


def pad(sequences):
    """Token ids, mask and types of pairs; a multiple of 16 long: every new shape costs the CPU kernels a compilation."""
    width = -(-max(len(q) + len(p) + 3 for q, p in sequences) // 16) * 16
    ids, mask, types = (np.zeros((len(sequences), width), np.int32) for _ in range(3))
    for at, (query, passage) in enumerate(sequences):
        end, size = len(query) + 2, len(query) + len(passage) + 3
        ids[at, 0], ids[at, 1:end - 1], ids[at, end - 1], ids[at, end:size - 1], ids[at, size - 1] = CLS, query, SEP, passage, SEP
        mask[at, :size] = 1
        types[at, end:size] = 1
    return ids, mask, types
