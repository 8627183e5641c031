"""A small convolutional network, height and width before channels; an epoch is one scan."""

import jax
import jax.numpy as jnp
import numpy as np
from dense import crossentropy, start, step_of
from network import train_epochs


def version():
    return jax.__version__


def pool(rows):
    return jax.lax.reduce_window(rows, -jnp.inf, jax.lax.max, (1, 2, 2, 1), (1, 2, 2, 1), "VALID")


def convolve(rows, kernel, bias):
    order = ("NHWC", "HWIO", "NHWC")
    return jax.nn.relu(jax.lax.conv_general_dilated(rows, kernel, (1, 1), "VALID", dimension_numbers=order) + bias)


def perform(problem, on_unit):
    flat, at, weights = problem["arrays"]["weights"], 0, []
    for shape in problem["shapes"]:
        size = int(np.prod(shape))
        weights.append(jnp.asarray(flat[at : at + size].reshape(shape)))
        at += size

    def loss(w, x, y):
        rows = pool(convolve(pool(convolve(x, w[0], w[1])), w[2], w[3]))
        return crossentropy(rows.reshape(len(x), -1) @ w[4] + w[5], y)

    step = step_of(loss, problem["adam"])
    train_epochs(step, start(weights), problem["arrays"], problem["batch"], problem["steps"], on_unit)
