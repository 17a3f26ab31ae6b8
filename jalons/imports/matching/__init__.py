"""What a row speaks of: this one, a new one, or several between which a person chooses. Never by a score alone.

`names` compares names as people write them; `choosing` decides, without any database.
"""
