"""What the assemblies voted."""
