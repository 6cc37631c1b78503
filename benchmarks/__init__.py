"""Benchmarks, run by `./run bench NAME`: ratios to a peer measured in the same run, with the peak memory."""
