"""What is shared with the whole country: dispositifs offered to the directory, pages of good practice."""

from jalons.sharing.models.offer import ActionOffer
from jalons.sharing.models.practice import Practice, PracticeEdition

__all__ = ["ActionOffer", "Practice", "PracticeEdition"]
