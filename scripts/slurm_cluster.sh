#!/usr/bin/env bash
# A private Slurm on this machine, for tests: bash scripts/slurm_cluster.sh up|down|... DIR
#
#   up DIR [NODES [CPUS]]  starts it, 3 nodes of 2 CPUs by default, and waits until all
#                          are idle; prints the line that has commands find it
#   down DIR               cancels its jobs and ends its daemons
#   controller DIR         starts slurmctld again, after it was killed
#   node DIR NAME          starts the slurmd of a node again: n1, n2, ...
#
# It is made of Debian's packages slurmctld, slurmd, slurm-client and munge, needs
# neither root nor systemd nor cgroups, and leaves a Slurm that this machine may be part
# of alone: configuration, keys, sockets, states and logs are all in DIR, ports are
# free ones. DIR/run holds the process ids, as NAME.pid. When a command is missing, the
# exit code is 3.
set -euo pipefail

usage() {
	sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
	exit 2
}
(($# >= 2)) || usage
action=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
shift 2
export SLURM_CONF=$dir/slurm.conf
PATH=$PATH:/usr/sbin:/sbin # where the daemons are, and users may not look

missing=()
for command in munged slurmctld slurmd sbatch; do
	command -v "$command" >/dev/null || missing+=("$command")
done
if ((${#missing[@]} > 0)); then
	echo "missing: ${missing[*]}. On Debian: apt-get install --no-install-recommends slurmctld slurmd slurm-client munge" >&2
	exit 3
fi

# The daemons listen at ports of their own; two clusters on a machine must not meet.
free_ports() { # count
	local first port
	while :; do
		first=$((20000 + RANDOM % 10000))
		for ((port = first; port < first + $1; port++)); do
			(: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue 2 # somebody answers
		done
		echo "$first"
		return
	done
}

configure() { # nodes, CPUs of each
	local port node names
	port=$(free_ports $(($1 + 1)))
	{
		cat <<-CONFIGURATION
			ClusterName=sbo
			SlurmctldHost=localhost(127.0.0.1)
			SlurmctldPort=$port
			SlurmUser=$(id -un)
			SlurmdUser=$(id -un)
			AuthType=auth/munge
			CredType=cred/munge
			AuthInfo=socket=$dir/run/munge.socket
			StateSaveLocation=$dir/state
			SlurmdSpoolDir=$dir/spool/%n
			SlurmctldPidFile=$dir/run/slurmctld.pid
			SlurmdPidFile=$dir/run/%n.pid
			SlurmctldLogFile=$dir/log/slurmctld
			SlurmdLogFile=$dir/log/%n
			# without root and cgroups
			ProctrackType=proctrack/linuxproc
			TaskPlugin=task/none
			JobAcctGatherType=jobacct_gather/none
			AccountingStorageType=accounting_storage/none
			SwitchType=switch/none
			MpiDefault=none
			# several nodes on one machine, of whatever size is asked for
			SlurmdParameters=config_overrides
			SelectType=select/cons_tres
			SelectTypeParameters=CR_Core_Memory
			DefMemPerCPU=20
			ReturnToService=2
			# quick to start jobs, and to notice what is gone; jobs are soon forgotten
			SchedulerType=sched/backfill
			SchedulerParameters=batch_sched_delay=1,sched_min_interval=50000,bf_interval=2,defer_batch
			MaxArraySize=${SLURM_TEST_ARRAY:-40}
			MinJobAge=10
			KillWait=2
			CompleteWait=0
			MessageTimeout=5
			SlurmctldTimeout=4
			SlurmdTimeout=10
		CONFIGURATION
		for ((node = 1; node <= $1; node++)); do
			mkdir -p "$dir/spool/n$node"
			echo "NodeName=n$node NodeHostname=localhost NodeAddr=127.0.0.1 Port=$((port + node)) CPUs=$2 RealMemory=1000 State=UNKNOWN"
			names=${names:+$names,}n$node
		done
		echo "PartitionName=main Nodes=$names Default=YES MaxTime=INFINITE State=UP"
		echo "PartitionName=short Nodes=$names MaxTime=10 State=UP"
	} >"$SLURM_CONF"
	nodes=$names
}

start_munge() {
	local key=$dir/munge/key
	[[ -f $key ]] || head -c 1024 /dev/urandom >"$key"
	chmod 400 "$key"
	munged --force --num-threads=2 --key-file="$key" --seed-file="$dir/munge/seed" --log-file="$dir/log/munged" \
		--pid-file="$dir/run/munged.pid" --socket="$dir/run/munge.socket" 2>>"$dir/log/munged.err"
}

start_controller() { slurmctld "$@" -f "$SLURM_CONF"; }
start_node() { slurmd -f "$SLURM_CONF" -N "$1"; }

# patiently COMMAND... until it succeeds, half a minute at most
patiently() {
	local try
	for ((try = 0; try < 300; try++)); do
		"$@" && return
		sleep 0.1
	done
	echo "waited in vain for: $*; see $dir/log" >&2
	return 1
}

all_idle() { [[ $(sinfo --noheader --Node --partition=main --states=idle 2>/dev/null | wc -l) == "$1" ]]; }

up() {
	local count=${1:-3} node
	mkdir -p "$dir"/{munge,run,state,log}
	chmod 700 "$dir/munge"
	configure "$count" "${2:-2}"
	start_munge
	start_controller -c
	for node in ${nodes//,/ }; do
		start_node "$node"
	done
	patiently all_idle "$count"
	echo "export SLURM_CONF=$SLURM_CONF"
}

# stop PIDFILE... ends daemons: nicely, and after five seconds by force. A number is
# only used as long as it is that of a daemon of this cluster.
stop() {
	local file pid try
	for file in "$@"; do
		pid=$(cat "$file" 2>/dev/null) || continue
		ours "$pid" || continue
		kill "$pid" 2>/dev/null || true
		for ((try = 0; try < 50; try++)); do
			ours "$pid" || break
			sleep 0.1
		done
		! ours "$pid" || kill -9 "$pid" 2>/dev/null || true
	done
}

ours() { tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline" | grep -qF "$dir/"; }

down() {
	local file
	if [[ -f $SLURM_CONF ]]; then
		timeout 5 scancel --user="$(id -un)" 2>/dev/null || true
		sleep 0.2
	fi
	for file in "$dir"/run/n*.pid; do
		stop "$file"
	done
	stop "$dir/run/slurmctld.pid" "$dir/run/munged.pid"
}

case $action in
up) up "$@" ;;
down) down ;;
controller) start_controller ;;
node) start_node "${1:?which node}" ;;
*) usage ;;
esac
