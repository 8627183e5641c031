"""The walk-through: ten epochs of a sigmoid unit, validation loss and accuracy after each."""

import numpy as np
from dense import Dense


def version():
    return np.__version__


def fit(problem):
    """The network and its last validation loss."""
    arrays, batch, training = problem["arrays"], problem["batch"], problem["training"]
    x, y = arrays["x"], arrays["y"]
    net = Dense([20, 1], batch, arrays["weights"], problem["adam"])
    val_x, val_y = x[training:], y[training:]
    history = []
    for _ in range(problem["epochs"]):
        total = 0.0
        for at in range(0, training, batch):
            total += net.step(x[at : at + batch], y[at : at + batch])
        z = net.logits(val_x)[:, 0]
        loss = float((np.maximum(z, 0) - z * val_y + np.log1p(np.exp(-np.abs(z)))).mean())
        accuracy = float(((z > 0) == (val_y > 0.5)).mean())
        history.append((total * batch / training, loss, accuracy))
    return net, history[-1][1]


def perform(problem, on_unit):
    while on_unit([fit(problem)[1]]):
        pass
