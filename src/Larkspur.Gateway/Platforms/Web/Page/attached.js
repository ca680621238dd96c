// Files of messages: pictures are shown, all are downloaded by a click.

import { sizeOf } from "./files.js";
import { make } from "./make.js";
import { say } from "./words.js";

export class AttachedFiles {
  #pictures;
  #onChange;
  #near;
  #unseen = new WeakMap();

  /** @param {import("./files.js").Pictures} pictures @param {HTMLElement} scroll What the messages are scrolled in. @param {() => void} onChange After a picture has taken its place. */
  constructor(pictures, scroll, onChange) {
    this.#pictures = pictures;
    this.#onChange = onChange;
    this.#near = new IntersectionObserver(entries => this.#come(entries), { root: scroll, rootMargin: "300px" });
  }

  /** A list of the files. */
  draw(files) {
    const list = make("ul", "files");
    list.ariaLabel = say("files");
    for (const file of files) {
      const item = make("li", file.kind === "image" ? "picture" : "");
      const link = make("a");
      link.download = file.name;
      link.title = file.name;
      link.href = "#";
      if (file.kind === "image") {
        const picture = make("img");
        picture.alt = file.name;
        picture.onload = () => this.#onChange();
        link.append(picture);
        this.#unseen.set(item, () => this.#show(file, link, picture));
        this.#near.observe(item);
      } else {
        link.append(make("span", "name", file.name), make("span", "size", sizeOf(file.size)));
      }
      // Fetched when it is wanted: the address could carry no token, and one that was made may have ended since.
      link.onclick = async clicked => {
        if (this.#pictures.isKnown(file.id, link.href)) return;
        clicked.preventDefault();
        try {
          link.href = await this.#pictures.address(file.id);
          link.click();
        } catch {
          link.title = say("failed");
        }
      };
      item.append(link);
      list.append(item);
    }
    return list;
  }

  // Pictures are fetched once they come near, each for itself: a long chat's would use up the calls that its reader has.
  #come(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting && target.isConnected) continue;
      this.#near.unobserve(target);
      if (isIntersecting) this.#unseen.get(target)?.();
      this.#unseen.delete(target);
    }
  }

  async #show(file, link, picture) {
    try {
      picture.src = link.href = await this.#pictures.address(file.id);
    } catch {
      // Its name can still be clicked.
      link.replaceChildren(file.name);
    }
  }
}
