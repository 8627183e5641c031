"""Writes python.safetensors with the reference package, to check that its files are read. Run: python make.py (safetensors 0.8.0, numpy)."""

import numpy as np
from safetensors.numpy import save_file

save_file(
    {
        "dense/kernel": np.array([[0.1, -2.5, np.inf], [np.nan, 1e-45, 3.4028235e38]], dtype=np.float32),
        "dense/bias": np.array([1.0, -0.0, 2.0], dtype=np.float64),
        "labels": np.array([-(2**31), 0, 2**31 - 1], dtype=np.int32),
        "mask": np.array([[True], [False], [True]]),
        "empty": np.zeros((0, 4), dtype=np.float32),
        "scalar": np.array(7.25, dtype=np.float32),
        "größe": np.array([42], dtype=np.int32),
    },
    "python.safetensors",
    metadata={"note": 'quote " backslash \\ newline \n tab \t control \x01 é 😀 \u2028 {"json":[1]}'},
)
