class Refused(Exception):
    """What was asked makes no sense here; the message is for the person who asked."""
