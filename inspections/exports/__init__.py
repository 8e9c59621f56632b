"""Papers of inspections: one file a paper of the set, annexes as sheets, all as one file."""
