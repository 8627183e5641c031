"""An epoch is one scan over its batches, which are resident."""

import jax
import jax.numpy as jnp
from dense import crossentropy, logits, start, step_of, weights_of


def version():
    return jax.__version__


def perform(problem, on_unit):
    layers, batch, steps, arrays = (problem[k] for k in ("layers", "batch", "steps", "arrays"))
    step = step_of(lambda w, x, y: crossentropy(logits(w, x), y), problem["adam"])
    train_epochs(step, start(weights_of(arrays["weights"], layers)), arrays, batch, steps, on_unit)


def train_epochs(step, state, arrays, batch, steps, on_unit):
    epoch = jax.jit(lambda state, rows: jax.lax.scan(lambda s, r: step(s, *r), state, rows), donate_argnums=0)
    x, y = arrays["x"][: steps * batch], arrays["y"][: steps * batch]
    rows = (jnp.asarray(x.reshape(steps, batch, *x.shape[1:])), jnp.asarray(y.reshape(steps, batch)))
    # Weights that begin as one array must not be given away twice.
    state = jax.tree.map(jnp.array, state)
    while True:
        state, losses = epoch(state, rows)
        if not on_unit([float(losses.mean())]):
            return
