"""The walk-through's whole fit as one scan over epochs, each a scan over steps and a validation."""

import jax
import jax.numpy as jnp
from dense import binary_crossentropy, logits, start, step_of, weights_of


def version():
    return jax.__version__


def perform(problem, on_unit):
    arrays, batch, training, epochs = (problem[k] for k in ("arrays", "batch", "training", "epochs"))
    steps = training // batch
    step = step_of(lambda w, x, y: binary_crossentropy(logits(w, x)[:, 0], y), problem["adam"])

    def fit(weights, x, y):
        rows = (x[:training].reshape(steps, batch, -1), y[:training].reshape(steps, batch))
        val_x, val_y = x[training:], y[training:]

        def epoch(state, _):
            state, losses = jax.lax.scan(lambda s, r: step(s, *r), state, rows)
            z = logits(state[0], val_x)[:, 0]
            accuracy = ((z > 0) == (val_y > 0.5)).mean()
            return state, (losses.mean(), binary_crossentropy(z, val_y), accuracy)

        return jax.lax.scan(epoch, start(weights), None, length=epochs)

    compiled = jax.jit(fit)
    while True:
        _, (_, val_losses, _) = compiled(weights_of(arrays["weights"], [20, 1]), arrays["x"], arrays["y"])
        if not on_unit([float(val_losses[-1])]):
            return
