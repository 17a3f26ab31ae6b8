"""What a service refuses, in words for the person who asked."""


class Refused(Exception):
    """What was asked makes no sense here; the message is for the person who asked."""
