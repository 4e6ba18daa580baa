#!/bin/sh
# A job: evaluates the request in the folder it is given, and leaves answer.json there,
# all at once, whatever becomes of the simulation.
home=$(cd "$(dirname "$0")" && pwd)
cd "$1" || exit
if "$home/drive.sh" <request.json >answer.tmp 2>stderr; then
	mv answer.tmp answer.json
else
	printf '{"id": %s, "failed": "exit code %s"}\n' "$(basename "$PWD")" "$?" >failure.tmp
	mv failure.tmp answer.json
fi
