#!/usr/bin/env bash
# Shows that a study survives its simulations and its own end:
# bash scripts/chaos_drivers.sh [json|persistent|dakota] [SECONDS]
#
# 300 evaluations by 8 workers of a program of which, by luck that the design alone
# decides, one in ten crashes, one in twenty hangs, half of these with a child and deaf
# to SIGTERM, and one in twenty answers garbage; and sbo itself is killed (kill -9) every
# few seconds, SECONDS by default 2. It has to end at the optimum, with every finished
# answer there exactly once, to the bit, and no process left over. Needs python3. Exit
# code 1 if not. Takes about half a minute. What chaos.sh shows is that kills change
# nothing about the course.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

protocol=${1:-json}
every=${2:-2}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
study=$scratch/study
mkdir "$study"
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

# The simulation: a bowl with its best point on a limit, at 0.5, 0. The last thing it
# does before it answers is to note the answer in a log, the garbage excepted.
cat >"$study/drive.py" <<'PYTHON'
import json, math, os, signal, subprocess, sys, time


def evaluate(number, a, b):
    """Returns values and gradients, or None for garbage; or crashes, or hangs."""
    # The same nearby, so that no rounding decides about the optimum.
    luck = abs(math.sin(round(a, 2) * 12345.6 + round(b, 2) * 7890.1) * 9876.5) % 1
    if luck < 0.05:
        sys.exit("segmentation fault, so to speak")
    if luck < 0.1:
        os.kill(os.getpid(), signal.SIGSEGV)
    if luck < 0.125:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        subprocess.run(["sh", "-c", "trap '' TERM; sleep 1000; true"])
    if luck < 0.15:
        time.sleep(1000)
    time.sleep(0.1)
    if luck < 0.2:
        return None
    y = {"f": ((a - 1) ** 2 + b**2, [2 * (a - 1), 2 * b]), "g": (a - 0.5, [1, 0])}
    with open(os.environ["SBO_STUDY_DIR"] + "/log", "a") as f:
        f.write("%d %r %r\n" % (number, y["f"][0], y["g"][0]))
    return y


def reply(line):
    request = json.loads(line)
    y = evaluate(request["id"], request["x"]["a"], request["x"]["b"])
    if y is None:
        return '{"id": %d, "values": {"f": ' % request["id"]
    return json.dumps({
        "id": request["id"],
        "values": {k: v for k, (v, _) in y.items()},
        "partials": {k: dict(zip("ab", d)) for k, (_, d) in y.items()},
    })


if len(sys.argv) > 2:  # Dakota's way
    numbers = {label: value for value, label in (row.split() for row in open(sys.argv[1]))}
    y = evaluate(int(numbers["eval_id"]), float(numbers["a"]), float(numbers["b"]))
    with open(sys.argv[2], "w") as f:
        f.write("0.1 [" if y is None else "".join("%.17g %s\n" % (v, k) for k, (v, _) in y.items()))
        if y is not None:
            f.write("".join("[ %.17g %.17g ]\n" % tuple(d) for _, d in y.values()))
else:
    for line in sys.stdin:
        print("chatter", flush=True)
        print(reply(line), flush=True)
PYTHON

# The referee: what the log says against what the study says. Finished twice means that
# two attempts at one evaluation came to their ends; a persistent program ends with sbo,
# and may have been about to answer.
cat >"$scratch/judge.py" <<'PYTHON'
import json, sys

protocol, log, history, best = sys.argv[1:]
faults = []
finished = {}
for line in open(log):
    number, *y = line.split()
    if int(number) in finished and protocol != "persistent":
        faults.append("evaluation %s was finished twice" % number)
    finished[int(number)] = [float(v) for v in y]
answers = {}
for e in map(json.loads, open(history)):
    if e["id"] in answers:
        faults.append("evaluation %d is there twice" % e["id"])
    answers[e["id"]] = [e["y"]["f"], e["y"]["g"]] if e["state"] == "done" else e["state"]
done = {i: y for i, y in answers.items() if not isinstance(y, str)}
if done != finished:
    faults.append("answers that differ: %s" % sorted(i for i in {*done, *finished} if done.get(i) != finished.get(i)))
if sorted(answers) != list(range(1, 301)) or set(map(str, answers.values())) & {"waiting", "running"}:
    faults.append("there are %d evaluations, and not all have ended" % len(answers))
x = json.load(open(best))["x"]
if abs(x["a"] - 0.5) > 1e-3 or abs(x["b"]) > 1e-3:
    faults.append("that is not the optimum: %s" % x)
print("%d answers of %d evaluations, best at %s" % (len(done), len(answers), x))
sys.exit("\n".join(faults) or 0)
PYTHON

case $protocol in
json) settings='protocol: json' ;;
persistent) settings='persistent: true' ;;
dakota) settings='protocol: dakota' ;;
*)
	echo "there is no protocol $protocol here: json, persistent or dakota" >&2
	exit 2
	;;
esac
cat >"$study/study.yaml" <<YAML
variables: [{name: a, lower: -1, upper: 1}, {name: b, lower: -1, upper: 1}]
responses:
  - {name: f, minimize: true, partials: true}
  - {name: g, upper: 0, partials: true}
evaluator: {command: [python3, drive.py], $settings, workers: 8, timeout: 3s}
design: {sampler: halton, samples: 295}
polish: {batch: 5}
budget: {evaluations: 300}
YAML

go build -o "$scratch/sbo" ./cmd/sbo
kills=0
while true; do
	code=0
	timeout --foreground -s KILL "$every.$((RANDOM % 10))" "$scratch/sbo" run "$study" -q >"$scratch/out" 2>"$scratch/err" || code=$?
	((code == 137)) || break
	kills=$((kills + 1))
	((kills < 6)) || every=100 # the last fit has to come to its end in one go
	((kills < 20)) || break
done
((code == 0)) || fail "sbo ended with exit code $code: $(tail -n 3 "$scratch/err")"
((kills > 2)) || fail "it was killed only $kills times"

"$scratch/sbo" status "$study"
echo "killed $kills times"
"$scratch/sbo" history "$study" --json >"$scratch/history"
"$scratch/sbo" best "$study" --json >"$scratch/best"
python3 "$scratch/judge.py" "$protocol" "$study/log" "$scratch/history" "$scratch/best" || fail "see above"
for ((i = 0; i < 40; i++)); do # the politeness of the last ones that hung
	left=$(grep -lsz "SBO_STUDY_DIR=$study" /proc/[0-9]*/environ 2>/dev/null || true)
	[[ -n $left ]] || break
	sleep 0.2
done
[[ -z $left ]] || fail "processes are left: $left"
((failed == 0)) && echo "nothing lost, nothing doubled, nothing left"
exit "$failed"
