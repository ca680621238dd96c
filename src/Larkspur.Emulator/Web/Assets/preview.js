// The card preview: asks the server to draw and judge what stands in the editor, some moments after the last letter.
// A shared card travels in the address's fragment as raw deflate in base64url; the fragment never leaves the browser.
'use strict';
(() => {
  const mostShared = 32000; // letters of the fragment
  const mostCard = 100 * 1024; // bytes of a card that comes out of one
  const page = document.body;
  const { texts, $, toast } = Page;
  const field = $('#card-json');
  const editor = $('json-editor');
  const result = $('#preview-result');
  const store = 'card-preview';
  let [running, timer] = [null, null];

  const language = () => $('[name="card-lang"]:checked').value;
  const headers = { 'X-Larkspur-Client': '1', 'Content-Type': 'application/json' };

  // ---- drawing and judging
  async function refresh() {
    running?.abort();
    const call = running = new AbortController();
    try {
      const drawn = await Page.drawn('/ui/card-preview', { method: 'POST', headers, body: JSON.stringify({ card: field.value, lang: language() }), signal: call.signal });
      if (!drawn) throw new Error('not drawn');
      if (call.signal.aborted) return;
      result.replaceChildren(drawn);
      const lint = $('.lint', result);
      const size = $('#card-size');
      size.textContent = lint?.dataset.size ?? '';
      size.classList.toggle('over', Number(lint?.dataset.bytes) > 30 * 1024);
      editor.dataset.marks = lint?.dataset.marks ?? '';
      page.dataset.live = field.value.length;
    } catch (error) {
      if (error.name === 'AbortError') return;
      console.warn(error);
      toast('error', texts.notSent);
    }
  }

  function changed(pause = 250) {
    clearTimeout(timer);
    delete page.dataset.live;
    editor.dataset.version = (Number(editor.dataset.version) || 0) + 1; // also what a script put into the field is drawn
    try { localStorage.setItem(store, field.value); } catch { toast('warning', texts.tooLarge); }
    timer = setTimeout(refresh, pause);
  }

  // ---- mending
  async function mend(finding) {
    const answer = await fetch('/ui/card-mend', { method: 'POST', headers, body: JSON.stringify({ card: field.value, finding: finding === 'all' ? null : Number(finding) }) });
    if (!answer.ok) { toast('error', texts.notSent); return; }
    editor.replace((await answer.json()).card);
    changed(0);
  }

  // ---- sharing
  async function through(stream, bytes, most = Infinity) {
    const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
    const parts = [];
    let size = 0;
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      if (size > most) { await reader.cancel(); throw new Error('too large'); }
      parts.push(next.value);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  async function pack(text) {
    const bytes = await through(new CompressionStream('deflate-raw'), new TextEncoder().encode(text));
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  }

  async function unpack(text) {
    if (text.length > mostShared) throw new Error('too large');
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(await through(new DecompressionStream('deflate-raw'), bytes, mostCard));
  }

  async function share() {
    const packed = await pack(field.value);
    if (packed.length > mostShared) { toast('warning', texts.tooLarge); return; }
    history.replaceState(null, '', `#c=${packed}`);
    try {
      await navigator.clipboard.writeText(location.href);
      toast('success', texts.linkCopied);
    } catch {
      // No clipboard without permission: the link stands in the address bar.
      toast('info', location.href.length > 120 ? texts.linkCopied : location.href);
    }
  }

  async function fromAddress() {
    const packed = /^#c=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
    if (!packed) return false;
    try {
      field.value = await unpack(packed);
      return true;
    } catch (error) {
      console.info('shared card', error);
      toast('error', texts.brokenLink);
      return false;
    }
  }

  // ---- what the buttons do
  const edits = {
    format: () => {
      try {
        editor.replace(`${JSON.stringify(JSON.parse(field.value), null, 2)}\n`);
        changed(0);
      } catch { refresh(); }
    },
    share,
    send: async () => {
      const answer = await fetch('/ui/card-send', { method: 'POST', headers, body: JSON.stringify({ chat: $('#send-chat').value, card: field.value }) });
      const said = answer.ok ? (await answer.json()).toast : { type: 'error', content: texts.notSent };
      toast(said.type, said.content);
    },
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-edit]');
    if (button) edits[button.dataset.edit]();
    const mending = event.target.closest('[data-mend]');
    if (mending) mend(mending.dataset.mend);
    const keep = event.target.closest('[data-keep-hash]');
    if (keep) keep.hash = location.hash;
  });
  document.addEventListener('change', async (event) => {
    if (event.target.name === 'card-lang') refresh();
    if (event.target.id !== 'sample' || !event.target.value) return;
    const answer = await fetch(`/ui/card-samples/${event.target.value}`);
    if (answer.ok) { field.value = await answer.text(); field.scrollTop = 0; changed(0); }
  });
  field.addEventListener('input', () => changed());
  addEventListener('hashchange', async () => { if (await fromAddress()) changed(0); });

  (async () => {
    if (!(await fromAddress())) field.value = localStorage.getItem(store) ?? '';
    changed(0);
  })();
})();
