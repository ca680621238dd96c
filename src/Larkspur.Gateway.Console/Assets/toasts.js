// Ends a message whose time is over. The style sheet counts that time as an animation, which stands still while the message is
// pointed at, has the focus or is covered.
"use strict";
(() => {
  let before = null;
  document.addEventListener("animationend", event => {
    if (event.animationName === "lk-toast") event.target.querySelector("button").click();
  });

  // Who closes one goes on where they were.
  document.addEventListener("focusin", event => {
    const from = event.relatedTarget;
    if (event.target.closest(".lk-toasts") && !from?.closest(".lk-toasts")) before = from;
  });
  document.addEventListener("click", event => {
    const button = event.target.closest(".lk-toast button");
    if (!button || button !== document.activeElement) return;
    (before?.isConnected ? before : document.getElementById("content")).focus({ preventScroll: true });
  });
})();
