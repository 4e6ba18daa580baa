# The "simulation" of the driver: reads the parameters in Dakota's aprepro format, and
# prints the results file.
#
#   f = (x1 - 1)^4 + (x2 - 1)^4,  c1 = x1^2 - x2/2,  c2 = x2^2 - x1/2

$1 == "{" { value[$2] = $4 }
$2 ~ /^ASV_/ { wanted[++n] = $4; sub(/^ASV_[0-9]+:/, "", $2); label[n] = $2 }
$2 ~ /^DVV_/ { by[++m] = $4 }

END {
	x[1] = value["x1"]; x[2] = value["x2"]
	y["f"] = (x[1] - 1)^4 + (x[2] - 1)^4
	y["c1"] = x[1]^2 - x[2] / 2
	y["c2"] = x[2]^2 - x[1] / 2
	d["f", 1] = 4 * (x[1] - 1)^3; d["f", 2] = 4 * (x[2] - 1)^3
	d["c1", 1] = 2 * x[1]; d["c1", 2] = -0.5
	d["c2", 1] = -0.5; d["c2", 2] = 2 * x[2]
	for (i = 1; i <= n; i++) printf "%.16e %s\n", y[label[i]], label[i]
	for (i = 1; i <= n; i++) {
		if (int(wanted[i] / 2) % 2 == 0) continue # the bit of the gradient
		printf "["
		for (j = 1; j <= m; j++) printf " %.16e", d[label[i], by[j]]
		print " ]"
	}
}
