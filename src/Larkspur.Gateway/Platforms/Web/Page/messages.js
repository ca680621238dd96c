// The list of messages: each one an item, in the order of their seq, drawn anew when it changes.

import { AttachedFiles } from "./attached.js";
import { make } from "./make.js";
import { render, withoutOpenMarks } from "./markdown.js";
import { say, time } from "./words.js";

const longText = 20_000;

export class Messages {
  #list;
  #byId = new Map();
  #onAction;
  #onChange;
  #attached;
  #due = new Set();
  #drawing = false;

  /** @param {HTMLElement} list @param {(action: string, button: HTMLButtonElement) => void} onAction @param {() => void} onChange After something was drawn. @param {import("./files.js").Pictures} pictures */
  constructor(list, onAction, onChange, pictures) {
    this.#attached = new AttachedFiles(pictures, list.parentElement, onChange);
    this.#list = list;
    this.#onAction = onAction;
    this.#onChange = onChange;
  }

  get isEmpty() { return this.#list.childElementCount === 0; }

  get first() { return Math.min(...[...this.#byId.values()].map(m => m.seq)); }

  get isWriting() { return [...this.#byId.values()].some(m => m.state === "writing"); }

  /** Puts a message in its place, or in place of what is known of it. */
  put(message) {
    const known = this.#byId.get(message.id) ?? this.#sent(message.client_id);
    const item = known?.item ?? document.createElement("li");
    const seq = message.seq ?? Infinity;
    this.#byId.set(message.id, { ...message, seq, item });
    if (known && known.id !== message.id) this.#byId.delete(known.id);
    if (known?.seq !== seq) {
      item.dataset.seq = seq;
      const next = [...this.#list.children].find(other => other !== item && Number(other.dataset.seq) > seq);
      this.#list.insertBefore(item, next ?? null);
    }
    this.#drawSoon(message.id);
  }

  /** Adds to an answer's text, or takes back what stands from the offset on. */
  grow(id, offset, text) {
    const message = this.#byId.get(id);
    if (!message || message.state !== "writing") return;
    message.text = message.text.slice(0, offset) + text;
    this.#drawSoon(id);
  }

  /** Shows what was asked before the gateway has it. */
  putSent(clientId, text, files, state) {
    this.put({ id: clientId, client_id: clientId, kind: "question", text, files, format: "text", buttons: [], sending: state });
  }

  /** Takes back what was shown as asked, and is not. */
  remove(clientId) {
    const sent = this.#sent(clientId);
    if (!sent) return;
    sent.item.remove();
    this.#byId.delete(sent.id);
    this.#onChange();
  }

  isSent(clientId) { return this.#sent(clientId) !== undefined; }

  #sent(clientId) { return clientId === undefined ? undefined : [...this.#byId.values()].find(m => m.client_id === clientId); }

  // Once a frame, and a long text now and then: it is drawn as a whole each time.
  #drawSoon(id) {
    this.#due.add(id);
    if (this.#drawing) return;
    this.#drawing = true;
    const draw = () => {
      this.#drawing = false;
      for (const due of this.#due) if (this.#byId.has(due)) this.#draw(this.#byId.get(due));
      this.#due.clear();
      this.#onChange();
    };
    if ((this.#byId.get(id)?.text.length ?? 0) > longText) setTimeout(draw, 300);
    else if (document.hidden) setTimeout(draw, 0);
    else requestAnimationFrame(draw);
  }

  #draw(message) {
    const { item } = message;
    const writing = message.state === "writing";
    item.className = message.kind + (message.state ? " " + message.state : "") + (message.sending ? " " + message.sending : "");
    // A screen reader is told the whole answer, not each piece of it.
    item.ariaBusy = String(writing);
    const bubble = make("div", "bubble");
    bubble.append(make("span", "unseen", say(message.kind === "question" ? "you" : "assistant") + ": "));
    if (message.title) bubble.append(make("h2", "", message.title));
    const body = make("div", "body");
    const shown = writing && message.format === "markdown" ? withoutOpenMarks(message.text) : message.text;
    if (message.format === "markdown") render(body, shown);
    else body.textContent = shown;
    // A question is about its files; an answer's picture shows what it says.
    const files = message.files?.length ? this.#attached.draw(message.files) : undefined;
    if (files && message.kind === "question") bubble.append(files);
    if (shown || (!writing && !files)) bubble.append(body);
    if (files && message.kind !== "question") bubble.append(files);
    if (writing && !shown) bubble.append(this.#thinking());
    if (message.note) bubble.append(make("p", "note", message.note));
    const below = make("div", "below");
    for (const button of message.buttons ?? []) below.append(this.#button(button));
    if (message.kind === "answer" && !writing && message.text) below.append(this.#copy(message.text));
    below.append(this.#foot(message));
    item.replaceChildren(bubble, below);
  }

  #thinking() {
    const dots = make("span", "dots");
    dots.append(make("i"), make("i"), make("i"), make("span", "unseen", say("thinking")));
    return dots;
  }

  #button({ text, action, primary }) {
    const button = make("button", primary ? "primary" : "quiet", text);
    button.type = "button";
    button.dataset.action = action.split(":")[1];
    button.onclick = () => this.#onAction(action, button);
    return button;
  }

  #copy(text) {
    const button = make("button", "quiet copy", say("copy"));
    button.type = "button";
    button.onclick = async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = say("copied");
      } catch {
        // Denied to embedded pages: the text can still be marked.
        button.hidden = true;
      }
    };
    return button;
  }

  #foot(message) {
    const foot = make("span", "foot");
    if (message.at) {
      const at = make("time", "", time(new Date(message.at)));
      at.dateTime = message.at;
      foot.append(at);
    }
    if (message.sending) foot.append(say(message.sending));
    if (message.state === "interrupted" || message.state === "failed") foot.append(" · " + say("reference", message.reference));
    return foot;
  }
}
