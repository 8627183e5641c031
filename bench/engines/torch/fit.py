"""The walk-through: ten epochs of a sigmoid unit, validation loss and accuracy after each."""

import torch
from dense import adam_of, network

loss = torch.nn.functional.binary_cross_entropy_with_logits


def version():
    return torch.__version__


def perform(problem, on_unit):
    arrays, batch, training = (problem[k] for k in ("arrays", "batch", "training"))
    x, y = torch.from_numpy(arrays["x"]), torch.from_numpy(arrays["y"])
    while True:
        net = network([20, 1], arrays["weights"])
        optimizer = adam_of(net, problem["adam"])
        for _ in range(problem["epochs"]):
            total = torch.zeros(())
            for at in range(0, training, batch):
                optimizer.zero_grad(set_to_none=True)
                value = loss(net(x[at : at + batch])[:, 0], y[at : at + batch])
                value.backward()
                optimizer.step()
                total += value.detach()
            with torch.no_grad():
                z = net(x[training:])[:, 0]
                val_loss = loss(z, y[training:]).item()
                ((z > 0) == (y[training:] > 0.5)).float().mean().item()
        if not on_unit([val_loss]):
            return
