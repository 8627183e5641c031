"""Steps through data that all hold, an epoch a unit."""

import torch
from dense import adam_of, network, train_epochs


def version():
    return torch.__version__


def perform(problem, on_unit):
    batch, steps, arrays = (problem[k] for k in ("batch", "steps", "arrays"))
    net = network(problem["layers"], arrays["weights"])
    x, y = torch.from_numpy(arrays["x"]), torch.from_numpy(arrays["y"]).long()
    batches = [(x[at : at + batch], y[at : at + batch]) for at in range(0, steps * batch, batch)]
    train_epochs(net, adam_of(net, problem["adam"]), torch.nn.functional.cross_entropy, batches, on_unit)
