"""How fast the portal is, as ratios measured in one run: `python -m benchmarks --help`."""
