"""Holds the runtime against recorded runs of the reference: `python -m tests.conformance DIR`."""
