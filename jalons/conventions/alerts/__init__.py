"""What does not add up in a convention: the rules, the alerts that they leave, what people answer."""
