"""Value and both gradients."""

import torch

torch.set_num_threads(1)
F = torch.nn.functional


def version():
    return torch.__version__


def probes_of(values, count):
    flat = values.reshape(-1)
    return [flat[i * (flat.numel() - 1) // (count - 1)].item() for i in range(count)]


def perform(problem, on_unit):
    arrays = problem["arrays"]
    hidden, weight = (torch.from_numpy(arrays[k]).requires_grad_() for k in ("hidden", "weight"))
    y = torch.from_numpy(arrays["y"]).long()
    probes = None
    while True:
        hidden.grad = weight.grad = None
        value = F.cross_entropy(hidden @ weight.T, y)
        value.backward()
        if probes is None:
            probes = [*probes_of(hidden.grad, 32), *probes_of(weight.grad, 32)]
        if not on_unit([value.item(), *probes]):
            return
