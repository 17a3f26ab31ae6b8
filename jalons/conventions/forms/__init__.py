"""What people type about conventions."""
