#!/usr/bin/env bash
# Shows that a study survives its cluster: bash scripts/chaos_slurm.sh [EVALUATIONS [SECONDS]]
#
# Runs a study of 300 evaluations, or as many as told, on a Slurm of its own with three
# nodes. By the design alone, one evaluation in ten crashes, one in twenty hangs, and
# one in twenty answers garbage. Meanwhile, and for SECONDS at most (default 600),
# something happens every other second: slurmctld or a slurmd is killed (kill -9), and
# started again a little later; jobs are canceled, or their processes killed; sbo itself
# is killed, and run again. The study has to end at the optimum, with every answer there
# once, no evaluation finished twice, and neither jobs nor processes left over. Exit
# code 1 if not. CHAOS_SEED repeats what happens, though not when.
#
# Needs what scripts/slurm_cluster.sh needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

evaluations=${1:-300}
longest=${2:-600}
seed=${CHAOS_SEED:-$RANDOM}
RANDOM=$seed
scratch=$(mktemp -d)
cluster=$scratch/cluster
study=$scratch/study
failed=0
chaos=

finish() {
	[[ -z $chaos ]] || kill "$chaos" 2>/dev/null || true
	[[ ! -f $scratch/pid ]] || kill -9 "$(cat "$scratch/pid")" 2>/dev/null || true # sbo
	bash scripts/slurm_cluster.sh down "$cluster" || true
	rm -rf "$scratch"
}
trap finish EXIT

fail() {
	echo "FAILED: $*"
	failed=1
}

# The simulation: a bowl with its best point on a limit, at 0.5, 0.
mkdir "$study"
cat >"$study/drive.sh" <<'DRIVER'
#!/bin/sh
a=$(sed 's/.*"a": \([^,}]*\).*/\1/' "$SBO_REQUEST")
b=$(sed 's/.*"b": \([^,}]*\).*/\1/' "$SBO_REQUEST")
luck=$(LC_ALL=C awk "BEGIN { s = sin($a * 12345.6 + $b * 7890.1) * 9876.5; if (s < 0) s = -s; printf \"%d\", 100 * (s - int(s)) }")
if [ "$luck" -lt 10 ]; then
	echo "segmentation fault, so to speak" >&2
	exit 3
elif [ "$luck" -lt 15 ]; then
	sleep 1000
fi
sleep 0.3
if [ "$luck" -lt 20 ]; then
	echo '{"values": {"f": '
	exit
fi
LC_ALL=C awk "BEGIN { a = $a; b = $b
	printf \"{\\\"values\\\": {\\\"f\\\": %.17g, \\\"g\\\": %.17g}, \", (a - 1)^2 + b^2, a - 0.5
	printf \"\\\"partials\\\": {\\\"f\\\": {\\\"a\\\": %.17g, \\\"b\\\": %.17g}, \\\"g\\\": {\\\"a\\\": 1, \\\"b\\\": 0}}}\\n\", 2 * (a - 1), 2 * b }"
DRIVER
chmod +x "$study/drive.sh"
cat >"$study/study.yaml" <<YAML
study: chaos
variables: [{name: a, lower: -1, upper: 1}, {name: b, lower: -1, upper: 1}]
responses:
  - {name: f, minimize: true, partials: true}
  - {name: g, upper: 0, partials: true}
evaluator:
  command: [./drive.sh]
  executor: slurm
  timeout: 3s
  failures_in_a_row: 50
  slurm: {poll: 1s, grace: 3s}
design: {samples: $((evaluations - 10))}
budget: {evaluations: $evaluations}
YAML

go build -o "$scratch/sbo" ./cmd/sbo
eval "$(bash scripts/slurm_cluster.sh up "$cluster" 3 4)"

# wound FILE kills the daemon that has written its process id there.
wound() {
	local pid
	pid=$(cat "$1" 2>/dev/null) || return 0
	kill -9 "$pid" 2>/dev/null || true
}

# heal does what administrators do: a node is drained when slurmctld gives it a job of
# a number that it has given before, and has forgotten.
heal() {
	local node
	for node in $(timeout 5 sinfo --noheader --Node --partition=main --states=drain,down --format=%N 2>/dev/null); do
		timeout 5 scontrol update nodename="$node" state=resume 2>/dev/null || true
		echo healed
	done
}

# disturb does something bad every other second.
disturb() {
	local node id pid turn=$((RANDOM % 5))
	while ((SECONDS < longest)); do
		sleep "$((1 + RANDOM % 2)).$((RANDOM % 10))"
		heal
		turn=$(((turn + 1) % 5)) # each comes, also in a short run
		case $turn in
		0)
			wound "$cluster/run/slurmctld.pid"
			sleep "$((RANDOM % 2)).$((RANDOM % 10))"
			bash scripts/slurm_cluster.sh controller "$cluster" || true
			echo controller
			;;
		1)
			node=n$((1 + RANDOM % 3))
			wound "$cluster/run/$node.pid"
			sleep "0.$((RANDOM % 10))"
			bash scripts/slurm_cluster.sh node "$cluster" "$node" || true
			echo node
			;;
		2)
			for id in $(timeout 5 squeue --noheader --array --format=%F_%K 2>/dev/null | shuf -n 5); do
				timeout 5 scancel "$id" 2>/dev/null || true
			done
			echo canceled
			;;
		3) # an evaluation, with what watches over it: as if its node had gone
			for pid in $(grep -lsz "^SLURM_CONF=$cluster/" /proc/[0-9]*/environ | cut -d/ -f3 | shuf -n 60); do
				tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "sbo attempt" || continue
				for id in $(cat /proc/"$pid"/task/*/children); do
					kill -9 -- "-$id" 2>/dev/null || true # it leads a group
				done
				kill -9 "$pid" 2>/dev/null || true
				break
			done
			echo attempt
			;;
		4)
			pid=$(cat "$scratch/pid" 2>/dev/null) && kill -9 "$pid" 2>/dev/null || true
			echo sbo
			;;
		esac
	done
	while sleep 2; do # what was hurt last
		heal
	done
}
disturb >>"$scratch/happened" 2>>"$scratch/errors" &
chaos=$!

runs=0
while ((runs < 500)); do
	runs=$((runs + 1))
	"$scratch/sbo" run "$study" -q >"$scratch/out" 2>>"$scratch/said" &
	pid=$!
	echo "$pid" >"$scratch/pid"
	code=0
	wait "$pid" 2>/dev/null || code=$?
	((code == 137)) || break
done
rm -f "$scratch/pid"
kill "$chaos" 2>/dev/null || true
wait "$chaos" 2>/dev/null || true
chaos=
timeout 20 squeue >/dev/null 2>&1 || bash scripts/slurm_cluster.sh controller "$cluster" # it may have been in the middle of that
((code == 0)) || fail "sbo ended with exit code $code: $(tail -n 3 "$scratch/said")"

"$scratch/sbo" status "$study"
echo "what happened in $SECONDS s (seed $seed):" $(sort "$scratch/happened" | uniq -c)
echo "attempts:" $(find "$study/.sbo/evals" -mindepth 2 -maxdepth 2 -type d | wc -l), begun $(find "$study/.sbo/evals" -name attempt.json -execdir test -e run \; -execdir test -e stdout \; -print | wc -l)

# An answer is an exit.json with code 0: there has to be one for each that is stored,
# and never two of one evaluation.
answered=$(cd "$study/.sbo/evals" && grep -l '"code":0' */*/exit.json | cut -d/ -f1)
twice=$(sort <<<"$answered" | uniq -d)
[[ -z $twice ]] || fail "evaluations that were finished twice:" $twice
stored=$("$scratch/sbo" history "$study" --json | grep -c '"state": *"done"')
garbage=$("$scratch/sbo" history "$study" --json | grep '"state": *"failed"' | grep -vcE 'exit code 3|timeout' || true)
finished=$(wc -l <<<"$answered")
echo "$finished evaluations finished, $stored answers stored, $garbage were garbage"
((finished == stored + garbage)) || fail "finished evaluations are missing in the store"

best=$("$scratch/sbo" best "$study" --json | tr -d ' \n')
echo "$best" | LC_ALL=C awk '{
	match($0, /"a":[-+.0-9e]+/); a = substr($0, RSTART + 4, RLENGTH - 4)
	match($0, /"b":[-+.0-9e]+/); b = substr($0, RSTART + 4, RLENGTH - 4)
	print "best at", a, b
	exit (a - 0.5) ^ 2 + b ^ 2 > 1e-4 # when the first at the optimum fails, the others keep clear of it
}' || fail "that is not the optimum, 0.5 and 0"

left=
for ((try = 0; try < 300; try++)); do # the controller may notice late what has ended
	left=$(timeout 5 squeue --noheader 2>&1) || true
	[[ -n $left ]] || break
	sleep 0.2
done
[[ -z $left ]] || fail "jobs are left: $left"
left=$(grep -lsz "^SBO_STUDY_DIR=$study" /proc/[0-9]*/environ 2>/dev/null || true)
[[ -z $left ]] || fail "processes are left: $left"
((failed == 1)) || echo "nothing lost, nothing doubled, nothing left"
exit "$failed"
