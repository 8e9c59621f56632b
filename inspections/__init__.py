"""Inspections: mandate, evidence, findings and recommendations. Reads what stands below."""
