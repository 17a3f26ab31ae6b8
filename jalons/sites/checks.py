"""What deserves a look on a site: survey warnings, states of living conditions, alerts. Nothing blocks."""
