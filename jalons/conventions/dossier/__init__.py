"""A convention in memory: what it holds, how it is read from the base, how its money and its places are named."""
