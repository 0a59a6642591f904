// What the pages can do without, and are a little kinder with: counting characters, copying the link, guessing the time zone,
// and leaving a form as it is if it didn't get through.
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

  // An alert above the form says what became of it; what she wrote stays.
  const unsent = (form, why) => {
    if (!form?.isConnected) return;
    const alert = document.getElementById("unsent").content.firstElementChild.cloneNode(true);
    alert.querySelectorAll(`p:not([data-why="${why}"])`).forEach((text) => text.remove());
    alert.setAttribute("role", "alert"); // read out as it comes in
    form.before(alert);
    alert.focus();
  };

  // What is wrong with a field is said until she changes it.
  const changed = ({ target }) => {
    const field = target.closest(".field");
    const error = field?.querySelector(":scope > .error");
    if (!error) return;
    for (const element of [field, ...field.querySelectorAll("[aria-describedby]")]) {
      const about = element.getAttribute("aria-describedby")?.split(" ").filter((id) => id !== error.id);
      if (about?.length) element.setAttribute("aria-describedby", about.join(" "));
      else element.removeAttribute("aria-describedby");
      element.removeAttribute("aria-invalid");
    }
    error.remove();
  };

  const prepare = () => {
    document.querySelectorAll("[data-count]").forEach(count);
    document.querySelectorAll("[data-copy]").forEach(copy);
    document.querySelectorAll("[data-own-zone]").forEach(ownZone);
  };

  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("input", changed);
  document.addEventListener("htmx:before:request", () => document.querySelectorAll("[data-unsent]").forEach((alert) => alert.remove()));
  document.addEventListener("htmx:error", ({ detail }) => unsent(detail.ctx?.sourceElement, "lost"));
  // Of errors only a page that has her words in it takes the form's place: not one of a proxy, not one that didn't read the form.
  document.addEventListener("htmx:before:response", (event) => {
    const { response, sourceElement } = event.detail.ctx;
    if (response.status < 400 || response.headers.get("X-Keeps-Words")) return;
    event.preventDefault();
    unsent(sourceElement, response.status === 413 ? "long" : "lost");
  });
  // After a form has brought the next page in: prepare it, and let the reader begin at its top.
  document.addEventListener("htmx:after:swap", ({ detail }) => {
    const language = detail.ctx?.response?.headers.get("Content-Language");
    if (language) document.documentElement.lang = language;
    prepare();
    const first = document.querySelector("main [autofocus]");
    (first || document.getElementById("main"))?.focus({ preventScroll: !first });
  });
})();
