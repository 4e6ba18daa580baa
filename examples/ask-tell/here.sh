#!/bin/sh
# Submits a job to no cluster at all: it runs here, in the background.
nohup "$(dirname "$0")/job.sh" "$1" >/dev/null 2>&1 &
