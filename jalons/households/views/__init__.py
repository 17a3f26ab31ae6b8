"""Pages of a register: opening it, its members, its journal. Those of families are in `sheets/views`."""
