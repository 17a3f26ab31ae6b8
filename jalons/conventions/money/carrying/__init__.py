"""An amount that changed, written again where it stands elsewhere."""
