"""Value and gradient of a loss, by the comparison of losses."""

import os
import sys

import numpy as np

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
from numpy_losses import losses  # noqa: E402


def version():
    return np.__version__


def perform(problem, on_unit):
    y, z = problem["arrays"]["y"], problem["arrays"]["z"]
    g, s = np.empty_like(z), np.empty_like(z)
    loss = losses[problem["loss"]]
    probes = None
    while True:
        for _ in range(problem["repeats"]):
            value = loss(y, z, g, s)
        if probes is None:
            probes = [float(g.flat[i * (g.size - 1) // 63]) for i in range(64)]
        if not on_unit([value, *probes]):
            return
