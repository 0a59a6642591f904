// What is wrong with the page as it would be printed, as sentences.
() => {
  const shown = (element) => element.checkVisibility();
  const levels = (colour) => colour.match(/[\d.]+/g).map(Number);
  const dark = (element) => levels(getComputedStyle(element).color).slice(0, 3).every((level) => level < 100);
  const white = (element) => {
    const [red, green, blue, alpha = 1] = levels(getComputedStyle(element).backgroundColor);
    return alpha === 0 || Math.min(red, green, blue) > 225;
  };
  const all = (selector) => [...document.querySelectorAll(selector)].filter(shown);
  const grounds = [];
  for (let box = document.querySelector("main h1"); box; box = box.parentElement) grounds.push(box);
  const faults = [
    ...all("nav, button, .btn, .skip, footer").map((element) => ["printed", element]),
    ...all("main :is(h1, p, li, dd, blockquote):not(.error, .bad)").filter((element) => !dark(element)).map((element) => ["not in black", element]),
    ...grounds.filter((box) => !white(box)).map((box) => ["on a ground", box]),
  ];
  if (document.documentElement.scrollWidth > innerWidth) faults.push(["too wide", document.body]);
  return faults.map(([what, element]) => `${what}: ${element.outerHTML.slice(0, 100)}`);
}
