"""The walk-through as a script: data from files, ten epochs with validation, the test rows."""

import json
import sys

import numpy as np
from fit import fit

problem = json.load(sys.stdin)
types = {"float32": "<f4", "int32": "<i4"}
problem["arrays"] = {
    name: np.fromfile(array["file"], types[array["dtype"]]).reshape(array["shape"])
    for name, array in problem["arrays"].items()
}
net, val_loss = fit(problem)
loss = net.test_loss(problem["arrays"]["testX"], problem["arrays"]["testY"])
print(json.dumps({"version": np.__version__, "figures": [[val_loss, loss]]}))
