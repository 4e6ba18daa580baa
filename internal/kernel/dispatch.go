package kernel

import "os"

// level is an instruction set, in ascending order of speed.
type level int

const (
	levelGo level = iota
	levelAVX2
	levelAVX512
)

// levelNames are the values of SBO_KERNELS.
var levelNames = []string{levelGo: "go", levelAVX2: "avx2", levelAVX512: "avx512"}

// active is the version in use. Only tests change it after the start.
var active = choose(os.Getenv("SBO_KERNELS"), best())

// choose returns the level with the wanted name if the processor has it, else the best.
func choose(want string, best level) level {
	for l, name := range levelNames {
		if name == want {
			return min(level(l), best)
		}
	}
	return best
}

// Name returns which version is in use: "avx512", "avx2" or "go".
func Name() string { return levelNames[active] }

// tile is the shape of the block of C that a version keeps in registers, and
// with it that of the panels its matrices are packed in.
type tile struct{ rows, cols int }

var tiles = [...]tile{levelGo: {4, 4}, levelAVX2: {4, 12}, levelAVX512: {8, 24}}

// layerRows is how many rows a tile of the products of [Product] has.
var layerRows = [...]int{levelGo: 4, levelAVX2: 4, levelAVX512: 6}

// layerColumns is how many columns of the right factor fit into the first-level
// cache, where products are taken of parts.
var layerColumns = [...]int{levelGo: 32, levelAVX2: 24, levelAVX512: 32}

// lanes is how many numbers a vector has, and with it how many rows are transposed
// at a time.
var lanes = [...]int{levelGo: 4, levelAVX2: 4, levelAVX512: 8}
