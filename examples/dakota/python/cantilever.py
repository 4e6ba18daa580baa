#!/usr/bin/env python3
"""A Dakota driver: the weight, the stress and the deflection of a cantilever.

    cantilever.py PARAMETERS RESULTS

Written for Dakota's fork interface, and run as it is by sbo. It reads the standard
parameters file, and answers what the active set vector asks for.
"""
import math
import sys


def read(name):
    """Returns the variables, the active set by response, and whom to derive by."""
    with open(name) as f:
        rows = [line.split(None, 1) for line in f if line.strip()]

    def block(tag):
        for i, (value, label) in enumerate(rows):
            if label.strip() == tag:
                n = int(value)
                return [(v, t.strip()) for v, t in rows[i + 1 : i + 1 + n]]
        raise SystemExit("no " + tag + " in " + name)

    variables = {label: float(value) for value, label in block("variables")}
    active = {label.split(":", 1)[1]: int(value) for value, label in block("functions")}
    by = [label.split(":", 1)[1] for _, label in block("derivative_variables")]
    return variables, active, by


def cantilever(w, t, R, E, X, Y):
    """Returns each response with its gradient by w and t.

    A beam of length 100 in, width w and thickness t, with a load Y downward and a
    load X sideways at its tip, a yield strength R and a modulus E.
    """
    length, allowed = 100.0, 2.2535
    area = w * t
    stress = 600 * Y / (w * t**2) + 600 * X / (w**2 * t)
    dstress = {
        "w": -600 * Y / (w**2 * t**2) - 1200 * X / (w**3 * t),
        "t": -1200 * Y / (w * t**3) - 600 * X / (w**2 * t**2),
    }
    k = 4 * length**3 / E
    a, b = Y / t**2, X / w**2
    root = math.hypot(a, b)
    tip = k / (w * t) * root
    dtip = {"w": -tip / w - k / (w * t) * 2 * b**2 / (w * root), "t": -tip / t - k / (w * t) * 2 * a**2 / (t * root)}
    return {
        "area": (area, {"w": t, "t": w}),
        "g_stress": (stress / R - 1, {v: d / R for v, d in dstress.items()}),
        "g_tip": (tip / allowed - 1, {v: d / allowed for v, d in dtip.items()}),
    }


def main():
    parameters, results = sys.argv[1:3]
    variables, active, by = read(parameters)
    responses = cantilever(**{name: variables[name] for name in "wtREXY"})
    with open(results, "w") as f:
        for name, bits in active.items():
            if bits & 1:
                f.write("%24.16E %s\n" % (responses[name][0], name))
        for name, bits in active.items():
            if bits & 2:
                f.write("[ " + " ".join("%24.16E" % responses[name][1][v] for v in by) + " ]\n")


if __name__ == "__main__":
    main()
