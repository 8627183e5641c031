"""A dense network in JAX: loss, gradients, Adam as a scan over steps calls them. Compiled for one thread."""

import os

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402


def weights_of(flat, layers):
    weights, at = [], 0
    for before, units in zip(layers, layers[1:]):
        end = at + before * units
        weights.append((jnp.asarray(flat[at:end].reshape(before, units)), jnp.asarray(flat[end : end + units])))
        at = end + units
    return weights


def logits(weights, x, hide=lambda rows: rows):
    rows = x
    for i, (kernel, bias) in enumerate(weights):
        if i == len(weights) - 1:
            rows = hide(rows)
        rows = rows @ kernel + bias
        if i < len(weights) - 1:
            rows = jax.nn.relu(rows)
    return rows


def crossentropy(z, labels):
    picked = jnp.take_along_axis(jax.nn.log_softmax(z), labels[:, None], axis=1)
    return -picked.mean()


def binary_crossentropy(z, y):
    return (jax.nn.softplus(z) - z * y).mean()


def start(weights):
    zeros = jax.tree.map(jnp.zeros_like, weights)
    return weights, zeros, zeros, jnp.float32(1), jnp.float32(1)


def step_of(loss, adam):
    """A function of state and batch: the state after, and the loss of before."""
    rate, beta1, beta2, epsilon = (adam[k] for k in ("learningRate", "beta1", "beta2", "epsilon"))
    value_and_grad = jax.value_and_grad(loss)

    def step(state, *batch):
        weights, m, v, power1, power2 = state
        value, gradients = value_and_grad(weights, *batch)
        power1, power2 = power1 * beta1, power2 * beta2
        corrected = rate * jnp.sqrt(1 - power2) / (1 - power1)
        m = jax.tree.map(lambda old, g: beta1 * old + (1 - beta1) * g, m, gradients)
        v = jax.tree.map(lambda old, g: beta2 * old + (1 - beta2) * g * g, v, gradients)
        weights = jax.tree.map(lambda w, a, b: w - corrected * a / (jnp.sqrt(b) + epsilon), weights, m, v)
        return (weights, m, v, power1, power2), value

    return step
