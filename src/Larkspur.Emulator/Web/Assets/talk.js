// What the pages with conversations do alike: keep the lists and the messages fresh and the newest in sight, find chats, keep drafts.
'use strict';
const Talk = (() => {
  const { $, $$ } = Page;
  const [draft, scroll] = [$('#draft'), $('#scroll')];
  const [title, chat] = [document.title, document.body.dataset.chat || ''];

  const toBottom = () => { if (scroll) scroll.scrollTop = scroll.scrollHeight; };
  const isLow = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  // What grows late, as a picture does, pushes the newest message out of sight, unless the reader has scrolled up. The browser tells of a
  // scroll a while after it: what grew meanwhile is no scroll, nor is it one where the browser itself moved up because something shrank.
  const byHand = 1500;
  let [low, top, touched] = [true, 0, -byHand];
  for (const kind of ['wheel', 'touchmove', 'pointerdown', 'keydown']) {
    addEventListener(kind, () => { touched = performance.now(); }, { capture: true, passive: true });
  }
  const stayLow = () => { if (low) toBottom(); };
  scroll?.addEventListener('scroll', () => {
    if (isLow()) low = true;
    else if (scroll.scrollTop < top && performance.now() - touched < byHand) low = false;
    top = scroll.scrollTop;
  });
  scroll?.addEventListener('load', stayLow, true);

  /** `drawn(name)` gives the server's drawing of a part of the page. */
  async function refreshMessages(drawn, changing) {
    const fresh = $('#messages') && (await drawn('messages'))?.firstElementChild;
    if (!fresh) return;
    Drawing.reconcile($('#messages'), fresh, changing);
    stayLow();
  }

  async function refreshLists(drawn) {
    for (const name of ['chats', 'people']) {
      const fresh = (await drawn(name))?.firstElementChild;
      const old = document.getElementById(name);
      if (!fresh || !old || old.outerHTML === fresh.outerHTML) continue;
      const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
      old.replaceWith(fresh);
      if (focused) $$('a', fresh).find((link) => link.getAttribute('href') === focused)?.focus();
    }
    filterChats();
    showUnread();
  }

  const showUnread = () => { document.title = $('#chats').dataset.unread > 0 ? `(${$('#chats').dataset.unread}) ${title}` : title; };

  /** The person looks at the open chat, and something in it is not marked as read. */
  const readsNew = () => chat && document.visibilityState === 'visible' && $(`[data-chat="${CSS.escape(chat)}"] .badge`);

  function filterChats() {
    const wanted = ($('#chat-filter')?.value ?? '').trim().toLowerCase();
    for (const item of $$('#chats > li')) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  }

  const grow = () => { draft.rows = Math.min(8, Math.max(1, draft.value.split('\n').length)); };

  /** @returns what saves the draft under this key; what was saved before stands in it again */
  function keepDraft(key) {
    if (draft) {
      draft.value = sessionStorage.getItem(key) ?? '';
      grow();
    }
    return () => sessionStorage.setItem(key, draft.value);
  }

  function upload(file, address) {
    const form = new FormData();
    for (const [name, value] of [['as', Page.me], ['chat', chat], ['file', file]]) form.append(name, value);
    return Page.post(address, form);
  }

  $('#chat-filter')?.addEventListener('input', filterChats);
  $$('#messages').forEach(Drawing.remember);
  return { chat, draft, toBottom, stayLow, refreshMessages, refreshLists, showUnread, readsNew, grow, keepDraft, upload };
})();
