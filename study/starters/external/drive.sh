#!/bin/sh
# Evaluates one design of the can. sbo sends the request as JSON in one line,
#   {"id": 7, "x": {"radius": 3.5, "height": 8}, "want": {...}}
# and takes the last line of the output for the answer:
#   {"id": 7, "values": {"area": 252.9, ...}, "partials": {"area": {"radius": 94.2, ...}, ...}}
# A design that cannot be evaluated is answered with the reason:
#   {"id": 7, "failed": "the mesh did not close"}
# Every evaluation runs in a folder of its own, $SBO_RUN_DIR, which is kept.
set -eu

LC_ALL=C exec awk '
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
	{ request = request $0 }
	END {
		pi = atan2(0, -1)
		r = number("radius")
		h = number("height")
		printf "{\"id\": %d, \"values\": {\"area\": %.17g, \"volume\": %.17g}, ", number("id"), 2*pi*r*(r + h), pi*r*r*h
		printf "\"partials\": {\"area\": {\"radius\": %.17g, \"height\": %.17g}, ", 2*pi*(2*r + h), 2*pi*r
		printf "\"volume\": {\"radius\": %.17g, \"height\": %.17g}}}\n", 2*pi*r*h, pi*r*r
	}
'
