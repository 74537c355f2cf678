"""What is asked of a page inside the browser, in its own language."""

from __future__ import annotations

from typing import Final

__all__ = ["DRAWN", "FAINT", "LENGTH", "RESTING", "TEXT"]

#: The script has run, what it says is shown, and nothing is on its way.
RESTING: Final = """() => {
  const app = document.querySelector('[data-testid="stApp"]');
  return app?.dataset.testScriptState === "notRunning"
    && !document.querySelector('[data-stale="true"]')
    && !document.querySelector('[data-testid="stSpinner"], [data-testid="stSkeleton"]')
    && document.querySelector('a[href="tel:129"]') !== null;
}"""
#: Most of a map is painted on a canvas; a canvas with paint on it counts as one shape.
DRAWN: Final = """() => {
  const painted = [...document.querySelectorAll(".leaflet-pane canvas")].filter((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value) => value > 0);
  });
  const shapes = document.querySelectorAll(".leaflet-overlay-pane path, .leaflet-marker-pane > *");
  return painted.length + shapes.length;
}"""
#: What a reader reads: no symbols, which are words of a font; with what a canvas says aloud.
TEXT: Final = """() => {
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    const hidden = element.closest(
      '[data-testid="stIconMaterial"], [data-testid="stIcon"], script, style, noscript'
    );
    const shown = element.getClientRects().length > 0 || element.closest("canvas");
    if (text && shown && !hidden) { said.push(text); }
  }
  for (const element of document.querySelectorAll("[placeholder]")) {
    if (!element.value) { said.push(element.placeholder); }
  }
  return said.join("\\n");
}"""
LENGTH: Final = """() => Math.max(...[...document.querySelectorAll('[data-testid="stMain"]')]
  .map((main) => main.scrollHeight))"""
#: Texts that do not stand out from their ground as WCAG's AA asks; of symbols it asks less.
FAINT: Final = """() => {
  const ink = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    ink.clearRect(0, 0, 1, 1);
    ink.fillStyle = colour;
    ink.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = ink.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const light = (colour) => {
    const [red, green, blue] = colour.map((value) =>
      value / 255 <= 0.04045 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const upwards = function* (element) {
    for (let node = element; node; node = node.parentElement) { yield node; }
  };
  const ground = (element) => [...upwards(element)].reverse()
    .map((node) => rgba(getComputedStyle(node).backgroundColor))
    .reduce((below, top) => over(top, below), [255, 255, 255]);
  const shown = (element) => [...upwards(element)]
    .reduce((share, node) => share * getComputedStyle(node).opacity, 1);
  const ratio = (element) => {
    const colour = rgba(getComputedStyle(element).color);
    colour[3] *= shown(element);
    const below = ground(element);
    const [dark, bright] = [light(over(colour, below)), light(below)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  };
  const large = (element) => parseFloat(getComputedStyle(element).fontSize) >= 24;
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    const symbol = element.closest('[data-testid="stIconMaterial"]');
    // Not there at all until it is touched: a slider's ends, labels a chart has no room for.
    const hidden = shown(element) === 0 || element.getClientRects().length === 0;
    if (text && !symbol && !hidden) {
      const found = ratio(element);
      if (found < (large(element) ? 3 : 4.5)) { faint.push(`${text} (${found.toFixed(1)})`); }
    }
  }
  return faint;
}"""
