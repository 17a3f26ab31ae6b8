"""What deserves a look on a site: warnings on a survey, states of the living conditions, alerts. Nothing here blocks."""
