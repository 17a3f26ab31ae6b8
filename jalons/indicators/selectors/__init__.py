"""Reading indicators: what is asked, the table of a dispositif, the figures of a territory or a year."""
