// The pages of WeCom and DingTalk: follows the world over the event stream, swaps what differs, posts what the person does.
// It never builds markup out of text: fragments come rendered and encoded.
'use strict';
(() => {
  const page = document.body;
  const { as: me, platform, chat = '' } = page.dataset;
  const words = JSON.parse(page.dataset.words);
  const base = `/ui/platforms/${platform}`;
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const [draft, scroll] = [$('#draft'), $('#scroll')];
  document.cookie = `larkspur_offset=${-new Date().getTimezoneOffset()}; path=/; max-age=31536000; samesite=strict`;

  // ---- talking to the server
  async function fragment(name) {
    const query = new URLSearchParams(chat ? { as: me, chat } : { as: me });
    const answer = await fetch(`${base}/${name}?${query}`);
    if (!answer.ok) return null;
    const holder = document.createElement('template');
    holder.innerHTML = await answer.text();
    return holder.content.firstElementChild;
  }

  async function post(action, body) {
    const form = body instanceof FormData;
    try {
      const answer = await fetch(`${base}/${action}`, {
        method: 'POST',
        headers: form ? { 'X-Larkspur-Client': '1' } : { 'X-Larkspur-Client': '1', 'Content-Type': 'application/json' },
        body: form ? body : JSON.stringify({ as: me, ...body }),
      });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const result = await answer.json();
      if (result.toast) toast(result.toast.type, result.toast.content);
      return !result.toast;
    } catch (error) {
      console.warn(action, error);
      toast('error', words.notSent);
      return false;
    }
  }

  function toast(type, text) {
    const box = document.createElement('div');
    box.className = `toast toast-${type}`;
    box.textContent = text;
    $('#toasts').append(box);
    setTimeout(() => box.remove(), 6000);
  }

  // ---- keeping the page fresh
  // Keyed by element id: what the server last said each one looks like. Only what differs is swapped, so a half-made choice stays.
  const known = new Map();

  function reconcile(list, fresh) {
    const wanted = new Set();
    let before = list.firstElementChild;
    for (const item of [...fresh.children]) {
      const [markup, present] = [item.outerHTML, document.getElementById(item.id)];
      wanted.add(item.id);
      const placed = present && known.get(item.id) === markup ? present : item;
      if (present && placed === item) {
        if (present === before) before = item;
        keepFocus(present, item);
      }
      if (placed !== before) list.insertBefore(placed, before);
      before = placed.nextElementSibling;
      known.set(item.id, markup);
    }
    for (const item of [...list.children]) {
      if (wanted.has(item.id)) continue;
      known.delete(item.id);
      item.remove();
    }
  }

  // Whoever reads with the keyboard stays where they were; reasoning that was opened stays open.
  function keepFocus(old, item) {
    const parts = 'button, a, summary, select, input';
    const at = $$(parts, old).indexOf(document.activeElement);
    const opened = $('details.thought', old)?.open && $('details.thought[data-opened]', old);
    old.replaceWith(item);
    if (opened && $('details.thought', item)) { $('details.thought', item).open = true; $('details.thought', item).dataset.opened = ''; }
    if (at >= 0) $$(parts, item)[at]?.focus();
  }

  const toBottom = () => { if (scroll) scroll.scrollTop = scroll.scrollHeight; };
  const isLow = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  let low = true;
  scroll?.addEventListener('scroll', () => { low = isLow(); });
  scroll?.addEventListener('load', () => { if (low) toBottom(); }, true);

  async function refreshMessages() {
    const fresh = $('#messages') && await fragment('messages');
    if (!fresh) return;
    low = isLow();
    reconcile($('#messages'), fresh);
    if (low) toBottom();
  }

  async function refreshLists() {
    for (const name of ['chats', 'people']) {
      const [fresh, old] = [await fragment(name), document.getElementById(name)];
      if (!fresh || !old || old.outerHTML === fresh.outerHTML) continue;
      const focused = old.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
      old.replaceWith(fresh);
      if (focused) $$('a', fresh).find((link) => link.getAttribute('href') === focused)?.focus();
    }
    filterChats();
    showUnread();
    if (chat && 'reads' in page.dataset && document.visibilityState === 'visible' && $(`[data-chat="${CSS.escape(chat)}"] .badge`)) post('open', { chat });
  }

  const title = document.title;
  const showUnread = () => { document.title = $('#chats').dataset.unread > 0 ? `(${$('#chats').dataset.unread}) ${title}` : title; };

  // One refresh of a kind at a time; what arrives meanwhile causes exactly one more.
  function gathered(work, pause) {
    let [queued, last] = [false, Promise.resolve()];
    return () => {
      if (queued) return;
      queued = true;
      last = last.then(() => new Promise((done) => setTimeout(done, pause))).then(() => { queued = false; return work(); }).catch(console.warn);
    };
  }

  const messagesChanged = gathered(refreshMessages, 15);
  const listsChanged = gathered(refreshLists, 40);

  function follow() {
    const source = new EventSource(`/ui/events?as=${encodeURIComponent(me)}`);
    const all = () => { messagesChanged(); listsChanged(); };
    source.addEventListener('hello', () => { $('#offline').hidden = true; page.dataset.live = ''; all(); });
    source.addEventListener('change', (event) => {
      const change = JSON.parse(event.data);
      if (change.kind === 'all') all();
      if (change.kind === 'chat') listsChanged();
      if (change.kind === 'chat' && change.chat === chat) messagesChanged();
    });
    source.addEventListener('error', () => {
      delete page.dataset.live;
      $('#offline').hidden = false;
      if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
    });
    addEventListener('pagehide', () => source.close());
  }

  // ---- what the person does
  function chosenOn(card) {
    const chosen = {};
    for (const part of $$('[data-question]:enabled', card ?? document.createElement('i'))) {
      chosen[part.dataset.question] ??= [];
      if (part.matches('select') || part.checked) chosen[part.dataset.question].push(part.value);
    }
    return chosen;
  }

  const deeds = {
    press: (part) => post('click', { message: part.closest('[data-message]').dataset.message, key: part.dataset.key, chosen: chosenOn(part.closest('[data-card]')) }),
    rate: (part) => post('rate', { message: part.closest('[data-message]').dataset.message, rating: part.dataset.rating }),
    ask: (part) => post('send', { chat, text: part.dataset.text, mention: true }),
  };

  document.addEventListener('click', async (event) => {
    const part = event.target.closest('[data-act]');
    for (const menu of $$('details.tcard-menu[open]')) if (!menu.contains(event.target) || part) menu.open = false;
    if (event.target.closest('.thought > summary')) event.target.closest('.thought').dataset.opened = '';
    if (!part || part.classList.contains('waiting')) return;
    part.classList.add('waiting');
    await deeds[part.dataset.act](part);
    part.classList.remove('waiting');
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of $$('details.tcard-menu[open]')) { menu.open = false; $('summary', menu).focus(); }
  });

  const grow = () => { draft.rows = Math.min(8, Math.max(1, draft.value.split('\n').length)); };
  const draftKey = `draft/${platform}/${me}/${chat}`;

  async function send() {
    const text = draft.value.trim();
    if (!text) return;
    const kept = draft.value;
    draft.value = '';
    grow();
    const sent = await post('send', { chat, text, mention: $('#mention-bot')?.checked ?? false });
    if (sent) toBottom(); else if (!draft.value) { draft.value = kept; grow(); }
    sessionStorage.setItem(draftKey, draft.value);
  }

  if (draft) {
    draft.value = sessionStorage.getItem(draftKey) ?? '';
    grow();
    draft.addEventListener('input', () => { grow(); sessionStorage.setItem(draftKey, draft.value); });
    draft.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send();
    });
    $('#composer').addEventListener('submit', (event) => { event.preventDefault(); send(); });
    $('#attach').addEventListener('change', async (event) => {
      const form = new FormData();
      for (const [name, value] of [['as', me], ['chat', chat], ['file', event.target.files[0]]]) form.append(name, value);
      event.target.value = '';
      await post('upload', form);
    });
  }

  function filterChats() {
    const wanted = $('#chat-filter').value.trim().toLowerCase();
    for (const item of $$('#chats > li')) item.hidden = !item.textContent.toLowerCase().includes(wanted);
  }

  $('#chat-filter').addEventListener('input', filterChats);

  // The platform is told that somebody came in: once for a window.
  const opened = `opened/${platform}/${me}/${chat}`;
  if (chat && !sessionStorage.getItem(opened)) {
    sessionStorage.setItem(opened, '1');
    fetch(`${base}/open`, { method: 'POST', headers: { 'X-Larkspur-Client': '1', 'Content-Type': 'application/json' }, body: JSON.stringify({ as: me, chat, first: true }) }).catch(console.warn);
  }

  toBottom();
  follow();
})();
