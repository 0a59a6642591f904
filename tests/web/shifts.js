// Watches what moves on a page by itself while it loads; `shifts()` says what did.
(() => {
  const found = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
      const what = shift.sources.map(({ node, previousRect, currentRect }) => {
        const element = node?.nodeType === Node.TEXT_NODE ? node.parentElement : node;
        const by = ["x", "y", "width", "height"].map((side) => Math.round(10 * (currentRect[side] - previousRect[side])) / 10);
        return `${element?.outerHTML?.slice(0, 60)} by ${by}`;
      });
      found.push(`${shift.value.toFixed(5)}: ${what.join("; ")}`);
    }
  }).observe({ type: "layout-shift", buffered: true });
  window.shifts = () => found;
})();
