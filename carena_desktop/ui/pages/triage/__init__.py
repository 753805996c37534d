"""Triage: complaint, red flags, vital signs, history, a note and an acuity that a person chooses."""
