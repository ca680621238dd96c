// The chat page: puts the session, the messages, the stream of events and the form together.

import { Connection } from "./connection.js";
import { ChosenFiles, Pictures } from "./files.js";
import { Gateway } from "./gateway.js";
import { Messages } from "./messages.js";
import { forgetToken, takeToken } from "./session.js";
import { brand, languageOf, say, speak } from "./words.js";

const at = id => document.getElementById(id);
const [form, text, send, attach, picker, scroll, notice, welcome, earlier, fresh] = ["form", "text", "send", "attach", "file", "scroll", "notice", "welcome", "earlier", "fresh"].map(at);

const token = takeToken();
const gateway = new Gateway(token);
const messages = new Messages(at("messages"), act, drawn, new Pictures(gateway));
const files = new ChosenFiles(at("chosen"), gateway, { changed: fit, tell: words => show(words, "warning"), refused });
let maxText = 8000;
let follows = true;
let noticeEnds;

function dress(person) {
  document.title = at("title").textContent = brand() ?? say("title");
  welcome.querySelector("h2").textContent = person ? say("hello", person) : say("welcome");
  welcome.querySelector("p").textContent = brand() ? say("iAm", brand()) + say("hint") : say("hint");
  form.querySelector("label").textContent = say("ask");
  text.placeholder = say("ask");
  send.querySelector("span").textContent = send.title = say("send");
  attach.querySelector("span").textContent = attach.title = say("attach");
  fresh.textContent = say("fresh");
  earlier.textContent = say("earlier");
}

async function begin() {
  dress();
  if (!token) return over("noToken");
  at("state").textContent = say("connecting");
  for (let failures = 0; ; failures++) {
    try {
      const session = await gateway.get("session");
      if (session.locale) speak(languageOf(session.locale));
      maxText = session.max_text;
      files.bound(session.max_files, session.max_file_bytes);
      attach.hidden = !files.areTaken;
      dress(session.name);
      // Whoever opened an address that somebody else gave them sees in whose name they write.
      at("who").textContent = session.name ? say("as", session.name) : "";
      at("who").hidden = !session.name;
      const position = await load("messages");
      at("state").textContent = "";
      form.hidden = fresh.hidden = false;
      text.focus({ preventScroll: true });
      await new Connection(gateway, { event, state, over: refused }).run(position);
      return;
    } catch (e) {
      if (e.isFinal || e.status === undefined) return refused(e);
      state(navigator.onLine ? "reconnecting" : "offline", e);
      await new Promise(done => setTimeout(done, Math.min(30_000, 500 * 2 ** Math.min(failures, 6))));
    }
  }
}

async function load(path) {
  const page = await gateway.get(path);
  const height = scroll.scrollHeight;
  for (const item of page.items) messages.put(item);
  if (!path.includes("after=")) earlier.hidden = !page.earlier;
  if (path.includes("before=")) requestAnimationFrame(() => { scroll.scrollTop += scroll.scrollHeight - height; });
  welcome.hidden = !messages.isEmpty;
  return page.position;
}

function event(name, data) {
  if (name === "answer-text") return messages.grow(data.id, data.offset, data.text);
  // Where we were means nothing any more: what is there is shown, and the events go on from now.
  if (name === "reset") return load("messages").catch(e => tell(e));
  messages.put(data);
  if (name === "answer-begun") at("state").textContent = say("writing");
  if (name === "answer-ended") {
    at("state").textContent = say("written");
    // What was being stopped has stopped.
    if (notice.dataset.stops && !messages.isWriting) notice.hidden = true;
  }
}

function drawn() {
  welcome.hidden = !messages.isEmpty;
  if (follows) scroll.scrollTop = scroll.scrollHeight;
}

async function ask(clientId, asked, attached = []) {
  messages.putSent(clientId, asked, attached, "sending");
  follows = true;
  try {
    await gateway.post("messages", { client_id: clientId, ...asked && { text: asked }, ...attached.length && { files: attached.map(file => file.id) } });
  } catch (e) {
    if (e.isFinal) return refused(e);
    if (e.word === "unknown_file") return takeBack(clientId, asked, attached, Number(/^\/files\/(\d+)$/.exec(e.pointer)?.[1] ?? 0));
    messages.putSent(clientId, asked, attached, "unsent");
    // Under the same name: should it have arrived after all, it is not asked twice.
    tell(e, () => ask(clientId, asked, attached));
  }
}

/** The same again would be refused again: the words and the other files go back to where they were written. */
function takeBack(clientId, asked, attached, gone) {
  messages.remove(clientId);
  text.value = [asked, text.value].filter(part => part).join("\n");
  files.putBack(attached.filter((_, i) => i !== gone));
  show(say("fileForgotten", attached[gone]?.name ?? say("files")), "warning", null, true);
}

async function act(action, button) {
  button.disabled = true;
  try {
    const { toast } = await gateway.post("actions", { action, client_id: name() });
    const kind = button.dataset.action;
    const stops = toast?.kind === "success" && kind === "stop";
    // The end may have come before the answer that it is on its way.
    if (toast && (!stops || messages.isWriting)) show(toast.text, toast.kind);
    if (stops) notice.dataset.stops = "true";
    if (toast?.kind === "success" && (kind === "helpful" || kind === "unhelpful")) {
      for (const other of button.parentElement.querySelectorAll("button[data-action$=helpful]")) other.ariaPressed = String(other === button);
    }
  } catch (e) {
    if (e.isFinal) return refused(e);
    tell(e);
  } finally {
    button.disabled = false;
  }
}

const name = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, "0")).join("");

function state(now, refusal) {
  if (now === "open") {
    document.body.dataset.live = "true";
    if (at("state").dataset.lost) at("state").textContent = "";
    delete at("state").dataset.lost;
    return;
  }
  delete document.body.dataset.live;
  at("state").dataset.lost = "true";
  at("state").textContent = say(refusal?.word === "too_many_streams" ? "streams" : now);
}

function refused(refusal) {
  if (refusal.status === 401) forgetToken();
  over(refusal.status === 401 ? "ended" : refusal.word === "foreign_origin" ? "foreign" : refusal.status === 403 ? "shutOut" : "failed");
}

/** Nothing goes on here. What was said stays to be read; where nothing was, the reason is the page. */
function over(why) {
  form.hidden = fresh.hidden = true;
  at("state").textContent = "";
  delete document.body.dataset.live;
  for (const button of document.querySelectorAll("#messages button[data-action]")) button.disabled = true;
  welcome.hidden = !messages.isEmpty;
  if (!messages.isEmpty) return show(say(why), "error", null, true);
  welcome.setAttribute("role", "alert");
  welcome.querySelector("h2").textContent = say("closed");
  welcome.querySelector("p").textContent = say(why);
  offerSignIn(why);
}

/** Whoever is not in another site's page begins a session by signing in. */
function offerSignIn(why) {
  const address = document.documentElement.dataset.signIn;
  if (!address || window.top !== window || (why !== "noToken" && why !== "ended") || welcome.querySelector("a")) return;
  if (why === "noToken") {
    welcome.querySelector("h2").textContent = say("welcome");
    welcome.querySelector("p").textContent = say("noTokenSignIn");
  }
  const link = document.createElement("a");
  link.className = "enter";
  link.href = address;
  link.textContent = say("signIn");
  welcome.append(link);
}

function tell(refusal, again) {
  if (refusal.word === "text_too_long" || refusal.word === "too_long") show(say("tooLong", maxText), "warning");
  else if (refusal.status === 429) show(say("limited"), "warning", again);
  else if (refusal.word === "assistant_off") show(say("off"), "error", again);
  else show(refusal.status === 0 ? say("unsent") : say("failed"), "error", again);
}

function show(words, kind, again, stays) {
  notice.className = kind;
  delete notice.dataset.stops;
  notice.replaceChildren(words);
  if (again) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.textContent = say("retry");
    button.onclick = () => { notice.hidden = true; again(); };
    notice.append(" ", button);
  }
  notice.hidden = false;
  clearTimeout(noticeEnds);
  if (!stays && !again) noticeEnds = setTimeout(() => { notice.hidden = true; }, 4000);
}

form.onsubmit = submitted => {
  submitted.preventDefault();
  const asked = text.value.trim();
  if ((!asked && files.isEmpty) || !files.areReady) return;
  if (asked.length > maxText) return show(say("tooLong", maxText), "warning");
  text.value = "";
  notice.hidden = true;
  void ask(name(), asked, files.take());
};

attach.onclick = () => picker.click();
picker.onchange = () => {
  files.add(picker.files);
  picker.value = "";
  text.focus();
};
text.onpaste = pasted => {
  if (!files.areTaken || !pasted.clipboardData.files.length) return;
  pasted.preventDefault();
  files.add(pasted.clipboardData.files);
};
document.body.ondragover = dragged => { if (!form.hidden && dragged.dataTransfer.types.includes("Files")) dragged.preventDefault(); };
document.body.ondrop = dropped => {
  if (!dropped.dataTransfer.files.length) return;
  // Else the browser would open it in place of the chat.
  dropped.preventDefault();
  if (!form.hidden && files.areTaken) files.add(dropped.dataTransfer.files);
};

text.onkeydown = pressed => {
  // While characters are composed (Chinese, Japanese) Enter takes the candidate.
  if (pressed.key !== "Enter" || pressed.shiftKey || pressed.isComposing || pressed.keyCode === 229) return;
  pressed.preventDefault();
  form.requestSubmit();
};

const lines = 8;
function fit() {
  text.rows = 1;
  const line = parseFloat(getComputedStyle(text).lineHeight);
  text.rows = Math.max(1, Math.min(lines, Math.round((text.scrollHeight - parseFloat(getComputedStyle(text).paddingTop) * 2) / line)));
  send.disabled = (!text.value.trim() && files.isEmpty) || !files.areReady;
}

text.oninput = fit;
fresh.onclick = () => { void ask(name(), "/new"); text.focus(); };
earlier.onclick = () => load("messages?before=" + messages.first).catch(e => e.isFinal ? refused(e) : tell(e));
scroll.onscroll = () => { follows = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 80; };
new ResizeObserver(() => { if (follows) scroll.scrollTop = scroll.scrollHeight; }).observe(scroll);
send.disabled = true;
void begin();
