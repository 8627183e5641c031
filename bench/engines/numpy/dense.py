"""A dense network trained by hand in NumPy: results go into arrays that are there already, and all weights lie in one vector, so that Adam
is one sweep."""

import numpy as np

f32 = np.float32


class Dense:
    """Relu between the layers, then softmax cross-entropy, or binary cross-entropy where the last layer has one unit."""

    def __init__(self, layers, batch, start, adam, dropout=0.0, seed=0):
        self.layers, self.batch, self.adam, self.dropout = layers, batch, adam, dropout
        self.weights = start.copy()
        self.gradient = np.empty_like(self.weights)
        self.m, self.v, self.scratch = (np.zeros_like(self.weights) for _ in range(3))
        self.kernels, self.biases, self.kernel_gradients, self.bias_gradients = [], [], [], []
        at = 0
        for before, units in zip(layers, layers[1:]):
            middle, end = at + before * units, at + before * units + units
            self.kernels.append(self.weights[at:middle].reshape(before, units))
            self.kernel_gradients.append(self.gradient[at:middle].reshape(before, units))
            self.biases.append(self.weights[middle:end])
            self.bias_gradients.append(self.gradient[middle:end])
            at = end
        self.outputs = [np.empty((batch, units), np.float32) for units in layers[1:]]
        self.errors = [np.empty((batch, units), np.float32) for units in layers[1:]]
        self.rows = np.arange(batch)
        self.updates = 0
        self.random = np.random.default_rng(seed)
        if dropout:
            self.mask = np.empty((batch, layers[-2]), np.float32)

    def logits(self, x, outputs=None):
        depth = len(self.layers) - 1
        below = x
        for i in range(depth):
            out = np.matmul(below, self.kernels[i], out=None if outputs is None else outputs[i])
            out += self.biases[i]
            if i < depth - 1:
                np.maximum(out, 0, out=out)
                if outputs is not None and self.dropout and i == depth - 2:
                    mask = self.mask[: len(out)]
                    self.random.random(out=mask, dtype=np.float32)
                    np.greater_equal(mask, f32(self.dropout), out=mask)
                    mask *= f32(1 / (1 - self.dropout))
                    out *= mask
            below = out
        return below

    def step(self, x, labels):
        """One update; the mean loss of before it."""
        n = len(x)
        full = n == self.batch
        outputs = self.outputs if full else [out[:n] for out in self.outputs]
        errors = self.errors if full else [error[:n] for error in self.errors]
        loss = self.loss_into(self.logits(x, outputs), labels, errors[-1])
        depth = len(self.layers) - 1
        for i in range(depth - 1, -1, -1):
            below = outputs[i - 1] if i > 0 else x
            np.matmul(below.T, errors[i], out=self.kernel_gradients[i])
            errors[i].sum(axis=0, out=self.bias_gradients[i])
            if i > 0:
                np.matmul(errors[i], self.kernels[i].T, out=errors[i - 1])
                errors[i - 1] *= below > 0
                if self.dropout and i == depth - 1:
                    errors[i - 1] *= f32(1 / (1 - self.dropout))
        self.update()
        return loss

    def loss_into(self, logits, labels, error):
        """The mean loss; its gradient by the logits in `error`. The logits are used up."""
        n = len(logits)
        if self.layers[-1] == 1:
            z, y = logits[:, 0], labels
            decay = np.exp(-np.abs(z))
            loss = float((np.maximum(z, 0) - z * y + np.log1p(decay)).mean())
            np.divide(np.where(z >= 0, f32(1), decay), 1 + decay, out=error[:, 0])
            error[:, 0] -= y
        else:
            logits -= logits.max(axis=1, keepdims=True)
            np.exp(logits, out=error)
            sums = error.sum(axis=1, keepdims=True)
            rows = self.rows[:n]
            loss = float((np.log(sums[:, 0]) - logits[rows, labels]).mean())
            error /= sums
            error[rows, labels] -= 1
        error *= f32(1 / n)
        return loss

    def update(self):
        rate, beta1, beta2, epsilon = (self.adam[k] for k in ("learningRate", "beta1", "beta2", "epsilon"))
        m, v, scratch, gradient = self.m, self.v, self.scratch, self.gradient
        self.updates += 1
        corrected = f32(rate * (1 - beta2**self.updates) ** 0.5 / (1 - beta1**self.updates))
        m *= f32(beta1)
        np.multiply(gradient, f32(1 - beta1), out=scratch)
        m += scratch
        v *= f32(beta2)
        np.multiply(gradient, gradient, out=scratch)
        scratch *= f32(1 - beta2)
        v += scratch
        np.sqrt(v, out=scratch)
        scratch += f32(epsilon)
        np.divide(m, scratch, out=scratch)
        scratch *= corrected
        self.weights -= scratch

    def test_loss(self, x, labels):
        """The mean loss of rows that are not trained on."""
        logits = self.logits(x)
        if self.layers[-1] == 1:
            z = logits[:, 0]
            return float((np.maximum(z, 0) - z * labels + np.log1p(np.exp(-np.abs(z)))).mean())
        logits -= logits.max(axis=1, keepdims=True)
        return float((np.log(np.exp(logits).sum(axis=1)) - logits[np.arange(len(x)), labels]).mean())
