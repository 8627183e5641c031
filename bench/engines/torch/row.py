"""One row after another through a network."""

import torch
from dense import network


def version():
    return torch.__version__


def perform(problem, on_unit):
    net = network(problem["layers"], problem["arrays"]["weights"])
    x = problem["arrays"]["x"]
    inputs = [x[i] for i in range(problem["rows"])]
    with torch.inference_mode():
        while True:
            digest = 0.0
            for row in inputs:
                p = torch.softmax(net(torch.from_numpy(row)), 0).numpy()
                digest += p[0] + 2 * p[1] + 4 * p[2]
            if not on_unit([float(digest)]):
                return
