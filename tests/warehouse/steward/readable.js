// What somebody could not read: texts by their contrast as WCAG 2 has it, and controls without a name.
(least) => {
  const parse = (text) => {
    const numbers = text.match(/[\d.]+/g).map(Number);
    return numbers.length < 4 ? [...numbers, 1] : numbers;
  };
  const luminance = (colour) => {
    const linear = (v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = colour.slice(0, 3).map((v) => linear(v / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour[3] === 1) return colour;
    }
    throw new Error("the page has no ground");
  };
  const contrast = (element) => {
    const [a, b] = [parse(getComputedStyle(element).color), ground(element)].map(luminance);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  const says = (element) => [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
  const controls = "input:not([type=hidden]), select, textarea, button, a";
  const named = (e) => e.labels?.length || e.innerText.trim() || e.getAttribute("aria-label");
  const shown = (elements) => elements.filter((e) => e.checkVisibility());
  return [
    ...shown([...document.querySelectorAll("body *")])
      .filter((e) => says(e) && contrast(e) < least),
    ...shown([...document.querySelectorAll(controls)]).filter((e) => !named(e)),
  ].map((e) => e.outerHTML.slice(0, 90));
}
