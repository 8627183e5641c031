"""One row after another through a compiled function."""

import jax
import numpy as np
from dense import logits, weights_of


def version():
    return jax.__version__


def perform(problem, on_unit):
    weights = weights_of(problem["arrays"]["weights"], problem["layers"])
    predict = jax.jit(lambda row: jax.nn.softmax(logits(weights, row)))
    x = problem["arrays"]["x"]
    inputs = [x[i] for i in range(problem["rows"])]
    while True:
        digest = 0.0
        for row in inputs:
            p = np.asarray(predict(row))
            digest += p[0] + 2 * p[1] + 4 * p[2]
        if not on_unit([float(digest)]):
            return
