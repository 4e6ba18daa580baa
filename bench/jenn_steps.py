#!/usr/bin/env python3
"""Time a training step of the reference, the Python package jenn, beside ours.

    pip install jenn numpy
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 bench/jenn_steps.py

A step is one evaluation of the loss of values and all partials with its gradient.
The networks are those of sbo bench kernels, which this runs in turns with the
reference; sbo has to be found, or be named: jenn_steps.py /path/to/sbo. The data are
random numbers of the same shapes: what they are makes no difference to the time.
Versions 1 and 2 of jenn will do. Each number is the best of all turns.
"""

import json
import subprocess
import sys
import time

import numpy as np

CASES = {
    "A": ([2, 12, 12, 1], 100, 50),
    "B": ([2, 20, 20, 20, 1], 389, 12),
    "C": ([16, 12, 12, 1], 1000, 85),
    "D": ([16, 64, 64, 1], 1000, 50),
    "E": ([50, 128, 128, 3], 2000, 60),
}
TURNS = 3
SECONDS = 2.0  # of the reference in each turn


def reference(sizes, m):
    """A step of jenn, as its optimizer makes it."""
    from jenn.core.cache import Cache
    from jenn.core.cost import Cost
    from jenn.core.data import Dataset
    from jenn.core.parameters import Parameters
    from jenn.core.training import objective_function, objective_gradient

    rng = np.random.default_rng(1)
    nx, ny = sizes[0], sizes[-1]
    data = Dataset(rng.normal(size=(nx, m)), rng.normal(size=(ny, m)), rng.normal(size=(ny, nx, m)))
    parameters = Parameters(sizes, "tanh", "linear")
    parameters.initialize(random_state=1)
    data.set_weights(1.0, 1.0)
    lambd = 1e-4
    cost, cache, stacked = Cost(data, parameters, lambd), Cache(sizes, m), parameters.stack()

    def step():
        objective_function(data.X, cost, parameters, cache, stacked)
        return objective_gradient(data, parameters, cache, lambd, stacked)

    return step


def best(step, so_far):
    """Microseconds of the processor for a step, the best of many and of so_far."""
    began = time.perf_counter()
    while time.perf_counter() - began < SECONDS:
        repeat, worked = 0, time.process_time()
        while time.process_time() - worked < 5e-3:
            step()
            repeat += 1
        so_far = min(so_far, (time.process_time() - worked) / repeat * 1e6)
    return so_far


def ours(sbo, case):
    """The row of sbo bench kernels with the microseconds of a step, and the machine."""
    result = subprocess.run([sbo, "bench", "kernels", "--quick", "--json", "--case", case], check=False, capture_output=True, text=True)
    document = json.loads(result.stdout)
    step = next(row["value"] for row in document["rows"] if row["metric"] == "step_us")
    return step, document["machine"]


def main():
    sbo = sys.argv[1] if len(sys.argv) > 1 else "sbo"
    _, machine = ours(sbo, "A")
    print(f"{machine['os']}/{machine['arch']}, instructions {machine['instructions']}, numpy {np.__version__}")
    print(f"{'case':6} {'jenn us':>10} {'sbo us':>10} {'ratio':>8} {'goal':>6}")
    for case, (sizes, m, goal) in CASES.items():
        step, theirs, mine = reference(sizes, m), np.inf, np.inf
        for _ in range(TURNS):
            theirs = best(step, theirs)
            mine = min(mine, ours(sbo, case)[0])
        print(f"{case:6} {theirs:10.1f} {mine:10.2f} {theirs / mine:8.1f} {goal:6}", flush=True)


if __name__ == "__main__":
    main()
