"""Int8 weights that keep what a short training changed.

A training that begins at an int8 file begins on its grid, and moves most weights by less than half a step: rounded to the nearest value
they fall back to where they began, and the int8 file is the one before. Drawn at random instead, up as often as the weight is near the
value above, each keeps its value on the mean, and the sums over hundreds of them that a product is keep what was learnt. (Stochastic
rounding: Gupta, Agrawal, Gopalakrishnan and Narayanan, "Deep Learning with Limited Numerical Precision", ICML 2015, section 3.1.)
"""

import numpy as np
import onnx
from onnx import numpy_helper

SEED = 7
ON_GRID = 1e-3
LIMITS = {"uint8": (0, 255), "int8": (-64, 64)}  # of seven bits where they are signed, as publish.quantize asks for


def draw(float_file, int8_file, out):
    """The int8 file with its scales and zero points, each weight of the float file rounded to one of its two neighbours by chance. The share of the weights that differ."""
    weights = {i.name: numpy_helper.to_array(i) for i in onnx.load(str(float_file)).graph.initializer}
    model = onnx.load(str(int8_file))
    stored = {i.name: i for i in model.graph.initializer}
    random, differ, count = np.random.default_rng(SEED), 0, 0
    for name, values in stored.items():
        of = name.removesuffix("_quantized")
        weight = weights[of.removesuffix("_Transposed")].T if of.endswith("_Transposed") else weights.get(of)
        if of == name or weight is None:
            continue
        scale, zero = (along(numpy_helper.to_array(stored[of + end]), weight) for end in ("_scale", "_zero_point"))
        before = numpy_helper.to_array(values)
        exact = weight.astype(np.float64) / scale + zero
        drawn = np.floor(exact + random.random(exact.shape))
        nearest = np.rint(exact)
        drawn = np.where(np.abs(exact - nearest) < ON_GRID, nearest, drawn).clip(*LIMITS[str(before.dtype)]).astype(before.dtype)
        differ, count = differ + np.count_nonzero(drawn != before), count + before.size
        values.CopyFrom(numpy_helper.from_array(drawn, name))
    onnx.save(model, str(out))
    return differ / max(1, count)


def along(numbers, weight):
    """One number for all, for each column or for each row: as something that can be divided by."""
    flat = numbers.reshape(-1).astype(np.float64)
    return flat if flat.size in (1, weight.shape[-1]) else flat[:, None]
