"""The list of conventions, one at a glance, its deadlines."""
