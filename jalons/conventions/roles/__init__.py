"""Who works on a convention."""
