"""An epoch from rows in memory to the last update, and the test's loss; one scan over the full batches, what is left by itself."""

import jax
import jax.numpy as jnp
import numpy as np
from dense import crossentropy, logits, start, step_of, weights_of


def version():
    return jax.__version__


def perform(problem, on_unit):
    layers, batch, dropout, divisor = (problem[k] for k in ("layers", "batch", "dropout", "divisor"))
    arrays = problem["arrays"]

    def loss(weights, x, y, key):
        if dropout == 0:
            return crossentropy(logits(weights, x), y)

        def hide(rows):
            return jnp.where(jax.random.bernoulli(key, 1 - dropout, rows.shape), rows / (1 - dropout), 0)

        return crossentropy(logits(weights, x, hide), y)

    step = step_of(loss, problem["adam"])
    scaled = (lambda x: x) if divisor == 1 else (lambda x: x.astype(jnp.float32) / divisor)

    @jax.jit
    def epoch(weights, x, y, order):
        x = scaled(x)
        full = len(y) // batch
        chosen = order[: full * batch].reshape(full, batch)
        keys = jax.random.split(jax.random.key(0), full + 1)
        state, losses = jax.lax.scan(
            lambda s, r: step(s, x[r[0]], y[r[0]], r[1]), start(weights), (chosen, keys[:full])
        )
        total = losses.sum() * batch
        rest = order[full * batch :]
        if len(rest) > 0:
            state, last = step(state, x[rest], y[rest], keys[full])
            total += last * len(rest)
        return state[0], total / len(y)

    test = jax.jit(lambda weights, x, y: crossentropy(logits(weights, scaled(x)), y))
    while True:
        weights, value = epoch(weights_of(arrays["weights"], layers), arrays["x"], arrays["y"], arrays["order"])
        if "testX" in arrays:
            value = test(weights, arrays["testX"], arrays["testY"])
        if not on_unit([float(value)]):
            return
