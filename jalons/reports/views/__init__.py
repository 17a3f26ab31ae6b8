"""Les pages des tableaux de bord."""
