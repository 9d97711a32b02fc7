"""Measure retrieval, answers and statuses, and hold a generation back that answers worse."""
