"""The last layer and its cross-entropy by hand: logits once, turned into their gradient in place."""

import numpy as np

f32 = np.float32


def version():
    return np.__version__


def probes_of(values, count):
    flat = values.reshape(-1)
    return [float(flat[i * (len(flat) - 1) // (count - 1)]) for i in range(count)]


def perform(problem, on_unit):
    hidden, weight, y = (problem["arrays"][k] for k in ("hidden", "weight", "y"))
    n = len(hidden)
    rows = np.arange(n)
    z = np.empty((n, len(weight)), np.float32)
    by_hidden, by_weight = np.empty_like(hidden), np.empty_like(weight)
    probes = None
    while True:
        np.matmul(hidden, weight.T, out=z)
        z -= z.max(axis=1, keepdims=True)
        picked = z[rows, y]
        np.exp(z, out=z)
        sums = z.sum(axis=1, keepdims=True)
        value = float((np.log(sums[:, 0]) - picked).mean(dtype=np.float64))
        z *= f32(1 / n) / sums
        z[rows, y] -= f32(1 / n)
        np.matmul(z, weight, out=by_hidden)
        np.matmul(z.T, hidden, out=by_weight)
        if probes is None:
            probes = [*probes_of(by_hidden, 32), *probes_of(by_weight, 32)]
        if not on_unit([value, *probes]):
            return
