"""A dense network in PyTorch, eager, one thread, with its own fused Adam."""

import torch

torch.set_num_threads(1)


def network(layers, flat, dropout=0.0):
    parts, at = [], 0
    for i, (before, units) in enumerate(zip(layers, layers[1:])):
        last = i == len(layers) - 2
        if last and dropout:
            parts.append(torch.nn.Dropout(dropout))
        linear = torch.nn.Linear(before, units)
        end = at + before * units
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(flat[at:end].reshape(before, units).T.copy()))
            linear.bias.copy_(torch.from_numpy(flat[end : end + units].copy()))
        at = end + units
        parts.append(linear)
        if not last:
            parts.append(torch.nn.ReLU())
    return torch.nn.Sequential(*parts)


def adam_of(net, adam):
    betas = (adam["beta1"], adam["beta2"])
    return torch.optim.Adam(net.parameters(), adam["learningRate"], betas, adam["epsilon"], fused=True)


def train_epochs(net, optimizer, loss, batches, on_unit):
    while True:
        total = torch.zeros(())
        for x, y in batches:
            optimizer.zero_grad(set_to_none=True)
            value = loss(net(x), y)
            value.backward()
            optimizer.step()
            total += value.detach()
        if not on_unit([total.item() / len(batches)]):
            return
