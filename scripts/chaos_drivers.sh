#!/usr/bin/env bash
# Shows that a study survives its simulations and its own end:
# bash scripts/chaos_drivers.sh [json|persistent|dakota] [SECONDS]
#
# 300 evaluations by 8 workers of a program of which, by the design alone, one in ten
# crashes, one in twenty hangs with a child, and one in twenty answers garbage; and
# sbo itself is killed (kill -9) every few seconds, SECONDS by default 4. It has to
# end at the optimum, with every answer there once, no evaluation finished twice, and
# no process left over. Needs python3. Exit code 1 if not. Takes a few minutes.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

protocol=${1:-json}
every=${2:-4}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
study=$scratch/study
mkdir "$study"
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

# The simulation: a bowl with its best point on a limit, at 0.5, 0. It says in a log
# when it has finished, the garbage excepted.
cat >"$study/drive.py" <<'PYTHON'
import json, math, os, subprocess, sys, time


def evaluate(number, a, b):
    """Returns values and gradients, or None for garbage; or crashes, or hangs."""
    luck = abs(math.sin(a * 12345.6 + b * 7890.1) * 9876.5) % 1
    if luck < 0.1:
        sys.exit("segmentation fault, so to speak")
    if luck < 0.15:
        subprocess.run(["sleep", "1000"])
    time.sleep(0.1)
    if luck < 0.2:
        return None
    with open(os.environ["SBO_STUDY_DIR"] + "/log", "a") as f:
        f.write("%d\n" % number)
    return {"f": ((a - 1) ** 2 + b**2, [2 * (a - 1), 2 * b]), "g": (a - 0.5, [1, 0])}


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
evaluator: {command: [python3, drive.py], $settings, workers: 8, timeout: 5s}
design: {samples: 290}
budget: {evaluations: 300}
YAML

go build -o "$scratch/sbo" ./cmd/sbo
kills=0
while true; do
	"$scratch/sbo" run "$study" -q >"$scratch/out" 2>"$scratch/err" &
	pid=$!
	(
		sleep "$every.$((RANDOM % 10))"
		kill -9 "$pid" 2>/dev/null
	) &
	killer=$!
	code=0
	wait "$pid" 2>/dev/null || code=$?
	kill "$killer" 2>/dev/null || true
	((code == 137)) || break
	kills=$((kills + 1))
	((kills < 200)) || break
done
((code == 0)) || fail "sbo ended with exit code $code: $(tail -n 3 "$scratch/err")"

"$scratch/sbo" status "$study"
finished=$(sort -u "$study/log" | wc -l)
twice=$(sort "$study/log" | uniq -d | wc -l)
answers=$("$scratch/sbo" history "$study" --json | grep -c '"state": *"done"')
echo "killed $kills times; $finished evaluations finished, $twice of them twice; $answers answers"
((answers == finished)) || fail "$finished evaluations finished, and $answers answers are there"
if [[ $protocol != persistent ]] && ((twice > 0)); then # there, what was going on ends with sbo
	fail "$twice evaluations were finished twice"
fi
"$scratch/sbo" best "$study" | tee "$scratch/best"
python3 - "$("$scratch/sbo" best "$study" --json)" <<'PYTHON' || fail "that is not the optimum"
import json, sys

x = json.loads(sys.argv[1])["x"]
x = list(x.values()) if isinstance(x, dict) else x
sys.exit(abs(x[0] - 0.5) > 1e-3 or abs(x[1]) > 1e-3)
PYTHON
sleep 6 # the politeness of the last ones that hung
left=$(grep -lsz "SBO_STUDY_DIR=$study" /proc/[0-9]*/environ 2>/dev/null || true)
[[ -z $left ]] || fail "processes are left: $left"
((failed == 0)) && echo "nothing lost, nothing doubled, nothing left"
exit "$failed"
