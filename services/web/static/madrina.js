// What the pages can do without, and are a little kinder with: counting characters, copying the link, guessing the time zone.
"use strict";
(() => {
  const count = (place) => {
    const text = document.getElementById(place.dataset.count);
    if (!text || place.dataset.ready) return;
    place.dataset.ready = "yes";
    const show = () => {
      const written = [...text.value.trim()].length;
      place.textContent = written ? ` · ${written}` : "";
      place.classList.toggle("over", written > Number(place.dataset.most));
    };
    text.addEventListener("input", show);
    show();
  };

  const copy = (button) => {
    if (button.dataset.ready || !navigator.clipboard) return;
    button.dataset.ready = "yes";
    button.hidden = false;
    button.addEventListener("click", async () => {
      const field = document.getElementById(button.dataset.copy);
      field.select();
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.copied;
    });
  };

  const ownZone = (select) => {
    if (!select.querySelector("[data-unset]")) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = [...select.options].find((option) => option.value === zone || option.dataset.aliases?.split(" ").includes(zone));
    if (known) known.selected = true;
  };

  const prepare = () => {
    document.querySelectorAll("[data-count]").forEach(count);
    document.querySelectorAll("[data-copy]").forEach(copy);
    document.querySelectorAll("[data-own-zone]").forEach(ownZone);
  };

  document.addEventListener("DOMContentLoaded", prepare);
  // After a form has brought the next page in: prepare it, and let the reader begin at its top.
  document.addEventListener("htmx:after:swap", () => {
    prepare();
    const first = document.querySelector("main [autofocus]");
    (first || document.getElementById("main"))?.focus({ preventScroll: !first });
  });
})();
