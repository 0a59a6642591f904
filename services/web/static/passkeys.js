// Passkeys: the door offers hers as she goes to the field, a button asks for one, and a form makes one. Without this a code does it all.
"use strict";
(() => {
  const Key = window.PublicKeyCredential;
  if (!Key?.parseRequestOptionsFromJSON || !navigator.credentials) return;
  const AGAIN = 9 * 60 * 1000; // a question is good for ten minutes
  let asking, again;

  const ask = async (form, mediation) => {
    asking?.abort();
    clearTimeout(again);
    const { signal } = (asking = new AbortController());
    const answer = await fetch(form.dataset.options, { method: "POST", signal });
    if (answer.status === 403) location = `/step-up?next=${location.pathname}`;
    if (!answer.ok) return;
    const json = await answer.json();
    if (mediation) again = setTimeout(() => form.isConnected && attempt(form, mediation), AGAIN);
    const credential = form.dataset.passkey === "new"
      ? await navigator.credentials.create({ publicKey: Key.parseCreationOptionsFromJSON(json), signal })
      : await navigator.credentials.get({ publicKey: Key.parseRequestOptionsFromJSON(json), mediation, signal });
    clearTimeout(again);
    form.elements.credential.value = JSON.stringify(credential);
    form.requestSubmit();
  };
  // She may think better of it, and a device may have none: then nothing has happened.
  const attempt = (form, mediation) => ask(form, mediation).catch(() => {});

  const prepare = async () => {
    for (const form of document.querySelectorAll("form[data-passkey]")) form.hidden = false;
    const able = document.querySelector("[data-passkeys]");
    if (able && await Key.isUserVerifyingPlatformAuthenticatorAvailable()) able.value = "yes";
    const door = document.querySelector("form[data-passkey=get]");
    const field = document.querySelector("input[autocomplete~=webauthn]");
    if (door && field && await Key.isConditionalMediationAvailable?.()) attempt(door, "conditional");
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.dataset.passkey || form.elements.credential.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    attempt(form);
  }, true);
  document.addEventListener("DOMContentLoaded", prepare);
  document.addEventListener("htmx:after:swap", prepare);
})();
