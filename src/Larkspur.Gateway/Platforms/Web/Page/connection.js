// Keeps the stream of events: comes back after whatever breaks it, from where it was.

import { Refusal } from "./gateway.js";

const longestPause = 30_000;
const silence = 45_000;

export class Connection {
  #gateway;
  #on;
  #position;

  /** @param {import("./gateway.js").Gateway} gateway @param {{event(name: string, data: object): void, state(state: string, refusal?: Refusal): void, over(refusal: Refusal): void}} on */
  constructor(gateway, on) {
    this.#gateway = gateway;
    this.#on = on;
  }

  async run(position) {
    this.#position = position;
    for (let failures = 0; ; failures++) {
      const refusal = await this.#read(() => { failures = 0; });
      if (refusal?.isFinal) return this.#on.over(refusal);
      this.#on.state(navigator.onLine ? "reconnecting" : "offline", refusal);
      // Never all at once: a gateway that starts again has many readers.
      const pause = Math.min(longestPause, 500 * 2 ** Math.min(failures, 6)) * (0.5 + Math.random() / 2);
      await this.#pause(refusal?.retryAfter ? Math.max(refusal.retryAfter * 1000, pause) : pause);
    }
  }

  /** Reads until it breaks; what it was refused with, if it was. */
  async #read(opened) {
    const giving = new AbortController();
    // The gateway says something every 15 seconds; a connection without a word is none.
    let watch;
    const sign = () => {
      clearTimeout(watch);
      watch = setTimeout(() => giving.abort(), silence);
    };
    sign();
    try {
      await this.#gateway.events(this.#position, {
        opened: () => { opened(); this.#on.state("open"); },
        sign,
        event: (name, data, id) => { this.#position = id; this.#on.event(name, data); },
      }, giving.signal);
    } catch (e) {
      if (e instanceof Refusal) return e;
    } finally {
      clearTimeout(watch);
      giving.abort();
    }
    return undefined;
  }

  /** Ends early when the network is there again. */
  #pause(milliseconds) {
    return new Promise(done => {
      const timer = setTimeout(end, milliseconds);
      addEventListener("online", end);
      function end() {
        clearTimeout(timer);
        removeEventListener("online", end);
        done();
      }
    });
  }
}
