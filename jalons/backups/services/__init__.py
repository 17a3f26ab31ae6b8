"""Taking a backup and loading one: docs/adr/0038."""
