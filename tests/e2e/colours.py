"""Contrasts, the longest of all that axe judges, are judged once for each way of painting a text.

Two texts of the same colour, size and weight on the same grounds have the same contrast, whatever the page. What axe
has passed once, in this run, it is not asked again; what it refused, or could not tell, it is.
"""

from typing import Any

from playwright.sync_api import Page

# Judges the texts of a page that are painted in a way not in `known`. A way is said with all that may change what axe
# answers: the element, its state, whether its text is long enough to be judged, and the grounds below, up to the page.
JUDGE = """async known => {
  const seen = new Set(known), grounds = new Map();
  const ground = node => {
    if (!node) return '';
    if (!grounds.has(node)) {
      const style = getComputedStyle(node);
      const own = [style.backgroundColor, style.backgroundImage, style.backgroundClip, style.opacity, style.position,
        style.zIndex, style.filter, style.mixBlendMode, style.clip, style.clipPath, style.transform].join(' ');
      const plain = own === 'rgba(0, 0, 0, 0) none border-box 1 static auto none normal auto none none';
      grounds.set(node, plain ? ground(node.parentElement) : `${own} < ${ground(node.parentElement)}`);
    }
    return grounds.get(node);
  };
  const words = node => [...node.childNodes].filter(child => child.nodeType === Node.TEXT_NODE)
    .map(child => child.data.trim()).join('');
  // 53 bits tell apart the few thousand ways there are.
  const short = text => {
    let one = 0xdeadbeef, two = 0x41c6ce57;
    for (let place = 0; place < text.length; place++) {
      const code = text.charCodeAt(place);
      one = Math.imul(one ^ code, 2654435761);
      two = Math.imul(two ^ code, 1597334677);
    }
    one = Math.imul(one ^ (one >>> 16), 2246822507) ^ Math.imul(two ^ (two >>> 13), 3266489909);
    two = Math.imul(two ^ (two >>> 16), 2246822507) ^ Math.imul(one ^ (one >>> 13), 3266489909);
    return 4294967296 * (2097151 & two) + (one >>> 0);
  };
  const paint = node => {
    const style = getComputedStyle(node);
    const off = Boolean(node.closest(':disabled, [aria-disabled=true], [inert]') || node.control?.disabled);
    return short([node.localName, node.type, off, words(node).length > 1, Boolean(node.value), style.color,
      style.fontSize, style.fontWeight, style.textShadow, ground(node)].join('|'));
  };
  const texts = [...document.querySelectorAll('body, body *')].filter(node =>
    (words(node) || node.matches('input, select, textarea')) && node.checkVisibility());
  const fresh = texts.filter(node => !seen.has(paint(node)));
  if (!fresh.length) return {violations: [], passed: []};
  const options = {runOnly: ['color-contrast'], resultTypes: ['violations', 'passes'],
    elementRef: true, preload: false};
  const found = await axe.run({include: fresh}, options);
  const passed = new Set(found.passes.flatMap(rule => rule.nodes.map(node => paint(node.element))));
  for (const rule of found.violations) for (const node of rule.nodes) delete node.element;
  return {violations: found.violations, passed: [...passed]};
}"""
known: set[int] = set()


def unreadable(page: Page) -> list[Any]:
    """The violations of contrast on `page`, where axe must be."""
    judged = page.evaluate(JUDGE, [*known])
    if not judged["violations"]:
        known.update(judged["passed"])
    return judged["violations"]
