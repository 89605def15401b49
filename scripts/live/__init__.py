"""A real Home Assistant with this product in it, for the demo, the end-to-end tests and the benchmarks."""
