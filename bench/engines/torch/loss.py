"""Value and gradient of a loss."""

import torch

torch.set_num_threads(1)
F = torch.nn.functional
losses = {
    "sparseCategoricalCrossentropy": F.cross_entropy,
    "binaryCrossentropy": F.binary_cross_entropy_with_logits,
}


def version():
    return torch.__version__


def perform(problem, on_unit):
    y, z = torch.from_numpy(problem["arrays"]["y"]), torch.from_numpy(problem["arrays"]["z"]).requires_grad_()
    y = y.long() if y.dtype == torch.int32 else y
    loss = losses[problem["loss"]]
    probes = None
    while True:
        for _ in range(problem["repeats"]):
            z.grad = None
            value = loss(z, y)
            value.backward()
        if probes is None:
            g = z.grad.reshape(-1)
            probes = [g[i * (g.numel() - 1) // 63].item() for i in range(64)]
        if not on_unit([value.item(), *probes]):
            return
