"""A person who only has a keyboard, and how much they press."""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

MOST_TABS = 80  # beyond, what is looked for is not reached by keyboard


@dataclass
class Keyboard:
    """`presses`: keys that are not letters. `letters`: those of what is written. `fields`: written or chosen in."""

    page: Page
    presses: int = 0
    letters: int = 0
    fields: int = 0

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.presses += 1

    def reach(self, target: Locator) -> None:
        """Presses Tab until `target` has the focus."""
        target.wait_for()
        for _ in range(MOST_TABS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.press("Tab")
        raise AssertionError(f"{target} n’est pas atteint en {MOST_TABS} tabulations")

    def write(self, label: str, text: str) -> None:
        self.reach(self.page.get_by_label(label).first)
        self.page.keyboard.type(text)
        self.letters += len(text)
        self.fields += 1

    def choose(self, label: str, text: str, option: str) -> None:
        """Writes the beginning of a name, then takes the proposal, the first that comes."""
        self.write(label, text)
        self.page.get_by_role("option", name=option).first.wait_for(state="visible")
        self.press("ArrowDown")
        self.press("Enter")

    def activate(self, target: Locator, key: str = "Enter") -> None:
        self.reach(target)
        self.press(key)
