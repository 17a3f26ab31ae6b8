"""Which figures may be open, and the proof of it. Pure: nothing here reads a base. See docs/adr/0065.

`cells` names what is published, `primary` says what would tell of somebody, `suppression` hides what would let it be
deduced, `audit` attacks the result by linear programs, `protection` goes from one to the other until nothing gives way.
"""
