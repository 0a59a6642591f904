// What the pages can do without, and are a little kinder with: counting characters, keeping on this device what she writes, showing it as it
// will be read, sharing the link, guessing the time zone, and leaving a form as it is if it didn't get through.
"use strict";
(() => {
  const LIFE = 14 * 24 * 3600 * 1000;
  const WRITTEN = "form:has([name=form_owner]) textarea:not([autocomplete=off])";
  const letters = Intl.Segmenter && new Intl.Segmenter();
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const main = () => document.getElementById("main");

  // Storage may be missing, full or denied: then nothing is kept.
  const stored = (act) => {
    try {
      return act(localStorage, sessionStorage);
    } catch {
      return null;
    }
  };

  // Drafts: "draft <whose> <the form's action> <field>" holds when it was written, and what.
  const key = (field) => `draft ${field.form.elements.form_owner.value} ${field.form.getAttribute("action")} ${field.name}`;
  const keep = (field) => {
    const text = field.value.trim();
    field.toggleAttribute("data-kept", stored((local) => {
      if (!text) local.removeItem(key(field));
      else local.setItem(key(field), `${Date.now()} ${field.value}`);
      return text;
    }));
  };
  const restore = (field) => {
    const draft = !field.value && stored((local) => local.getItem(key(field)));
    if (!draft) return;
    field.value = draft.slice(draft.indexOf(" ") + 1);
    field.toggleAttribute("data-kept", true);
  };
  // Gone are those that are too old or another's, and those of a form that was taken: what came after it is no error, nor the form again.
  const tidy = () => stored((local, session) => {
    const sent = session.getItem("sent");
    session.removeItem("sent");
    const taken = sent && !("failed" in main().dataset) && !main().querySelector(`form[action="${CSS.escape(sent)}"]`);
    const { me } = main().dataset;
    for (const name of Object.keys(local)) {
      const [kind, owner, action] = name.split(" ");
      if (kind !== "draft") continue;
      if ((me && owner !== me) || (taken && action === sent) || !(Date.now() - parseInt(local.getItem(name)) < LIFE)) local.removeItem(name);
    }
  });

  // The least is what a reader counts, with each gap once; the most is characters: shared/text.py.
  const count = (place) => {
    const field = document.getElementById(place.dataset.count);
    const { least, most, more, left, over, kept } = place.dataset;
    const text = field.value.trim();
    const written = [...text.normalize()].length;
    const seen = letters ? [...letters.segment(text.replace(/\s+/g, " "))].length : written;
    const room = most - written;
    const [say, number] = room < 0 ? [over, -room] : text && seen < least ? [more, least - seen] : room < 101 ? [left, room] : ["kept" in field.dataset && kept, 0];
    place.textContent = (say || "").replace("{n}", number.toLocaleString(document.documentElement.lang));
    place.classList.toggle("over", room < 0);
  };

  const preview = (place) => {
    place.textContent = document.getElementById(place.dataset.preview).value.trim() || "…";
  };

  // What the note gate says of what she has written so far, once she pauses.
  let pause;
  const coach = (place) => {
    clearTimeout(pause);
    pause = setTimeout(async () => {
      const form = document.getElementById(place.dataset.coach)?.form;
      if (!form) return; // she has gone on
      const body = new URLSearchParams(new FormData(form));
      body.set("to", "coach");
      const answer = await fetch(form.action, { method: "POST", body }).catch(() => {});
      place.textContent = answer?.ok ? await answer.text() : "";
    }, 1200);
  };

  const offerLink = (button) => {
    if (navigator.share && button.dataset.share) button.textContent = button.dataset.share;
    button.hidden = !navigator.share && !navigator.clipboard;
  };
  const giveLink = async ({ target }) => {
    const button = target.closest("[data-copy]");
    if (!button) return;
    const field = document.getElementById(button.dataset.copy);
    const url = (field.value ?? field.textContent).trim();
    if (navigator.share && button.dataset.share) return void navigator.share({ url }).catch(() => {}); // she may think better of it
    field.select?.();
    await navigator.clipboard.writeText(url);
    button.textContent = button.dataset.copied;
  };

  const ownZone = (select) => {
    if (!select.querySelector("[data-unset]")) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = [...select.options].find((option) => option.value === zone || option.dataset.aliases?.split(" ").includes(zone));
    if (known) known.selected = true;
  };

  // An alert above the form says what became of it; what she wrote stays.
  const unsent = (form, why) => {
    stored((_, session) => session.removeItem("sent"));
    if (!form?.isConnected) return;
    const alert = document.getElementById("unsent").content.firstElementChild.cloneNode(true);
    alert.querySelectorAll(`p:not([data-why="${why}"])`).forEach((text) => text.remove());
    alert.setAttribute("role", "alert"); // read out as it comes in
    form.before(alert);
    alert.focus();
  };

  // What is wrong with a field is said until she changes it.
  const clear = (target) => {
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

  // She leaves at once, by the link or by Esc twice: the page is empty before the other one comes, and no way back leads to it.
  let escaped = -Infinity;
  const leave = (event) => {
    const link = document.querySelector("[data-leave]");
    if (!link) return;
    event.preventDefault();
    const { href } = link;
    document.title = "";
    document.body.replaceChildren();
    location.replace(href);
  };
  const escape = (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - escaped < 1000) leave(event);
    escaped = event.timeStamp;
  };

  const prepare = () => {
    tidy();
    each(WRITTEN, restore);
    each("[data-count]", count);
    each("[data-preview]", preview);
    each("[data-copy]", offerLink);
    each("[data-own-zone]", ownZone);
  };

  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("madrina:renewed", prepare);
  document.addEventListener("click", giveLink);
  document.addEventListener("click", (event) => event.target.closest("[data-leave]") && leave(event));
  document.addEventListener("keydown", escape);
  document.addEventListener("input", ({ target }) => {
    clear(target);
    if (target.matches(WRITTEN)) keep(target);
    each(`[data-count="${target.id}"]`, count);
    each(`[data-preview="${target.id}"]`, preview);
    each(`[data-coach="${target.id}"]`, coach);
  });
  document.addEventListener("submit", ({ target }) => stored((_, session) => session.setItem("sent", target.getAttribute("action"))), true);
  document.addEventListener("htmx:before:request", () => each("[data-unsent]", (alert) => alert.remove()));
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
    (first || main())?.focus({ preventScroll: !first });
  });
})();
