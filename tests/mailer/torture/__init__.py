"""Mails as they really come, each with its truth; written for this project, nobody's own mail."""
