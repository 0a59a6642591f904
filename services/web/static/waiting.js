// Asks again what waits for her while she can see the page, shows it as a number, and brings Today up to date: docs/decisions/0025.
"use strict";
(() => {
  const MINUTE = 60_000;
  const FIELDS = [["value", "defaultValue"], ["checked", "defaultChecked"], ["selected", "defaultSelected"]];
  let known = {}, asking = false, over = false, wait = MINUTE, asked = 0, timer;

  const main = () => document.getElementById("main");
  const place = () => document.querySelector("[data-waiting]");
  const again = (after) => {
    clearTimeout(timer);
    timer = setTimeout(ask, after);
  };

  // The next page shows the number at once, and Today brings its own; storage may be denied.
  const remember = () => {
    try {
      sessionStorage.setItem("waiting", JSON.stringify(known));
    } catch {}
  };
  const recall = () => {
    try {
      known = JSON.parse(sessionStorage.getItem("waiting")) || known;
    } catch {}
    const { me, today } = main().dataset;
    if (today) known = { me, waiting: Number(place().dataset.waiting), tag: today };
    if (known.me !== me) known = {};
  };

  const show = () => {
    const text = known.waiting > 20 ? "20+" : `${known.waiting || ""}`;
    place().firstElementChild.textContent = text;
    place().hidden = !text;
    document.title = (text && `(${text}) `) + document.title.replace(/^\(\d+\+?\) /, "");
  };

  const ask = async () => {
    if (asking || over || document.hidden || !place()) return;
    asking = true;
    asked = Date.now();
    try {
      const answer = await fetch("/waiting", { cache: "no-store", headers: known.tag ? { "If-None-Match": known.tag } : {}, signal: AbortSignal.timeout(MINUTE / 3) });
      over = answer.status === 401;
      if (over) known = {};
      else if (answer.ok) {
        const { waiting } = await answer.json();
        const news = document.querySelector("[data-news]");
        if (waiting > known.waiting) news.textContent = news.dataset.news;
        known = { me: main().dataset.me, waiting, tag: answer.headers.get("ETag") };
      } else if (answer.status !== 304) throw answer;
      wait = MINUTE;
      remember();
      show();
      if (!over) await renew();
    } catch {
      wait = Math.min(2 * wait, 16 * MINUTE);
    }
    asking = false;
    again(wait);
  };

  // What she writes, marks or stands on is hers: then Today stays as it is until she has left it.
  const busy = (page) => {
    const written = [...page.querySelectorAll("input, textarea, option")].some((field) => FIELDS.some(([now, first]) => first in field && field[now] !== field[first]));
    return written || !getSelection().isCollapsed || document.activeElement?.matches("main :is(input, textarea, select)");
  };
  const same = (element, page) => {
    const [name, value] = element.id ? ["id", element.id] : ["href", element.getAttribute("href")];
    return value && page.querySelector(`[${name}="${CSS.escape(value)}"]`);
  };
  const renew = async () => {
    const { today, me } = main().dataset;
    if (!today || known.tag.endsWith(today) || busy(main())) return; // a proxy may have called the tag weak
    const answer = await fetch("/", { cache: "no-store", signal: AbortSignal.timeout(MINUTE / 3) });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
    const old = main();
    if (fresh?.dataset.me !== me || !fresh.dataset.today || old.dataset.today !== today || busy(old)) return;
    const focused = old.contains(document.activeElement) && document.activeElement;
    const top = (element) => element.getBoundingClientRect().top;
    const seen = focused || (scrollY > 0 && [...old.querySelectorAll("[href]")].find((link) => top(link) >= 0));
    const stays = seen === old ? fresh : seen && same(seen, fresh);
    if (focused && !stays) return;
    const before = stays && top(seen);
    old.replaceWith(fresh);
    window.htmx?.process(fresh);
    document.dispatchEvent(new Event("madrina:renewed"));
    if (focused) stays.focus({ preventScroll: true });
    if (stays) scrollBy(0, top(stays) - before);
  };

  const begin = () => {
    over = false;
    if (!place()) return;
    recall();
    show();
    again(0);
  };
  // She is back: after a failure not sooner than half a minute later.
  const back = () => document.hidden || again(wait > MINUTE ? Math.max(0, asked + MINUTE / 2 - Date.now()) : 0);

  begin();
  addEventListener("focus", back);
  document.addEventListener("visibilitychange", back);
  document.addEventListener("htmx:finally:swap", begin); // later than its title
})();
