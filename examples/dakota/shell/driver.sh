#!/bin/sh
# A Dakota driver of the classic kind: driver.sh params.in.N results.out.N
#
# It makes a folder for the evaluation, runs the "simulation" there, and moves the
# results to where Dakota looks for them. It asks for file_tag and for the aprepro
# format, as its lines "{ x1 = 1.5 }" are easily read by a script.
set -eu

params=$1
results=$2
number=${params##*.} # Dakota appends the number of the evaluation

mkdir "workdir.$number"
cp "$params" "workdir.$number/dakota_vars"
cp "$(dirname "$0")/simulation.awk" "workdir.$number"
cd "workdir.$number"

LC_ALL=C awk -f simulation.awk dakota_vars > results.tmp || echo "FAIL simulation.awk" > results.tmp

mv results.tmp "../$results"
