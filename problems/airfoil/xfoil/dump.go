package xfoil

import (
	"encoding/binary"
	"math"

	"github.com/sbo-go/sbo/problems/airfoil"
)

// Records of a polar's dump: five about the section and the flow, then for each point
// one with its forces, and three about its layers.
const (
	recordsBefore = 5
	recordsOfEach = 4
	forces        = 7 * 8 // bytes of angle, CL, CD, inviscid CD, CM, transition above and below
)

// readDump returns the points of a polar's dump, as PACC of XFOIL 6.99 writes it:
// unformatted records of Fortran, each between its lengths. What is cut short or holds
// anything but finite numbers and a positive drag is left out.
func readDump(dump []byte) []airfoil.Result {
	var points []airfoil.Result
	for number := 0; len(dump) >= 4; number++ {
		size := int(int32(binary.LittleEndian.Uint32(dump))) // a negative one ends it
		if size < 0 || len(dump) < size+8 {
			break
		}
		record := dump[4 : 4+size]
		dump = dump[8+size:]
		if number < recordsBefore || (number-recordsBefore)%recordsOfEach != 0 || size != forces {
			continue
		}
		var v [forces / 8]float64
		sum := 0.0
		for i := range v {
			v[i] = math.Float64frombits(binary.LittleEndian.Uint64(record[8*i:]))
			sum += v[i]
		}
		if v[2] > 0 && !math.IsNaN(sum) && !math.IsInf(sum, 0) {
			points = append(points, airfoil.Result{
				Alpha: v[0], CL: v[1], CD: v[2], CM: v[4], Transition: [2]float64{v[5], v[6]}, PeakMach: math.NaN(),
			})
		}
	}
	return points
}
