#!/bin/sh
# Evaluates one cantilever: reads the request, a line of JSON, and prints the answer
# as the last line of its output. What it answers, a failure too, depends on the
# design alone: about one design in ten "does not converge", and a few crash.
#
# With SBO_EXAMPLE_LOG set, it appends a line to that file when it has finished, and
# with SBO_EXAMPLE_SLEEP it first takes that many seconds, as a simulation would.
set -eu

[ -z "${SBO_EXAMPLE_SLEEP:-}" ] || sleep "$SBO_EXAMPLE_SLEEP"

status=0
LC_ALL=C awk '
	# number returns the number after "key": in the request.
	function number(key) {
		if (!match(request, "\"" key "\"[ \t]*:[ \t]*[-+0-9.eE]+")) {
			print "drive.sh: the request has no " key ": " request > "/dev/stderr"
			exit 1
		}
		found = substr(request, RSTART, RLENGTH)
		sub(/^[^:]*:[ \t]*/, "", found)
		return found + 0
	}
	# chance returns a number from 0 to 1 that depends on the design alone.
	function chance(    s, i) {
		for (i = 1; i <= 3; i++) s += x[i] * (7 + i)
		s = sin(s * 1234.5) * 9876.5
		return s < 0 ? s - int(s) + 1 : s - int(s)
	}
	{ request = request $0 }
	END {
		id = number("id")
		for (i = 1; i <= 3; i++) x[i] = number("x" i)
		luck = chance()
		if (luck < 0.04) {
			print "drive.sh: segmentation fault, so to speak" > "/dev/stderr"
			exit 3
		}
		if (luck < 0.12) {
			printf "{\"id\": %d, \"failed\": \"the solver did not converge\"}\n", id
			exit 0
		}
		split("19 7 1", c, " ")
		for (i = 1; i <= 3; i++) {
			weight += 0.0624 * x[i]
			surface += 4 * x[i] * 100 # segments of 100 cm
			bend += c[i] / x[i]^3
			dweight = dweight sprintf("%s\"x%d\": 0.0624", i > 1 ? ", " : "", i)
			dbend = dbend sprintf("%s\"x%d\": %.17g", i > 1 ? ", " : "", i, -3 * c[i] / x[i]^4)
		}
		print "solved in 12 iterations" # chatter before the answer does no harm
		printf "{\"id\": %d, \"values\": {\"weight\": %.17g, \"bend\": %.17g, \"taper\": %.17g, \"surface\": %.17g}, ", id, weight, bend, x[1]/x[3], surface
		printf "\"partials\": {\"weight\": {%s}, \"bend\": {%s}, ", dweight, dbend
		printf "\"taper\": {\"x1\": %.17g, \"x3\": %.17g}}}\n", 1/x[3], -x[1]/x[3]^2
	}
' || status=$?

[ -z "${SBO_EXAMPLE_LOG:-}" ] || echo "$SBO_RUN_DIR" >> "$SBO_EXAMPLE_LOG"
exit "$status"
