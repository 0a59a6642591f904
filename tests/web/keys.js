// Begins at the top of the page and answers how often Tab stops on it. After each, `here()` says what is wrong with that stop;
// after one more, `past()` whether she gets out again.
() => {
  const groups = new Set();
  const stops = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter((element) => {
    if (element.disabled || element.tabIndex < 0 || element.type === "hidden" || !element.checkVisibility({ visibilityProperty: true })) return false;
    if (element.type !== "radio") return true;
    const group = [...document.getElementsByName(element.name)].filter((other) => other.form === element.form);
    if (group.some((other) => other.checked)) return element.checked;
    return !groups.has(`${element.form?.action} ${element.name}`) && groups.add(`${element.form?.action} ${element.name}`);
  }).flatMap((element) => (element.type === "date" ? Array(4).fill(element) : [element])); // day, month, year, and the calendar
  const called = (element) => element.outerHTML.slice(0, 100);
  const wrong = stops.filter((element) => element.tabIndex > 0).map((element) => `has a place of its own in the order: ${called(element)}`);
  let next = 0;

  // A ring around it, or around what it stands in.
  const ringed = (element) => {
    for (let box = element, up = 0; box && up < 4; box = box.parentElement, up++) {
      const { outlineStyle, outlineWidth } = getComputedStyle(box);
      if (outlineStyle !== "none" && parseFloat(outlineWidth) >= 2) return true;
    }
    return false;
  };

  window.here = () => {
    const at = document.activeElement;
    const wanted = stops[next++];
    const faults = wrong.splice(0);
    if (at !== wanted) faults.push(`Tab stops at ${called(at).slice(0, 60)} instead of ${called(wanted)}`);
    else {
      const calendar = at.type === "date" && stops[next] !== at; // the browser's own button, with its own ring
      if (!calendar && !ringed(at)) faults.push(`no ring around ${called(at)}`);
      const box = (at.closest(".option") ?? at).getBoundingClientRect();
      const bar = document.querySelector(".nav:not(:focus-within)")?.getBoundingClientRect();
      const covered = bar && getComputedStyle(document.querySelector(".nav")).position === "fixed" && box.top >= bar.top - 1;
      if (covered || box.bottom <= 0 || box.top >= innerHeight) faults.push(`out of sight: ${called(at)}`);
    }
    return faults;
  };
  window.past = () => (stops.length > 1 && document.activeElement === stops.at(-1) ? [`no way on from ${called(stops.at(-1))}`] : []);

  document.body.tabIndex = -1;
  document.body.focus();
  document.body.removeAttribute("tabindex");
  scrollTo(0, 0);
  return stops.length;
}
