#!/bin/sh
# The simulation: reads a request, a line of JSON, and prints the answer.
tr -d ' {}"' | tr ',' '\n' | LC_ALL=C awk -F: '
	$1 == "id" { id = $2 }
	$1 == "x" { r = $3 } # the first of "x": {"radius": ..., "height": ...}
	$1 == "height" { h = $2 }
	END {
		pi = atan2(0, -1)
		printf "{\"id\": %d, \"values\": {\"area\": %.17g, \"volume\": %.17g}, ", id, 2*pi*r*(r+h), pi*r*r*h
		printf "\"partials\": {\"area\": {\"radius\": %.17g, \"height\": %.17g}, ", 2*pi*(2*r+h), 2*pi*r
		printf "\"volume\": {\"radius\": %.17g, \"height\": %.17g}}}\n", 2*pi*r*h, pi*r*r
	}'
