"""A small convolutional network, channels before height and width; kernels are brought into that order."""

import numpy as np
import torch
from dense import adam_of, train_epochs


def version():
    return torch.__version__


def perform(problem, on_unit):
    flat, at, weights = problem["arrays"]["weights"], 0, []
    for shape in problem["shapes"]:
        size = int(np.prod(shape))
        weights.append(flat[at : at + size].reshape(shape))
        at += size
    nn = torch.nn
    net = nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(1600, 10)),
    )
    dense = weights[4].reshape(5, 5, 64, 10).transpose(3, 2, 0, 1).reshape(10, 1600)
    ordered = [weights[0].transpose(3, 2, 0, 1), weights[1], weights[2].transpose(3, 2, 0, 1), weights[3], dense, weights[5]]
    with torch.no_grad():
        for parameter, values in zip(net.parameters(), ordered):
            parameter.copy_(torch.from_numpy(np.ascontiguousarray(values)))
    batch, steps, arrays = (problem[k] for k in ("batch", "steps", "arrays"))
    x = torch.from_numpy(arrays["x"]).reshape(-1, 1, 28, 28)
    y = torch.from_numpy(arrays["y"]).long()
    batches = [(x[i : i + batch], y[i : i + batch]) for i in range(0, steps * batch, batch)]
    train_epochs(net, adam_of(net, problem["adam"]), nn.functional.cross_entropy, batches, on_unit)
