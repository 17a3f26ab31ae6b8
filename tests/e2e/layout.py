"""What is seen to be wrong with a laid-out page and no rule of accessibility tells: cut, out of sight, askew."""

from playwright.sync_api import Page

# A list whose chosen words are cut; a menu that opens out of the window; a bar that stays in sight (saving, « Mettre à
# jour ») and is askew: not as wide on both sides, over another bar, or with buttons of one row at different heights.
FLAWS = """() => {
  const flaws = [], pixel = 1, room = document.documentElement.clientWidth;
  const what = node => `${node.tagName.toLowerCase()}.${[...node.classList].join('.')} « ${
    (node.getAttribute('name') || node.textContent).trim().replace(/\\s+/g, ' ').slice(0, 40)} »`;
  const pen = document.createElement('canvas').getContext('2d');
  for (const list of document.querySelectorAll('select')) {
    if (list.multiple || list.size > 1 || !list.selectedOptions.length || !list.checkVisibility()) continue;
    const style = getComputedStyle(list), words = list.selectedOptions[0].text;
    pen.font = style.font;
    const free = list.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
    if (pen.measureText(words).width > free + pixel) flaws.push(`coupé : ${what(list)}, « ${words} »`);
  }
  for (const menu of document.querySelectorAll('details .j-pop')) {
    const holder = menu.closest('details'), open = holder.open;
    if (!holder.checkVisibility()) continue;
    holder.open = true;
    const box = menu.getBoundingClientRect();
    if (box.left < -pixel || box.right > room + pixel) flaws.push(`hors de la fenêtre : ${what(menu)}`);
    holder.open = open;
  }
  const bars = [...document.querySelectorAll('main *')].filter(node => {
    const style = getComputedStyle(node);
    return style.position === 'fixed' || (style.position === 'sticky' && style.bottom === '0px');
  }).filter(node => node.checkVisibility());
  for (const bar of bars) {
    const box = bar.getBoundingClientRect(), fixed = getComputedStyle(bar).position === 'fixed';
    const around = fixed ? {left: 0, right: room} : bar.parentElement.getBoundingClientRect();
    if (Math.abs((box.left - around.left) - (around.right - box.right)) > pixel || box.left < -pixel)
      flaws.push(`de travers : ${what(bar)}`);
    const parts = [...bar.querySelectorAll('a.btn-j, button')].filter(node => node.checkVisibility());
    const boxes = parts.filter(node => !node.closest('.j-pop')).map(node => node.getBoundingClientRect());
    if (boxes.some(one => boxes.some(two => one.top < two.bottom && two.top < one.bottom
        && Math.abs(one.top + one.bottom - two.top - two.bottom) > 4))) flaws.push(`boutons décalés : ${what(bar)}`);
    for (const other of bars) {
      if (other === bar || other.contains(bar) || bar.contains(other)) continue;
      const two = other.getBoundingClientRect();
      if (box.top < two.bottom - pixel && two.top < box.bottom - pixel && box.left < two.right && two.left < box.right)
        flaws.push(`l’une sur l’autre : ${what(bar)}, ${what(other)}`);
    }
  }
  return flaws;
}"""


def straight(page: Page) -> None:
    """Fails with what is cut, out of sight or askew on `page`, at the width that it has."""
    flaws = page.evaluate(FLAWS)
    assert not flaws, f"{page.url}, {page.viewport_size} :\n" + "\n".join(flaws)
