"""The tables of families that a team already keeps: read, looked at family by family, then put in the register."""
