#!/bin/sh
# Evaluates one beam on a node of the cluster. It is the script of a batch job, as it
# were: what it starts with srun or mpirun has the nodes and processors that study.yaml
# asks for, and $SLURM_CPUS_PER_TASK says how many of them a threaded program may use.
set -eu
export OMP_NUM_THREADS="${SLURM_CPUS_PER_TASK:-1}"

LC_ALL=C awk '
	# number returns the number after "key": in the request.
	function number(key) {
		if (!match($0, "\"" key "\"[ \t]*:[ \t]*[-+0-9.eE]+")) exit 1
		found = substr($0, RSTART, RLENGTH)
		sub(/^[^:]*:[ \t]*/, "", found)
		return found + 0
	}
	{
		w = number("width")
		h = number("height")
		bend = 1000 / (w * h^3)
		printf "{\"values\": {\"mass\": %.17g, \"deflection\": %.17g}, ", w * h, bend
		printf "\"partials\": {\"mass\": {\"width\": %.17g, \"height\": %.17g}, ", h, w
		printf "\"deflection\": {\"width\": %.17g, \"height\": %.17g}}}\n", -bend / w, -3 * bend / h
	}
' "$SBO_REQUEST"
