"""What changes from one version of a convention to another, and what drifts from the one that was voted."""
