"""The follow-up of a dispositif as it is shown."""
