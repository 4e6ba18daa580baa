#!/usr/bin/env python3
"""A simulation that takes long to start and then answers line by line.

It is started once for each worker: it reads requests, one a line, until there are no
more, and writes an answer with the same id for each.
"""
import json
import math
import sys
import time


def load():
    """Stands for what takes long: a mesh, a library, a license."""
    time.sleep(0.3)
    return [i / 50 for i in range(51)]  # where the profile is integrated


def drag(stations, a, b):
    """A drag-like integral over a profile, with its partials by a and b."""
    value = da = db = 0.0
    for s in stations:
        shape = a * math.sin(math.pi * s) + b * s * (1 - s) - 0.2
        weight = 1 / len(stations)
        value += weight * (math.exp(shape) - shape)
        slope = weight * (math.exp(shape) - 1)
        da += slope * math.sin(math.pi * s)
        db += slope * s * (1 - s)
    return value, {"a": da, "b": db}


def main():
    stations = load()
    print("ready", file=sys.stderr)
    for line in sys.stdin:
        request = json.loads(line)
        a, b = request["x"]["a"], request["x"]["b"]
        value, slope = drag(stations, a, b)
        answer = {
            "id": request["id"],
            "values": {"drag": value, "thickness": a + b / 4},
            "partials": {"drag": slope, "thickness": {"a": 1, "b": 0.25}},
        }
        print(json.dumps(answer), flush=True)  # at once: sbo waits for it


if __name__ == "__main__":
    main()
