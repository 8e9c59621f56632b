"""Writes of inspections: mandate and steps, answers, evidence, findings, follow-up."""
