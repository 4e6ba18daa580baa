#!/bin/sh
# Has a study evaluated by a batch system of which sbo need not know:
#
#   ./cluster.sh STUDY
#
# For every point that the study asks for, a folder is made, jobs/ID, with the request
# in it, and a job is submitted that leaves answer.json there. The answers are told as
# they come, until the study has no more to ask. It may be killed and started again:
# what has a folder is on its way.
#
# SUBMIT   submits the job of a folder, and returns (here.sh)
# AT_ONCE  how many points are asked for at a time (8)
# LOST     after how many minutes a job without an answer counts as failed (1440)
# PAUSE    how many seconds lie between two looks (1)
set -eu
study=$1
home=$(cd "$(dirname "$0")" && pwd)
jobs=${JOBS:-$study/jobs}
mkdir -p "$jobs"

tell() { # FILE
	if sbo tell "$study" "$1" -q >/dev/null; then
		mv "$1" "$1.told"
	else # an answer that cannot be read is a failure of its evaluation
		mv "$1" "$1.refused"
		printf '{"id": %s, "failed": "the answer cannot be read"}\n' "$(basename "$(dirname "$1")")" >"$1"
	fi
}

while :; do
	find "$jobs" -name request.json -mmin "+${LOST:-1440}" | while read -r request; do
		folder=$(dirname "$request")
		[ -e "$folder/answer.json" ] || [ -e "$folder/answer.json.told" ] ||
			printf '{"id": %s, "failed": "the job is lost"}\n' "$(basename "$folder")" >"$folder/answer.json"
	done
	for answer in "$jobs"/*/answer.json; do
		[ ! -e "$answer" ] || tell "$answer"
	done

	code=0
	sbo ask "$study" -n "${AT_ONCE:-8}" --as cluster --json >"$jobs/asked" || code=$?
	case $code in
	0) [ -s "$jobs/asked" ] || break ;; # nothing left to ask
	6) ;;                               # others are at work
	*) exit "$code" ;;
	esac
	while read -r request; do
		id=$(printf '%s\n' "$request" | sed 's/^{"id":\([0-9]*\),.*/\1/')
		[ ! -d "$jobs/$id" ] || continue
		rm -rf "$jobs/$id.new"
		mkdir "$jobs/$id.new"
		printf '%s\n' "$request" >"$jobs/$id.new/request.json"
		mv "$jobs/$id.new" "$jobs/$id"
		"${SUBMIT:-$home/here.sh}" "$jobs/$id" </dev/null
	done <"$jobs/asked"
	sleep "${PAUSE:-1}"
done
sbo best "$study"
