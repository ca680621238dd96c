// Opens the question that stands (QuestionDialog.razor) before everything else on the page, and gives the focus back afterwards.
// Each way out but its buttons is its cancel button: the server alone takes the question away, so it and the page never differ
// about whether it stands.
"use strict";
(() => {
  const selector = "dialog.lk-dialog";
  const reconnecting = document.getElementById("components-reconnect-modal");
  const isAway = () => reconnecting.matches(".components-reconnect-show, .components-reconnect-failed");
  // The second half of a double click on what asked would fall on the backdrop.
  const doubleClick = 400;
  let opener = null;

  const open = dialog => {
    const opened = performance.now();
    let pressed = null;
    const cancel = () => dialog.querySelector("[data-cancel]").click();
    opener = document.activeElement;
    dialog.addEventListener("cancel", event => {
      event.preventDefault();
      if (!isAway()) cancel();
    });
    // A second Escape closes it whatever we want.
    dialog.addEventListener("close", () => {
      if (!isAway()) cancel();
    });
    dialog.addEventListener("pointerdown", event => pressed = event.target);
    dialog.addEventListener("click", event => {
      // Its whole inside is another element; and text that is marked beyond the edge was not pressed outside.
      if (event.target === dialog && pressed === dialog && performance.now() - opened > doubleClick) cancel();
    });
    dialog.addEventListener("keydown", event => {
      if (event.key !== "Tab") return;
      const stops = [...dialog.querySelectorAll("a[href], button, input, select, textarea")].filter(stop => !stop.disabled);
      const next = stops.indexOf(document.activeElement) + (event.shiftKey ? -1 : 1);
      if (next >= 0 && next < stops.length) return;
      event.preventDefault();
      stops.at(event.shiftKey ? -1 : 0).focus();
    });
    dialog.showModal();
  };

  const giveBack = () => {
    if (document.activeElement !== document.body) return;
    (opener?.isConnected ? opener : document.getElementById("content"))?.focus({ preventScroll: true });
  };

  new MutationObserver(changes => {
    const nodes = list => changes.flatMap(change => [...change[list]]).filter(node => node.matches?.(selector));
    if (nodes("removedNodes").length > 0) giveBack();
    nodes("addedNodes").forEach(open);
  }).observe(document.body, { childList: true, subtree: true });

  // Once the gateway cannot be reached nothing answers, and the way out of that lies on the page.
  new MutationObserver(() => {
    const dialog = document.querySelector(selector);
    if (!dialog) return;
    if (reconnecting.classList.contains("components-reconnect-failed")) dialog.close();
    else if (!isAway() && !dialog.open) dialog.showModal();
  }).observe(reconnecting, { attributes: true, attributeFilter: ["class"] });
})();
