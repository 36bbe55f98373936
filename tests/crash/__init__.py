"""The serving tree killed on its road, from outside."""
