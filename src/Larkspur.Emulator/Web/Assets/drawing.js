// Keeps what stands on a page in step with what the server draws. Between two drawings of an element only what the server itself
// changed is changed on the page: what a person has begun there (typed text, a choice, the caret, an open menu, a press that has
// not ended) belongs to the page and stays.
'use strict';
const Drawing = (() => {
  const $$ = (selector, root) => [...root.querySelectorAll(selector)];
  const known = new Map(); // element id -> the server's last drawing of it

  function remembered(item) {
    known.set(item.id, item.cloneNode(true));
    return item;
  }

  /** The children of a list, each with an id, are as the server drew them. */
  const remember = (list) => { for (const item of list.children) remembered(item); };

  /** Brings one element to the fresh drawing of it. @returns the element that now stands there */
  function bring(present, fresh, changing = () => () => {}) {
    const [last, next] = [known.get(fresh.id), fresh.cloneNode(true)];
    known.set(fresh.id, next);
    if (last.isEqualNode(next)) return present;
    const changed = changing(present, last, next);
    const placed = change(present, last, next);
    changed(placed);
    return placed;
  }

  /** Brings a list to the fresh drawing of it. `changing(present, last, next)` is told before an entry changes; what it returns is given the entry after. */
  function reconcile(list, fresh, changing) {
    const here = new Map([...list.children].map((item) => [item.id, item]));
    let before = list.firstElementChild;
    for (const item of [...fresh.children]) {
      const present = here.get(item.id);
      here.delete(item.id);
      if ((present ?? item) !== before) list.insertBefore(present ?? item, before);
      before = (present ? bring(present, item, changing) : remembered(item)).nextElementSibling;
    }
    for (const [id, item] of here) {
      known.delete(id);
      item.remove();
    }
  }

  /** @returns the node that now stands there */
  function change(live, last, next) {
    if (last.isEqualNode(next)) return live;
    if (live.nodeName !== next.nodeName || live.childNodes.length !== last.childNodes.length) {
      const copy = next.cloneNode(true);
      live.replaceWith(copy);
      return copy;
    }
    if (live.nodeType !== Node.ELEMENT_NODE) {
      live.data = next.data;
      return live;
    }
    changeAttributes(live, last, next);
    changeChildren(live, last, next);
    return live;
  }

  function changeAttributes(live, last, next) {
    for (const { name, value } of next.attributes) if (name !== 'class' && last.getAttribute(name) !== value) live.setAttribute(name, value);
    for (const { name } of last.attributes) if (name !== 'class' && !next.hasAttribute(name)) live.removeAttribute(name);
    for (const name of last.classList) if (!next.classList.contains(name)) live.classList.remove(name);
    live.classList.add(...[...next.classList].filter((name) => !last.classList.contains(name)));
  }

  function changeChildren(live, last, next) {
    const present = [...live.childNodes];
    const partners = pair([...last.childNodes], [...next.childNodes]);
    const staying = new Set(partners);
    present.forEach((node, index) => { if (!staying.has(index)) node.remove(); });
    let before = live.firstChild;
    next.childNodes.forEach((node, index) => {
      const partner = partners[index];
      if (partner === undefined) live.insertBefore(node.cloneNode(true), before);
      else before = change(present[partner], last.childNodes[partner], node).nextSibling;
    });
  }

  const nameOf = (node) => node.nodeType !== Node.ELEMENT_NODE ? node.nodeName
    : [node.nodeName, node.id, node.classList[0], node.dataset.name ?? node.dataset.question ?? node.dataset.cardForm ?? node.dataset.typed].join(' ');

  /** For each of the next nodes the index of the last one that it continues, in order: the longest common row of their names. */
  function pair(last, next) {
    const partners = new Array(next.length);
    let [from, lastEnd, nextEnd] = [0, last.length, next.length];
    while (from < lastEnd && from < nextEnd && last[from].isEqualNode(next[from])) partners[from] = from++;
    while (lastEnd > from && nextEnd > from && last[lastEnd - 1].isEqualNode(next[nextEnd - 1])) partners[--nextEnd] = --lastEnd;
    const [a, b] = [last.slice(from, lastEnd).map(nameOf), next.slice(from, nextEnd).map(nameOf)];
    const longest = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
    for (let i = a.length - 1; i >= 0; i--) {
      for (let j = b.length - 1; j >= 0; j--) longest[i][j] = a[i] === b[j] ? longest[i + 1][j + 1] + 1 : Math.max(longest[i + 1][j], longest[i][j + 1]);
    }
    for (let [i, j] = [0, 0]; i < a.length && j < b.length;) {
      if (a[i] === b[j]) partners[from + j++] = from + i++;
      else if (longest[i + 1][j] >= longest[i][j + 1]) i++;
      else j++;
    }
    return partners;
  }

  /** What was sent (`data-sent`) begins anew once the card that held it is another one. `parts` are what can be sent, in one order on the page and in the drawing. */
  function renewSent(item, last, next, card, parts) {
    const [cards, before, after] = [item, last, next].map((root) => $$(card, root));
    const fields = 'button, a, summary, select, input, textarea';
    const [drawn, at] = [$$(parts, next), $$(fields, item).indexOf(document.activeElement)];
    $$(parts, item).forEach((part, index) => {
      const place = cards.indexOf(part.closest(card));
      if ('sent' in part.dataset && !before[place]?.isEqualNode(after[place])) part.replaceWith(drawn[index].cloneNode(true));
    });
    // Whoever works with the keyboard stays where they were.
    if (at >= 0 && !item.contains(document.activeElement)) $$(fields, item)[at]?.focus();
  }

  // Whoever goes on after sending begins something new, which is theirs again.
  document.addEventListener('input', (event) => {
    for (let part = event.target.closest('[data-sent]'); part; part = part.closest('[data-sent]')) delete part.dataset.sent;
  });

  return { remember, remembered, bring, reconcile, renewSent };
})();
