"""How quick Jalons is on a base of a named size: `make bench`, or `python -m bench --help`.

`bases` builds the invented world once per size and keeps it; `measure` times the `screens` one by one, in the
conditions of production; `budgets` says how quick each should be; `report` prints and keeps the figures.
"""
