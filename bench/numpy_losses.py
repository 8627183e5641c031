"""NumPy by hand: value and gradient of each loss as a careful person writes them, speaking the protocol of engines/losses/worker.mjs.

Results go into arrays that are there already, and every expression that value and gradient share is computed once.
"""

import json
import sys
import time

import numpy as np

f32 = np.float32


def binary_crossentropy(y, z, g, s):
    # s = exp(-|z|); the loss is max(z, 0) - z y + log1p(s), its gradient sigmoid(z) - y
    np.abs(z, out=s)
    np.negative(s, out=s)
    np.exp(s, out=s)
    np.log1p(s, out=g)
    total = g.sum(dtype=np.float64)
    np.maximum(z, 0, out=g)
    total += g.sum(dtype=np.float64) - np.vdot(z, y)
    positive = z >= 0
    np.add(s, 1, out=g)
    np.divide(np.where(positive, f32(1), s), g, out=g)
    g -= y
    g *= f32(1 / z.size)
    return total / z.size


def softmax_into(z, g, s):
    """The softmax of z in g, and log of the sum by row of exp(z - its largest), that largest."""
    top = z.max(axis=1, keepdims=True)
    np.subtract(z, top, out=s)
    np.exp(s, out=g)
    sums = g.sum(axis=1, keepdims=True)
    g /= sums
    return np.log(sums[:, 0])


def categorical_crossentropy(y, z, g, s):
    logs = softmax_into(z, g, s)
    value = float(logs.mean(dtype=np.float64) - np.vdot(s, y) / len(z))
    g -= y
    g *= f32(1 / len(z))
    return value


def sparse_categorical_crossentropy(y, z, g, s):
    rows = np.arange(len(z))
    logs = softmax_into(z, g, s)
    value = float((logs - s[rows, y]).mean(dtype=np.float64))
    g[rows, y] -= 1
    g *= f32(1 / len(z))
    return value


def mean_squared_error(y, z, g, s):
    np.subtract(z, y, out=g)
    value = float(np.vdot(g, g)) / z.size
    g *= f32(2 / z.size)
    return value


def mean_absolute_error(y, z, g, s):
    np.subtract(z, y, out=g)
    np.abs(g, out=s)
    value = float(s.mean(dtype=np.float64))
    np.sign(g, out=g)
    g *= f32(1 / z.size)
    return value


def huber(y, z, g, s):
    # with c = clip(e, -1, 1) the loss is c (e - c / 2), its gradient c
    np.subtract(z, y, out=s)
    np.clip(s, -1, 1, out=g)
    value = (float(np.vdot(s, g)) - float(np.vdot(g, g)) / 2) / z.size
    g *= f32(1 / z.size)
    return value


def log_cosh(y, z, g, s):
    # |e| + log1p(exp(-2 |e|)) - log 2, its gradient tanh e
    np.subtract(z, y, out=g)
    np.abs(g, out=s)
    total = s.sum(dtype=np.float64)
    s *= f32(-2)
    np.exp(s, out=s)
    np.log1p(s, out=s)
    total += s.sum(dtype=np.float64)
    np.tanh(g, out=g)
    g *= f32(1 / z.size)
    return float(total) / z.size - float(np.log(2))


def poisson(y, p, g, s):
    np.log(p, out=s)
    value = (float(p.sum(dtype=np.float64)) - float(np.vdot(y, s))) / p.size
    np.divide(y, p, out=g)
    np.subtract(1, g, out=g)
    g *= f32(1 / p.size)
    return value


def hinge(y, z, g, s):
    np.multiply(y, z, out=s)
    np.subtract(1, s, out=s)
    np.maximum(s, 0, out=s)
    value = float(s.mean(dtype=np.float64))
    np.multiply(y, s > 0, out=g)
    g *= f32(-1 / z.size)
    return value


def kl_divergence(y, p, g, s):
    np.divide(y, p, out=g)
    np.log(g, out=s)
    value = float(np.vdot(y, s)) / len(p)
    g *= f32(-1 / len(p))
    return value


losses = {
    "binaryCrossentropy": binary_crossentropy,
    "categoricalCrossentropy": categorical_crossentropy,
    "sparseCategoricalCrossentropy": sparse_categorical_crossentropy,
    "meanSquaredError": mean_squared_error,
    "meanAbsoluteError": mean_absolute_error,
    "huber": huber,
    "logCosh": log_cosh,
    "poisson": poisson,
    "hinge": hinge,
    "klDivergence": kl_divergence,
}


def measure(loss, y, z, warm_ms, measure_ms):
    began = time.perf_counter()
    g, s = np.empty_like(z), np.empty_like(z)
    value = loss(y, z, g, s)
    first = (time.perf_counter() - began) * 1000

    def timed(runs):
        start = time.perf_counter()
        for _ in range(runs):
            loss(y, z, g, s)
        return (time.perf_counter() - start) * 1000

    runs, start = 1, time.perf_counter()
    while (time.perf_counter() - start) * 1000 < warm_ms:
        if timed(runs) < 2:
            runs *= 2
    samples, start = [], time.perf_counter()
    while len(samples) < 2 or (time.perf_counter() - start) * 1000 < measure_ms:
        samples.append(timed(runs) / runs)
    places = [i * (g.size - 1) // 63 for i in range(64)]
    return {
        "firstMs": first,
        "ms": samples,
        "value": float(value),
        "gradient": [float(g.flat[place]) for place in places],
    }


def main():
    job = json.load(sys.stdin)
    rows, classes = job["size"]["rows"], job["size"]["classes"]

    def read(kind):
        if kind == "labels":
            return np.fromfile(job["files"][kind], "<i4")
        return np.fromfile(job["files"][kind], "<f4").reshape(rows, classes)

    results = {}
    for case in job["cases"]:
        y, z = read(case["yTrue"]), read(case["yPred"])
        results[case["name"]] = measure(losses[case["name"]], y, z, job["warmMs"], job["measureMs"])
    print(json.dumps({"version": np.__version__, "results": results}))


if __name__ == "__main__":
    main()
