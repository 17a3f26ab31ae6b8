"""Documents to print, sign and send, made of a dossier."""
