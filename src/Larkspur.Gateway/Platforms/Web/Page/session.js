// The token of the session: out of the address's fragment, which no server and no log sees. It is taken out of the address at once, and kept for reloads of this tab.

const place = "larkspur-chat-token";

export function takeToken() {
  const given = /^#(lw_[\w-]{43})$/.exec(location.hash)?.[1];
  if (location.hash) history.replaceState(null, "", location.pathname + location.search);
  const stored = attempt(() => sessionStorage.getItem(place));
  if (given) attempt(() => sessionStorage.setItem(place, given));
  return given ?? stored ?? null;
}

export function forgetToken() {
  attempt(() => sessionStorage.removeItem(place));
}

/** Embedded pages may be denied storage: then a reload needs the address anew, and nothing else is lost. */
function attempt(what) {
  try {
    return what();
  } catch {
    return null;
  }
}
