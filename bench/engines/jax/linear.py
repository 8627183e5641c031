"""Value and both gradients as one compiled function."""

import jax
import jax.numpy as jnp
import numpy as np
from dense import crossentropy


def version():
    return jax.__version__


def probes_of(values, count):
    flat = np.asarray(values).reshape(-1)
    return [float(flat[i * (len(flat) - 1) // (count - 1)]) for i in range(count)]


def perform(problem, on_unit):
    hidden, weight, y = (jnp.asarray(problem["arrays"][k]) for k in ("hidden", "weight", "y"))
    step = jax.jit(jax.value_and_grad(lambda h, w: crossentropy(h @ w.T, y), argnums=(0, 1)))
    probes = None
    while True:
        value, gradients = jax.block_until_ready(step(hidden, weight))
        if probes is None:
            probes = [x for g in gradients for x in probes_of(g, 32)]
        if not on_unit([float(value), *probes]):
            return
