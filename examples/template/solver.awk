# A "legacy code" that knows nothing of sbo: it reads its deck on standard input, in
# fixed columns, and writes a listing and a table. It stands for programs that nobody
# is going to change.
#
#   awk -f solver.awk < deck.inp > listing
#
# The gas stream of a plant is cooled in a bundle of tubes: cost is what the bundle
# and the pumping cost in a year, duty the heat it takes over.

/^DIAMETER/ { d = substr($0, 11, 12) + 0 } # mm
/^LENGTH/   { l = substr($0, 11, 12) + 0 } # m
/^VELOCITY/ { v = substr($0, 11, 12) + 0 } # m/s

END {
	printf "BUNDLE 1.3\n\n"
	if (d <= 0 || l <= 0 || v <= 0) {
		print "*** ERROR: INPUT OUT OF RANGE" # and ends with exit code 0, as such codes do
		exit 0
	}
	for (pass = 1; pass <= 2; pass++) { # the first pass is a rough one
		k = pass == 1 ? 0.9 : 1
		area = k * 3.14159265358979 * d / 1000 * l * 200
		pump = k * 40 * v^3 * l / d
		h = 55 * v^0.8 * (d / 25)^-0.2
		printf " PASS %d\n", pass
		printf "   TOTAL COST =  %.12E\n", 30 * area + pump
		printf "   DUTY       =  %.12E  KW\n", h * area / 50
	}
	printf "\n SENSITIVITIES OF COST\n %18s %18s %18s\n", "DIAMETER", "LENGTH", "VELOCITY"
	printf " %18.10E %18.10E %18.10E\n", 30 * area / d - pump / d, (30 * area + pump) / l, 3 * pump / v
	print "diameter,length,velocity" > "duty.csv"
	printf "%.12g,%.12g,%.12g\n", h * area / 50 * 0.8 / d, h * area / 50 / l, h * area / 50 * 0.8 / v > "duty.csv"
}
