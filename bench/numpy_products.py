"""NumPy's matrix product into an array that is there already, speaking the protocol of engines/products/surprisal.mjs."""

import json
import sys
import time

import numpy as np


def operand(shape, factor):
    count = shape[0] * shape[1]
    return ((np.arange(count, dtype=np.int64) * factor % 1000) / 1000 - 0.5).astype(np.float32).reshape(shape)


def measure(run, warm_ms, measure_ms):
    def sample():
        began = time.perf_counter()
        for _ in range(runs):
            run()
        return 1000 * (time.perf_counter() - began)

    runs = 1
    began = time.perf_counter()
    ms = 0.0
    while ms < 2 or 1000 * (time.perf_counter() - began) < warm_ms:
        ms = sample()
        if ms < 2:
            runs *= 2
    samples = []
    began = time.perf_counter()
    while not samples or 1000 * (time.perf_counter() - began) < measure_ms:
        samples.append(sample() / runs)
    return samples


def product(case, job):
    m, n, k = case["m"], case["n"], case["k"]
    a = operand((k, m), 7919).T if case["transposeA"] else operand((m, k), 7919)
    b = operand((n, k), 6271).T if case["transposeB"] else operand((k, n), 6271)
    out = np.empty((m, n), np.float32)
    ms = measure(lambda: np.matmul(a, b, out=out), job["warmMs"], job["measureMs"])
    # Halves are rounded up, as JavaScript has it.
    places = [int(i * (m * n - 1) / 15 + 0.5) for i in range(16)]
    return {"ms": ms, "values": [float(x) for x in out.ravel()[places]]}


job = json.load(sys.stdin)
results = {case["name"]: product(case, job) for case in job["cases"]}
print(json.dumps({"version": np.__version__, "arithmetic": "numpy", "results": results}))
