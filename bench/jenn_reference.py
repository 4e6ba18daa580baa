#!/usr/bin/env python3
"""Train the reference, the Python package jenn, on the samples of sbo bench train.

    pip install jenn numpy
    sbo bench train --export samples --case rosenbrock2-9,otl-30
    OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 python3 bench/jenn_reference.py samples

It prints, for every case, the medians over the designs of what sbo calls
nrmse_values_adam, nrmse_partials_adam and seconds_adam. Versions 1 and 2 of
jenn will do; sbo's figures are of 2.0.1.
"""

import csv
import json
import pathlib
import statistics
import sys
import time

import numpy as np


def network(sizes):
    """A network of jenn 2, or of jenn 1, where the class is in a module."""
    import jenn

    kind = getattr(jenn, "NeuralNet", None) or jenn.model.NeuralNet
    return kind(sizes)


def read(file, inputs, outputs):
    """The columns of a table as jenn wants them: a sample in each column."""
    with open(file, newline="") as f:
        rows = list(csv.DictReader(f))
    column = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    x = np.array([column[i] for i in inputs])
    y = np.array([column[o] for o in outputs])
    dydx = np.array([[column[f"d{o}_d{i}"] for i in inputs] for o in outputs])
    return x, y, dydx


def train(case, x, y, dydx, seed):
    """A trained network and the processor's seconds it took. What matters of the
    epochs is how many iterations there are in all."""
    batches = -(-x.shape[1] // case["batch"]) if case["batch"] else 1
    epochs = 1 if batches == 1 else -(-case["iterations"] // batches)
    net = network([len(case["inputs"]), *case["hidden"], len(case["outputs"])])
    began = time.process_time()
    net.fit(
        x, y, dydx,
        is_normalize=True,
        alpha=case["alpha"],
        lambd=case["lambda"],
        max_iter=case["iterations"] if batches == 1 else 1,
        epochs=epochs,
        batch_size=case["batch"] or None,
        random_state=seed,
    )
    return net, time.process_time() - began


def errors(case, net, x, y, dydx):
    """NRMSE of values and of all partials together, of the worst of the responses.
    Partials count per range of their variable, as in sbo."""
    values = np.sqrt(np.mean((net.predict(x) - y) ** 2, axis=1)) / np.std(y, axis=1)
    width = np.array(case["width"])[None, :, None]
    wrong = np.sum((width * (net.predict_partials(x) - dydx)) ** 2, axis=(1, 2))
    spread = np.sum((width * (dydx - dydx.mean(axis=2, keepdims=True))) ** 2, axis=(1, 2))
    return values.max(), np.sqrt(wrong / spread).max()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    print(f"{'case':20} {'nrmse_values':>14} {'nrmse_partials':>14} {'seconds':>10}")
    for case in json.loads((folder / "cases.json").read_text()):
        results = []
        for seed, design in enumerate(case["designs"]):
            samples = read(folder / design["train"], case["inputs"], case["outputs"])
            net, seconds = train(case, *samples, seed)
            held_out = read(folder / design["test"], case["inputs"], case["outputs"])
            results.append((*errors(case, net, *held_out), seconds))
        values, partials, seconds = (statistics.median(column) for column in zip(*results))
        print(f"{case['case']:20} {values:14.4g} {partials:14.4g} {seconds:10.3f}", flush=True)


if __name__ == "__main__":
    main()
