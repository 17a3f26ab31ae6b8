"""What the text obliges to, and by when."""
