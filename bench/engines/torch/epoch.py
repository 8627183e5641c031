"""An epoch from rows in memory to the last update, and the test's loss."""

import torch
from dense import adam_of, network

loss = torch.nn.functional.cross_entropy


def version():
    return torch.__version__


def perform(problem, on_unit):
    batch, divisor, arrays = (problem[k] for k in ("batch", "divisor", "arrays"))
    while True:
        net = network(problem["layers"], arrays["weights"], problem["dropout"])
        optimizer = adam_of(net, problem["adam"])
        x, y = rows(arrays["x"], divisor), torch.from_numpy(arrays["y"]).long()
        order = torch.from_numpy(arrays["order"]).long()
        total = torch.zeros(())
        for at in range(0, len(y), batch):
            chosen = order[at : at + batch]
            optimizer.zero_grad(set_to_none=True)
            value = loss(net(x[chosen]), y[chosen])
            value.backward()
            optimizer.step()
            total += value.detach() * len(chosen)
        figure = total.item() / len(y)
        if "testX" in arrays:
            net.eval()
            with torch.no_grad():
                labels = torch.from_numpy(arrays["testY"]).long()
                figure = loss(net(rows(arrays["testX"], divisor)), labels).item()
        if not on_unit([figure]):
            return


def rows(values, divisor):
    x = torch.from_numpy(values)
    return x if divisor == 1 else x.float().div_(divisor)
