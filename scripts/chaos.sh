#!/usr/bin/env bash
# Shows that a study loses nothing: bash scripts/chaos.sh [KILLS]
#
# Runs a copy of examples/external undisturbed, and with 1, 2 and 8 workers; then
# another copy that is killed (kill -9) KILLS times, 10 by default, at random
# moments, and run once more to its end. All must end with the same best point, bit
# for bit, and no evaluation may have been finished twice. Exit code 1 if not.
# CHAOS_SEED repeats the moments.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

kills=${1:-10}
seed=${CHAOS_SEED:-$RANDOM}
RANDOM=$seed
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
failed=0

fail() {
	echo "FAILED: $*"
	failed=1
}

# copy NAME makes a new copy of the study.
copy() {
	cp -R examples/external "$scratch/$1"
	rm -rf "$scratch/$1/.sbo"
}

# run NAME ARGUMENTS... runs the study; each evaluation notes in a log that it has
# finished.
run() {
	local name=$1
	shift
	SBO_EXAMPLE_LOG=$scratch/$name.log "$scratch/sbo" run "$scratch/$name" --json -q "$@"
}

best() { "$scratch/sbo" best "$scratch/$1" --json; }

# The log has a line for every attempt that came to its end: the folder in which
# it ran, .../evals/<evaluation>/<attempt>/run. Two lines of one evaluation are two
# finished attempts at it.
repeated() { sed -E 's|.*/evals/([0-9]+)/[0-9]+/run$|\1|' "$scratch/$1.log" | sort | uniq -d; }

go build -o "$scratch/sbo" ./cmd/sbo

copy calm
run calm >"$scratch/calm.json"
best calm >"$scratch/calm.best"
echo "undisturbed: $(grep -c . "$scratch/calm.log") evaluations finished by the program"

for workers in 1 2 8; do
	copy "w$workers"
	run "w$workers" --workers "$workers" >/dev/null
	best "w$workers" >"$scratch/w$workers.best"
	if cmp -s "$scratch/calm.best" "$scratch/w$workers.best"; then
		echo "$workers workers: the same best, bit for bit"
	else
		fail "$workers workers end with another best"
		diff "$scratch/calm.best" "$scratch/w$workers.best" || true
	fi
done

copy chaos
export SBO_EXAMPLE_SLEEP=0.5 # so that there is something to kill
struck=0
for ((i = 1; i <= kills; i++)); do
	SBO_EXAMPLE_LOG=$scratch/chaos.log "$scratch/sbo" run "$scratch/chaos" -q >/dev/null &
	pid=$! # of sbo itself
	sleep "0.$((RANDOM % 9))$((RANDOM % 10))"
	if kill -9 "$pid" 2>/dev/null; then
		struck=$((struck + 1))
	fi
	wait "$pid" 2>/dev/null || true
done
((struck > 0 || kills == 0)) || fail "no run lasted until it was killed"
echo "killed $struck times while running (seed $seed); $(cat "$scratch/chaos.log" 2>/dev/null | wc -l) evaluations finished until then"
run chaos >"$scratch/chaos.json"
best chaos >"$scratch/chaos.best"

if cmp -s "$scratch/calm.best" "$scratch/chaos.best"; then
	echo "the same best, bit for bit"
else
	fail "the killed study ends with another best"
	diff "$scratch/calm.best" "$scratch/chaos.best" || true
fi
if [[ -n $(repeated chaos) ]]; then
	fail "evaluations finished more than once: $(repeated chaos | tr '\n' ' ')"
elif [[ $(grep -c . "$scratch/chaos.log") != $(grep -c . "$scratch/calm.log") ]]; then
	fail "$(grep -c . "$scratch/chaos.log") evaluations finished, $(grep -c . "$scratch/calm.log") undisturbed"
else
	echo "no finished evaluation was repeated: $(grep -c . "$scratch/chaos.log") of them, as undisturbed"
fi
cat "$scratch/calm.best"
exit "$failed"
