"""What a register gives to the follow-up: numbers, their rule, and who is behind each of them."""
