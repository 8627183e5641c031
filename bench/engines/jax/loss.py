"""Value and gradient of a loss as one compiled function."""

import jax
import jax.numpy as jnp
import numpy as np
from dense import binary_crossentropy, crossentropy

losses = {"sparseCategoricalCrossentropy": crossentropy, "binaryCrossentropy": binary_crossentropy}


def version():
    return jax.__version__


def perform(problem, on_unit):
    y, z = jnp.asarray(problem["arrays"]["y"]), jnp.asarray(problem["arrays"]["z"])
    step = jax.jit(jax.value_and_grad(losses[problem["loss"]]))
    probes = None
    while True:
        for _ in range(problem["repeats"]):
            value, gradient = jax.block_until_ready(step(z, y))
        if probes is None:
            g = np.asarray(gradient)
            probes = [float(g.flat[i * (g.size - 1) // 63]) for i in range(64)]
        if not on_unit([float(value), *probes]):
            return
