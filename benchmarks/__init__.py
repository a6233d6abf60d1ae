"""One module a figure. `python -m benchmarks` prints all, `python -m benchmarks NAME` those of one module or one figure."""
