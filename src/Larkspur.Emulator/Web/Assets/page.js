// What every page of the client does alike: asks the server for what it draws, posts what the person does, shows toasts, asks
// back, and follows the world over one event stream.
'use strict';
const Page = (() => {
  const { as: me } = document.body.dataset;
  const texts = JSON.parse(document.body.dataset.texts);
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  document.cookie = `larkspur_offset=${-new Date().getTimezoneOffset()}; path=/; max-age=31536000; samesite=strict`;

  /** @returns what the server draws there, rendered and encoded; null when it draws nothing */
  async function drawn(address, options) {
    const answer = await fetch(address, options);
    if (!answer.ok) return null;
    const holder = document.createElement('template');
    holder.innerHTML = await answer.text();
    return holder.content;
  }

  const marked = { 'X-Larkspur-Client': '1' };

  /** @returns the answer; null when none came, which the person was told */
  async function post(address, body) {
    const form = body instanceof FormData;
    try {
      const headers = form ? marked : { ...marked, 'Content-Type': 'application/json' };
      const answer = await fetch(address, { method: 'POST', headers, body: form ? body : JSON.stringify(body) });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const result = await answer.json();
      if (result.toast) toast(result.toast.type, result.toast.content, result.detail);
      return result;
    } catch (error) {
      console.warn(address, error);
      toast('error', texts.notSent);
      return null;
    }
  }

  /** The style sheet counts its time as an animation, which stands still while the toast is pointed at or has the focus. */
  function toast(type, text, detail) {
    const box = $('#toast-drawing').content.firstElementChild.cloneNode(true);
    box.classList.add(`toast-${['success', 'error', 'warning'].includes(type) ? type : 'info'}`);
    $('p', box).textContent = text;
    if (detail) box.title = detail;
    box.addEventListener('animationend', () => box.remove());
    $('button', box).addEventListener('click', () => box.remove());
    $('#toasts').append(box);
  }

  // Light and dark change at once; the server draws the next page alike.
  document.addEventListener('click', (event) => {
    const choice = event.target.closest('[data-theme-choice]');
    if (!choice || event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    const theme = choice.dataset.themeChoice;
    document.documentElement.dataset.theme = theme;
    $('meta[name="color-scheme"]').content = theme === 'auto' ? 'light dark' : theme;
    document.cookie = `larkspur_theme=${theme}; path=/; max-age=31536000; samesite=strict`;
    for (const other of $$('[data-theme-choice]')) {
      if (other === choice) other.setAttribute('aria-current', 'true');
      else other.removeAttribute('aria-current');
    }
  });

  /** @returns whether the text went into the clipboard, which the person is told. Without a safe origin a browser gives no clipboard, but still copies what is selected. */
  async function copy(text, said = texts.copied) {
    let done = true;
    if (navigator.clipboard) done = await navigator.clipboard.writeText(text).then(() => true, () => false);
    else {
      const held = document.createElement('textarea');
      held.className = 'sr';
      held.value = text;
      document.body.append(held);
      held.select();
      done = document.execCommand('copy');
      held.remove();
    }
    if (done) toast('success', said); else toast('error', texts.notCopied);
    return done;
  }

  /** Asks back what the part's data says, in the page's dialog; a part that says nothing needs no asking. */
  function confirmed(part) {
    if (!('confirmTitle' in part.dataset)) return Promise.resolve(true);
    const dialog = $('#confirm');
    $('#confirm-title').textContent = part.dataset.confirmTitle;
    $('#confirm-text').textContent = part.dataset.confirmText;
    dialog.returnValue = 'no';
    dialog.showModal();
    $('[value="yes"]', dialog).focus();
    return new Promise((done) => dialog.addEventListener('close', () => done(dialog.returnValue === 'yes'), { once: true }));
  }

  /** One run of a work at a time; what arrives meanwhile causes exactly one more. */
  function gathered(work, pause) {
    let [queued, last] = [false, Promise.resolve()];
    return () => {
      if (queued) return;
      queued = true;
      last = last.then(() => new Promise((done) => setTimeout(done, pause))).then(() => { queued = false; return work(); }).catch(console.warn);
    };
  }

  /** `all` is called when everything may be different, `changed` with each change that the server tells. */
  function follow(all, changed) {
    const source = new EventSource(`/ui/events?as=${encodeURIComponent(me)}`);
    source.addEventListener('hello', () => { $('#offline').hidden = true; document.body.dataset.live = ''; all(); });
    source.addEventListener('change', (event) => {
      const change = JSON.parse(event.data);
      if (change.kind === 'all') all();
      else changed(change);
    });
    source.addEventListener('error', () => {
      delete document.body.dataset.live;
      $('#offline').hidden = false;
      if (source.readyState === EventSource.CLOSED) setTimeout(() => follow(all, changed), 2000);
    });
    addEventListener('pagehide', () => source.close());
  }

  return { me, texts, $, $$, drawn, post, toast, copy, confirmed, gathered, follow };
})();
