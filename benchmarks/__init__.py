"""Benchmarks: each prints its figures as ratios against a named baseline of the same run; docs/benchmarks.md tells them all."""
