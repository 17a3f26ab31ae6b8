"""The screens of families: list, sheet, what is added and corrected. Content is sealed before it is stored."""
