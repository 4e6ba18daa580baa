#!/usr/bin/env python3
"""Drag and moment of an airfoil section by XFOIL, with partials by differences.

It is asked by sbo, in JSON on its standard input, and answers on its standard output.
The section is made of coefficients of thickness (T0, T1, ...) and camber (K0, ...);
XFOIL finds the angle at which it has the lift. XFOIL is the program of that name in
PATH, or the one that the variable XFOIL of the environment names.

What is done here for XFOIL's sake:

  - Every run has a folder and a process of its own, without a display.
  - The points of the section are those XFOIL computes with. Were it to distribute
    them anew, drag would jump by a percent from one section to the next.
  - A point is iterated twice more after it has converged, and only then recorded.
  - Numbers are taken from the binary dump. The table has five decimals of the drag,
    a thousandth of it, which differences would magnify.
  - Where transition crosses a panel, drag has a kink, some hundredths of a percent of
    it: differences over short steps find the slopes of the kinks. Over steps of 0.002
    to 0.005 they are right to about 5 percent (drag) and 1 percent (moment).
  - A build that stops at floating-point exceptions is recognized, and mended.
"""
import json
import math
import os
import resource
import shutil
import signal
import struct
import subprocess
import sys
import tempfile

LIFT, MACH, REYNOLDS = 0.5, 0.15, 3e6
EDGE = 0.0025  # height of the trailing edge, in chords
PANELS = 80  # on either side
STEP = 4e-3  # in a coefficient: some 0.0004 chords of ordinate
TIME = 15  # seconds that a run may take; a tenth of one is usual

TRAPS = """\
{0} stops at floating-point exceptions, and XFOIL divides by zero in every boundary
layer. It was built with -ffpe-trap, as Debian's package is."""
MENDED = TRAPS + """ A copy of it is used here in
which the call that sets the traps does nothing. To be rid of this message, set XFOIL
to a program that was built without that option."""
HOPELESS = TRAPS + """ Set XFOIL to a program that was
built without that option; or let a library of one function stand in for the call that
sets the traps:

    echo 'void _gfortran_set_fpe(int traps) {{}}' > nofpe.c
    cc -shared -fPIC -o nofpe.so nofpe.c

and add to study.yaml, below evaluator,   env: {{LD_PRELOAD: /the/path/of/nofpe.so}}"""


class Failed(Exception):
    """The evaluation has no answer."""


class Trapped(Exception):
    """XFOIL was ended by a floating-point exception."""


def bernstein(n, i, x):
    return math.comb(n, i) * x**i * (1 - x) ** (n - i)


def section(thickness, camber):
    """Returns the points, from the trailing edge over the upper side to the nose and
    back: coefficients of class and shape functions (B. M. Kulfan, Universal Parametric
    Geometry Representation Method, Journal of Aircraft 45, 2008)."""
    n = len(thickness) - 1
    points = []
    for i in range(-PANELS, PANELS + 1):
        x = (1 - math.cos(math.pi * i / PANELS)) / 2
        side = 1 if i <= 0 else -1
        shape = sum((k + side * t) * bernstein(n, j, x) for j, (t, k) in enumerate(zip(thickness, camber)))
        points.append((x, math.sqrt(x) * (1 - x) * shape + side * EDGE * x / 2))
    return points


def thickness_at(x, thickness):
    """Returns the thickness there, in chords, and its partials by the coefficients."""
    n = len(thickness) - 1
    by = [2 * math.sqrt(x) * (1 - x) * bernstein(n, j, x) for j in range(n + 1)]
    return sum(t * d for t, d in zip(thickness, by)) + EDGE * x, by


def script(start):
    """Returns what XFOIL is to do; start are commands on the way to the lift."""
    lines = ["PLOP", "G F", "", "LOAD section.dat", "OPER", "VISC %.0f" % REYNOLDS, "MACH %g" % MACH, "ITER 100"]
    lines += start + ["CL %g" % LIFT, "!", "!", "PACC", "polar.txt", "polar.dmp", "!", "PACC", "", "QUIT"]
    return "\n".join(lines) + "\n"


def read_dump(name):
    """Returns angle, lift, drag and moment of the points of a polar dump: records of
    Fortran, of which the sixth is the first of a point, and each point has four."""
    records = []
    try:
        with open(name, "rb") as f:
            while head := f.read(4):
                (size,) = struct.unpack("<i", head)
                records.append(f.read(size))
                f.read(4)
    except (FileNotFoundError, struct.error):
        return []
    points = []
    for r in records[5::4]:
        alpha, lift, drag, _, moment = struct.unpack("<7d", r)[:5]
        points.append((alpha, lift, drag, moment))
    return points


class Xfoil:
    def __init__(self):
        name = os.environ.get("XFOIL", "xfoil")
        self.program = shutil.which(name)
        if not self.program:
            raise Failed("there is no %s; install it, as with apt install xfoil, or name one in XFOIL" % name)
        self.mended = False

    def analyze(self, points):
        """Returns drag and moment at the lift."""
        while True:
            try:
                for start in [[], ["ALFA 0", "ALFA 1", "ALFA 2"]]:
                    answer = self.run(points, script(start))
                    if answer:
                        return answer
                raise Failed("XFOIL did not converge")
            except Trapped:
                self.mend()

    def run(self, points, commands):
        """Runs XFOIL once; returns None if it did not converge."""
        with tempfile.TemporaryDirectory(dir=os.getcwd()) as folder:
            with open(os.path.join(folder, "section.dat"), "w") as f:
                f.write("section\n" + "".join("%.14f %.14f\n" % p for p in points))
            try:
                code = subprocess.run(
                    [self.program], cwd=folder, input=commands.encode(), timeout=TIME, stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL, env={k: v for k, v in os.environ.items() if k != "DISPLAY"},
                ).returncode
            except subprocess.TimeoutExpired:
                return None  # it asks for a point of the section again and again
            if code == -signal.SIGFPE:
                raise Trapped
            answers = read_dump(os.path.join(folder, "polar.dmp"))
        if code != 0 or len(answers) != 1:
            return None
        _, lift, drag, moment = answers[0]
        return (drag, moment) if drag > 0 and abs(lift - LIFT) < 1e-6 and math.isfinite(moment) else None

    def mend(self):
        """Goes on with a copy that calls another function of the library instead of the
        one that sets the traps: one that only counts arguments."""
        traps, harmless = b"\0_gfortran_set_fpe\0", b"\0_gfortran_iargc\0\0\0"
        with open(self.program, "rb") as f:
            code = f.read()
        if self.mended or code.count(traps) != 1:
            raise Failed(HOPELESS.format(self.program))
        print(MENDED.format(self.program), file=sys.stderr)
        self.program, self.mended = os.path.abspath("xfoil-without-traps"), True
        with open(self.program, "wb") as f:
            f.write(code.replace(traps, harmless))
        os.chmod(self.program, 0o700)

    def close(self):
        if self.mended:
            os.remove(self.program)


def evaluate(x, want):
    """Returns values and partials of the responses."""
    half = len(x) // 2
    names = ["T%d" % i for i in range(half)] + ["K%d" % i for i in range(half)]
    thick, by = thickness_at(0.35, [x[v] for v in names[:half]])
    values = {"thickness": thick}
    partials = {"thickness": dict(zip(names, by + [0.0] * half))}
    flow = [r for r in ("drag", "moment") if r in want]
    if not flow:
        return values, partials
    xfoil = Xfoil()

    def at(moved=None, step=0.0):
        c = [x[v] + (step if v == moved else 0) for v in names]
        return dict(zip(("drag", "moment"), xfoil.analyze(section(c[:half], c[half:]))))

    try:
        values.update(at())
        if any("partials" in want[r] for r in flow):
            partials.update({r: {} for r in flow})
            for v in names:
                try:
                    above, below = at(v, STEP), at(v, -STEP)
                except Failed:
                    continue  # sbo does with the partials that are there
                for r in flow:
                    partials[r][v] = (above[r] - below[r]) / (2 * STEP)
    finally:
        xfoil.close()
    return values, partials


def main():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    request = json.load(sys.stdin)
    answer = {"id": request["id"]}
    try:
        answer["values"], answer["partials"] = evaluate(request["x"], request["want"])
    except Failed as why:
        answer["failed"] = str(why)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
