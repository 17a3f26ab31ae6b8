"""From a file to features, without Django: it all runs in the confined child."""
