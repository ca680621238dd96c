// Starts Blazor's circuit. Over a WebSocket only: its one connection belongs to one process, so any number of them can stand behind a balancer.
"use strict";
(() => {
  // Times are written by the server, by the clocks of the browser's zone. It is told once; the server repeats what it was told, whether or not it knows that zone.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && /^[\w+\-\/]{1,64}$/.test(zone) && zone !== document.documentElement.dataset.zone) {
    const cookie = `larkspur-zone=${zone}`;
    document.cookie = `${cookie}; path=/console; max-age=31536000; samesite=strict${location.protocol === "https:" ? "; secure" : ""}`;
    if (document.cookie.split("; ").includes(cookie)) {
      location.reload();
      return;
    }
  }

  const webSockets = 1;
  Blazor.start({
    ssr: { disableDomPreservation: true },
    circuit: { configureSignalR: builder => builder.withUrl("_blazor", { skipNegotiation: true, transport: webSockets }) },
  }).then(() => document.body.setAttribute("data-live", ""));

  // The circuit is gone for good (the gateway was restarted, or the session has ended): the page begins anew.
  const modal = document.getElementById("components-reconnect-modal");
  new MutationObserver(() => {
    if (modal.classList.contains("components-reconnect-rejected")) location.reload();
  }).observe(modal, { attributes: true, attributeFilter: ["class"] });

  // A button copies what the field that it names holds. Without TLS there is no clipboard but the old one.
  document.addEventListener("click", async event => {
    const button = event.target.closest("[data-copy]");
    const field = button && document.getElementById(button.dataset.copy);
    if (!field) return;
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      button.setAttribute("data-copied", "");
    } catch {
      button.toggleAttribute("data-copied", document.execCommand("copy"));
    }
  });

  // What opens because somebody asked for it is where the hands go next.
  new MutationObserver(changes => {
    for (const { addedNodes } of changes) {
      for (const node of addedNodes) {
        if (node.nodeType !== Node.ELEMENT_NODE) continue;
        const field = node.matches("[data-focus]") ? node : node.querySelector("[data-focus]");
        if (field) field.focus();
      }
    }
  }).observe(document.body, { childList: true, subtree: true });

  // What was entered and not saved is not lost without a question: what the server knows of (data-dirty), and what is still being typed.
  const typed = new WeakSet();
  const unsaved = () => [...document.querySelectorAll("form[data-guard]")].find(form => form.hasAttribute("data-dirty") || typed.has(form));
  for (const name of ["input", "change"]) {
    document.addEventListener(name, event => {
      const form = event.target.closest("form[data-guard]");
      // With its change a field's value is the server's.
      if (form) typed[name === "input" ? "add" : "delete"](form);
    });
  }
  addEventListener("beforeunload", event => {
    if (unsaved()) event.preventDefault();
  });
  document.addEventListener("click", event => {
    const link = event.target.closest("a[href]:not([target])");
    const form = link && !event.ctrlKey && !event.metaKey && unsaved();
    if (!form) return;
    if (confirm(form.dataset.guard)) {
      typed.delete(form);
      form.removeAttribute("data-dirty");
    } else {
      event.preventDefault();
      event.stopPropagation();
    }
  }, true);

  // On a phone the navigation closes once it has led somewhere.
  document.addEventListener("click", event => {
    const menu = document.getElementById("lk-menu");
    if (menu && menu.checked && event.target.closest(".lk-side nav a")) menu.checked = false;
  });
})();
