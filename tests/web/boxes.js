// What doesn't fit on the page as it is now, as sentences: texts out of their boxes, words broken in the middle, texts over each other.
() => {
  const faults = [];
  const edge = 1.5;
  const called = (node) => {
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    const words = (node.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${element.tagName.toLowerCase()} class="${element.getAttribute("class") || ""}"> ${words}`;
  };
  const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest(".hidden, .skip, svg, option, [aria-hidden=true]:empty");
  const inside = (inner, outer) => inner.left >= outer.left - edge && inner.right <= outer.right + edge;
  // How far its words reach out of it, to the right and below. The room to press a link may reach further, and so may what is set beside it.
  const out = (element) => {
    const box = element.getBoundingClientRect();
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    const reach = [0, 0];
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      if (!text.data.trim() || text.parentElement.closest(".hidden, sup, textarea, select")) continue;
      const words = document.createRange();
      words.selectNodeContents(text);
      for (const rect of words.getClientRects()) {
        reach[0] = Math.max(reach[0], rect.right - box.right);
        reach[1] = Math.max(reach[1], rect.bottom - box.bottom);
      }
    }
    return reach;
  };
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`the page is ${root.scrollWidth - root.clientWidth} px too wide`);

  // A field that is edited scrolls what she types, and a table that is wider than the page is scrolled; a field of a few figures shows all.
  const scrolls = "input:not(.code), textarea, select";
  for (const element of document.body.querySelectorAll("*")) {
    if (!seen(element) || element.matches(scrolls) || element.closest(".scroll") || getComputedStyle(element).display === "inline") continue;
    const over = [element.scrollWidth - element.clientWidth, element.scrollHeight - element.clientHeight];
    const reach = over[0] > edge || over[1] > 6 ? out(element) : [0, 0];
    if (element.clientWidth && over[0] > edge && reach[0] > edge) faults.push(`${over[0]} px wider than its box: ${called(element)}`);
    // Letters may be higher than their line.
    const high = Math.max(6, 0.12 * parseFloat(getComputedStyle(element).fontSize));
    if (element.clientHeight && over[1] > high && reach[1] > high) faults.push(`${over[1]} px taller than its box: ${called(element)}`);
    const parent = element.parentElement;
    // Among the items of a grid a text without an element of its own has a row to itself.
    if (getComputedStyle(element).display === "grid" && element.childElementCount)
      for (const text of element.childNodes) if (text.nodeType === Node.TEXT_NODE && text.data.trim()) faults.push(`“${text.data.trim()}” is torn out of its line: ${called(element)}`);
    const above = element.previousElementSibling;
    if (element.matches(".btn") && above && seen(above)) {
      const [here, there] = [element.getBoundingClientRect(), above.getBoundingClientRect()];
      if (there.height && there.left < here.right && there.right > here.left && Math.abs(here.top - there.bottom) < 7) faults.push(`pressed against what is above it: ${called(element)}`);
    }
    // What is placed elsewhere, or drawn out to the edge, leaves its parent on purpose; the words in it have to stay on the page all the same.
    const { position, marginLeft, marginRight } = getComputedStyle(element);
    const taken = ["absolute", "fixed"].includes(position) || parseFloat(marginLeft) < 0 || parseFloat(marginRight) < 0;
    if (!taken && parent !== document.body && !inside(element.getBoundingClientRect(), parent.getBoundingClientRect()))
      if (!["inline", "contents"].includes(getComputedStyle(parent).display)) faults.push(`sticks out of its parent: ${called(element)}`);
  }

  const lines = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    const box = text.parentElement;
    if (!text.data.trim() || !seen(box) || box.closest("textarea, select")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const fixed = Boolean(box.closest(".nav"));
    for (const rect of range.getClientRects()) if (rect.width > 1) lines.push({ text, rect, fixed });
    // An address is no word: it may go on in the next line, as may what is joined by these marks.
    if (box.closest(".address, .scroll")) continue;
    // And a name can be longer than any line.
    for (const word of text.data.matchAll(/[^\s\-–—/·@.…]+/g)) {
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const rects = [...range.getClientRects()].filter((rect) => rect.width > 0.5);
      if (new Set(rects.map((rect) => Math.round(rect.top / 4))).size > 1 && word[0].length < 16) faults.push(`“${word[0]}” is broken: ${called(text)}`);
      else if (rects.some((rect) => rect.left < -edge || rect.right > innerWidth + edge)) faults.push(`“${word[0]}” is off the page: ${called(text)}`);
    }
  }
  for (const [place, one] of lines.entries())
    for (const other of lines.slice(place + 1)) {
      const wide = Math.min(one.rect.right, other.rect.right) - Math.max(one.rect.left, other.rect.left);
      const high = Math.min(one.rect.bottom, other.rect.bottom) - Math.max(one.rect.top, other.rect.top);
      // Lines set tightly touch each other; what is fixed at the foot lies over what is scrolled beneath it.
      const tight = 0.3 * Math.min(one.rect.height, other.rect.height);
      if (one.text !== other.text && one.fixed === other.fixed && wide > 1 && high > tight) faults.push(`${called(one.text)} lies over ${called(other.text)}`);
    }
  return [...new Set(faults)];
}
