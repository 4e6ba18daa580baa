package main

import (
	"compress/gzip"
	"errors"
	"io"
)

// unzipped reads a file that gzip has compressed.
type unzipped struct {
	*gzip.Reader
	file io.Closer
}

func newUnzipped(file io.ReadCloser, name string) (io.ReadCloser, error) {
	r, err := gzip.NewReader(file)
	if err != nil {
		return nil, errors.Join(usage("%s is not compressed as its name says: %v", name, err), file.Close())
	}
	return unzipped{r, file}, nil
}

// Close ends the reading and closes the file.
func (u unzipped) Close() error { return errors.Join(u.Reader.Close(), u.file.Close()) }
