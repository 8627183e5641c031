"""One row after another through a network."""

import numpy as np


def version():
    return np.__version__


def perform(problem, on_unit):
    layers, flat = problem["layers"], problem["arrays"]["weights"]
    x = problem["arrays"]["x"]
    inputs = [x[i] for i in range(problem["rows"])]
    weights, at = [], 0
    for before, units in zip(layers, layers[1:]):
        end = at + before * units
        weights.append((flat[at:end].reshape(before, units), flat[end : end + units]))
        at = end + units
    (k1, b1), (k2, b2), (k3, b3) = weights

    def predict(row):
        h = row @ k1
        h += b1
        np.maximum(h, 0, out=h)
        h = h @ k2
        h += b2
        np.maximum(h, 0, out=h)
        z = h @ k3
        z += b3
        z -= z.max()
        np.exp(z, out=z)
        z /= z.sum()
        return z

    while True:
        digest = 0.0
        for row in inputs:
            p = predict(row)
            digest += p[0] + 2 * p[1] + 4 * p[2]
        if not on_unit([float(digest)]):
            return
