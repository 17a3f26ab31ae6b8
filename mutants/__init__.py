"""Mutation testing: small faults are put into the code, one at a time, to see whether the nearest tests notice.

`python -m mutants core/values --sample 80 --seed 1`. See docs/mutants.md and docs/adr/0013-mutants.md.
"""
