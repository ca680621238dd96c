// Files of the message that is being written: chosen, pasted or dropped, uploaded at once, and taken back.

import { say } from "./words.js";

const shownAtOnce = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/** A size as people write it. */
export function sizeOf(bytes) {
  return bytes < 1024 ? bytes + " B" : bytes < 1 << 20 ? Math.round(bytes / 1024) + " KB" : (bytes / (1 << 20)).toFixed(1) + " MB";
}

export class ChosenFiles {
  #list;
  #gateway;
  #on;
  #files = [];
  #most = 0;
  #largest = 0;

  /** @param {HTMLElement} list @param {import("./gateway.js").Gateway} gateway @param {{changed(): void, tell(words: string): void, refused(refusal: object): void}} on */
  constructor(list, gateway, on) {
    this.#list = list;
    this.#gateway = gateway;
    this.#on = on;
  }

  /** What the gateway takes. */
  bound(most, largest) { [this.#most, this.#largest] = [most, largest]; }

  get areTaken() { return this.#most > 0; }

  get isEmpty() { return this.#files.length === 0; }

  get areReady() { return this.#files.every(file => file.uploaded); }

  add(files) {
    for (const file of files) {
      if (this.#files.length >= this.#most) return this.#on.tell(say("tooManyFiles", this.#most));
      if (file.size > this.#largest) this.#on.tell(say("fileTooLarge", Math.floor(this.#largest / (1 << 20))));
      else if (file.size === 0) this.#on.tell(say("fileEmpty"));
      else this.#begin(file);
    }
  }

  /** Takes what is there, for the message that is sent now. */
  take() {
    const taken = this.#files.map(file => file.uploaded);
    for (const file of this.#files) if (file.preview) URL.revokeObjectURL(file.preview);
    this.#files = [];
    this.#draw();
    return taken;
  }

  /** Puts back what was taken for a message that did not go. */
  putBack(uploaded) {
    this.#files.unshift(...uploaded.map(file => ({ name: file.name, size: file.size, giving: new AbortController(), uploaded: file })));
    this.#draw();
  }

  async #begin(file) {
    const chosen = { name: file.name || say("picture"), size: file.size, giving: new AbortController(), preview: shownAtOnce.includes(file.type) ? URL.createObjectURL(file) : undefined };
    this.#files.push(chosen);
    this.#draw();
    try {
      chosen.uploaded = await this.#gateway.upload(file, chosen.giving.signal);
      this.#draw();
    } catch (e) {
      if (chosen.giving.signal.aborted) return;
      this.#drop(chosen);
      if (e.isFinal) return this.#on.refused(e);
      this.#on.tell(e.status === 413 ? say("fileTooLarge", Math.floor(this.#largest / (1 << 20))) : e.status === 415 ? say("fileBadType", chosen.name) : e.word === "too_much_kept" ? say("filesFull") : say("fileUnsent", chosen.name));
    }
  }

  #drop(chosen) {
    chosen.giving.abort();
    if (chosen.preview) URL.revokeObjectURL(chosen.preview);
    this.#files = this.#files.filter(file => file !== chosen);
    this.#draw();
  }

  #draw() {
    this.#list.hidden = this.isEmpty;
    this.#list.replaceChildren(...this.#files.map(file => {
      const item = document.createElement("li");
      item.className = file.uploaded ? "" : "sending";
      item.ariaBusy = String(!file.uploaded);
      if (file.preview) {
        const picture = document.createElement("img");
        picture.src = file.preview;
        picture.alt = "";
        item.append(picture);
      }
      const name = document.createElement("span");
      name.className = "name";
      name.textContent = name.title = file.name;
      const size = document.createElement("span");
      size.className = "size";
      size.textContent = file.uploaded ? sizeOf(file.size) : say("uploading");
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.ariaLabel = remove.title = say("remove", file.name);
      remove.onclick = () => this.#drop(file);
      item.append(name, size, remove);
      return item;
    }));
    this.#on.changed();
  }
}

/** Files of messages: fetched once with the token, which an address of theirs could not carry. */
export class Pictures {
  #gateway;
  #known = new Map();

  constructor(gateway) { this.#gateway = gateway; }

  /** Whether an address still leads to the file. */
  isKnown(id, address) { return address !== undefined && this.#known.get(id)?.address === address; }

  /** An address of the file for this page alone, until others have taken its place. */
  async address(id) {
    const known = this.#known.get(id) ?? { coming: this.#gateway.file(id).then(URL.createObjectURL) };
    // The newest stands last.
    this.#known.delete(id);
    this.#known.set(id, known);
    try {
      known.address = await known.coming;
    } catch (e) {
      if (this.#known.get(id) === known) this.#known.delete(id);
      throw e;
    }
    // What was drawn stays; what is drawn or clicked again is fetched again. What is still on its way is nobody's yet.
    const old = [...this.#known].filter(([, file]) => file.address !== undefined).slice(0, -most);
    for (const [other, { address }] of old) {
      this.#known.delete(other);
      URL.revokeObjectURL(address);
    }
    return known.address;
  }
}

const most = 60;
