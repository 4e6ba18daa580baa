// Package optimize finds the best point of an evaluator inside bounds and constraints.
package optimize
