"""Pages of the check: findings, runs, the law."""
