"""An epoch from rows in memory to the last update, and the test's loss."""

import numpy as np
from dense import Dense

f32 = np.float32


def version():
    return np.__version__


def perform(problem, on_unit):
    batch, divisor, arrays = problem["batch"], problem["divisor"], problem["arrays"]
    while True:
        net = Dense(problem["layers"], batch, arrays["weights"], problem["adam"], problem["dropout"])
        x, y, order = rows(arrays["x"], divisor), arrays["y"], arrays["order"]
        total = 0.0
        for at in range(0, len(y), batch):
            chosen = order[at : at + batch]
            total += net.step(x[chosen], y[chosen]) * len(chosen)
        figure = total / len(y)
        if "testX" in arrays:
            test, labels = rows(arrays["testX"], divisor), arrays["testY"]
            losses = [net.test_loss(test[at : at + 1000], labels[at : at + 1000]) for at in range(0, len(test), 1000)]
            figure = sum(losses) / len(losses)
        if not on_unit([figure]):
            return


def rows(values, divisor):
    if divisor == 1:
        return values
    scaled = values.astype(np.float32)
    scaled *= f32(1 / divisor)
    return scaled
