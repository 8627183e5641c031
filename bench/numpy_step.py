"""NumPy by hand: one training step of a dense network as a careful person writes it, speaking the protocol of engines/worker.mjs.

Reads a job as JSON on standard input, trains, writes one line of JSON. All weights lie in one vector, so that Adam is one sweep.
"""

import json
import sys
import time

before_load = time.perf_counter()
import numpy as np  # noqa: E402 - its import is measured

loaded = time.perf_counter()


def train(layers, batch, steps, x, y, start, adam, on_epoch):
    depth = len(layers) - 1
    weights = start.copy()
    gradient = np.empty_like(weights)
    m, v, scratch = (np.zeros_like(weights) for _ in range(3))
    kernels, biases, kernel_gradients, bias_gradients = [], [], [], []
    at = 0
    for before, units in zip(layers, layers[1:]):
        middle, end = at + before * units, at + before * units + units
        kernels.append(weights[at:middle].reshape(before, units))
        kernel_gradients.append(gradient[at:middle].reshape(before, units))
        biases.append(weights[middle:end])
        bias_gradients.append(gradient[middle:end])
        at = end
    outputs = [np.empty((batch, units), np.float32) for units in layers[1:]]
    errors = [np.empty((batch, units), np.float32) for units in layers[1:]]
    rows = np.arange(batch)
    rate, beta1, beta2, epsilon = (adam[k] for k in ("learningRate", "beta1", "beta2", "epsilon"))
    f32 = np.float32
    updates = 0
    while True:
        total = 0.0
        for step in range(steps):
            inputs = x[step * batch : (step + 1) * batch]
            labels = y[step * batch : (step + 1) * batch]
            # forward
            before = inputs
            for i in range(depth):
                out = np.matmul(before, kernels[i], out=outputs[i])
                out += biases[i]
                if i < depth - 1:
                    np.maximum(out, 0, out=out)
                before = out
            # loss and its gradient by the logits
            logits, error = outputs[-1], errors[-1]
            logits -= logits.max(axis=1, keepdims=True)
            np.exp(logits, out=error)
            sums = error.sum(axis=1, keepdims=True)
            total += float((np.log(sums[:, 0]) - logits[rows, labels]).mean())
            error /= sums
            error[rows, labels] -= 1
            error *= f32(1 / batch)
            # backward
            for i in range(depth - 1, -1, -1):
                below = outputs[i - 1] if i > 0 else inputs
                np.matmul(below.T, errors[i], out=kernel_gradients[i])
                errors[i].sum(axis=0, out=bias_gradients[i])
                if i > 0:
                    np.matmul(errors[i], kernels[i].T, out=errors[i - 1])
                    errors[i - 1] *= below > 0
            # Adam
            updates += 1
            corrected = f32(rate * (1 - beta2**updates) ** 0.5 / (1 - beta1**updates))
            m *= f32(beta1)
            np.multiply(gradient, f32(1 - beta1), out=scratch)
            m += scratch
            v *= f32(beta2)
            np.multiply(gradient, gradient, out=scratch)
            scratch *= f32(1 - beta2)
            v += scratch
            np.sqrt(v, out=scratch)
            scratch += f32(epsilon)
            np.divide(m, scratch, out=scratch)
            scratch *= corrected
            weights -= scratch
        if not on_epoch(total / steps):
            return


def main():
    job = json.load(sys.stdin)
    shape, files = job["shape"], job["files"]
    layers, batch, steps, checked = shape["layers"], shape["batch"], shape["steps"], shape["checked"]
    x = np.fromfile(files["x"], "<f4").reshape(batch * steps, layers[0])
    y = np.fromfile(files["y"], "<i4")
    start = np.fromfile(files["weights"], "<f4")

    before_first = time.perf_counter()
    train(layers, batch, 1, x, y, start, job["adam"], lambda _: False)
    first = time.perf_counter() - before_first

    losses, epochs = [], []
    began = time.perf_counter()
    last, measured_from = began, None

    def on_epoch(loss):
        nonlocal last, measured_from
        now = time.perf_counter()
        if len(losses) < checked:
            losses.append(loss)
        if measured_from is None:
            if len(losses) == checked and (now - began) * 1000 >= job["warmMs"]:
                measured_from = time.perf_counter()
            last = time.perf_counter()
            return True
        epochs.append((now - last) * 1000)
        enough = (now - measured_from) * 1000 >= job["measureMs"] and len(epochs) >= job["leastEpochs"]
        last = time.perf_counter()
        return not enough and len(epochs) < shape["epochs"]

    train(layers, batch, steps, x, y, start, job["adam"], on_epoch)
    answer = {
        "version": np.__version__,
        "loadMs": (loaded - before_load) * 1000,
        "firstMs": first * 1000,
        "losses": losses,
        "stepMs": [ms / steps for ms in epochs],
    }
    print(json.dumps(answer))


main()
