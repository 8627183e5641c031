"""One engine in Python on one workload, as a process: the protocol of worker.mjs, where job, engine and answer are described.

An engine is a file ENGINE/KIND.py with `version()` and `perform(problem, on_unit)`, or `missing`, a string that says why it cannot.
"""

import importlib.util
import json
import math
import os
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))


def ms_now():
    return time.perf_counter() * 1000


def read_array(array):
    import numpy as np

    dtype = {"float32": "<f4", "int32": "<i4", "uint8": "u1"}[array["dtype"]]
    return np.fromfile(array["file"], dtype).reshape(array["shape"])


def status_bytes(key):
    try:
        with open("/proc/self/status") as status:
            for line in status:
                if line.startswith(key):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def watch_memory():
    before = status_bytes("VmRSS:")
    try:
        with open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    except OSError:
        pass
    return lambda: max(0, status_bytes("VmHWM:") - before) / 1e6


def load(engine, kind):
    # Beside each other in one folder: an engine's files import each other by name.
    sys.path[0] = os.path.join(here, engine)
    spec = importlib.util.spec_from_file_location(f"engine_{kind}", os.path.join(here, engine, f"{kind}.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def measure(job, engine):
    arrays = {name: read_array(array) for name, array in job["problem"]["arrays"].items()}
    problem = {**job["problem"], "arrays": arrays}
    extra = watch_memory()
    began = ms_now()
    first_ms = None
    if "first" in job:
        engine.perform({**problem, **job["first"]}, lambda _: False)
        first_ms = ms_now() - began
    figures, units = [], []
    start = last = ms_now()
    measured_from = None

    def on_unit(given):
        nonlocal first_ms, last, measured_from
        now = ms_now()
        if first_ms is None:
            first_ms = now - began
        if len(figures) < job["checked"]:
            figures.append([float(x) for x in given])
        if measured_from is None:
            if len(figures) == job["checked"] and now - start >= job["warmMs"]:
                measured_from = ms_now()
        else:
            units.append(now - last)
        last = ms_now()
        enough = measured_from is not None and now - measured_from >= job["measureMs"] and len(units) >= job["least"]
        return not enough and len(units) < job["most"]

    engine.perform(problem, on_unit)
    return {
        "firstMs": first_ms,
        "figures": [[x if math.isfinite(x) else None for x in one] for one in figures],
        "ms": [ms / job["per"] for ms in units],
        "extraMB": extra(),
    }


def main():
    job = json.load(sys.stdin)
    before = ms_now()
    engine = load(job["engine"], job["kind"])
    load_ms = ms_now() - before
    if hasattr(engine, "missing"):
        answer = {"version": engine.version(), "missing": engine.missing}
    else:
        answer = {"version": engine.version(), "loadMs": load_ms, **measure(job, engine)}
    print(json.dumps(answer))


main()
