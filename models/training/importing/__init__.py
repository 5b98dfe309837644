"""Brings a team's own checkpoints into the project: reading, recognising, exporting and checking them."""
