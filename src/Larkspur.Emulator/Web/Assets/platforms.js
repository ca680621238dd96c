// The pages of WeCom and DingTalk: follows the world over the event stream, swaps what differs, posts what the person does.
// It never builds markup out of text: fragments come rendered and encoded.
'use strict';
(() => {
  const { me, $, $$ } = Page;
  const { chat, draft, grow, toBottom } = Talk;
  const { platform } = document.body.dataset;
  const base = `/ui/platforms/${platform}`;
  const drawn = (name) => Page.drawn(`${base}/${name}?${new URLSearchParams(chat ? { as: me, chat } : { as: me })}`);

  /** @returns whether it was done */
  async function post(action, body) {
    const result = await Page.post(`${base}/${action}`, { as: me, ...body });
    return result !== null && !result.toast;
  }

  // ---- keeping the page fresh
  /** Reasoning that somebody opened stays open when the answer begins. */
  function messageChanging(present, last, next) {
    const opened = $('details.thought[data-opened]', present)?.open;
    return (item) => {
      Drawing.renewSent(item, last, next, '[data-card]', '[data-card]');
      if (opened && $('details.thought', item)) $('details.thought', item).open = true;
    };
  }

  const messagesChanged = Page.gathered(() => Talk.refreshMessages(drawn, messageChanging), 15);
  const listsChanged = Page.gathered(async () => {
    await Talk.refreshLists(drawn);
    if ('reads' in document.body.dataset && Talk.readsNew()) post('open', { chat });
  }, 40);

  function changed(change) {
    if (change.kind === 'chat') listsChanged();
    if (change.kind === 'chat' && change.chat === chat) messagesChanged();
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

  let quoted = null; // id of the message that the draft replies to

  function quote(message, text = '') {
    quoted = message;
    $('#composer-context').hidden = !message;
    $('#composer-context span').textContent = text;
    draft.focus();
  }

  const actions = {
    reply: (part) => quote(part.closest('[data-message]').dataset.message, Page.texts.replyTo.replace('{name}', part.dataset.sender)),
    unquote: () => quote(null),
    press: async (part) => {
      const card = part.closest('[data-card]');
      if (card) card.dataset.sent = '';
      const done = await post('click', { message: part.closest('[data-message]').dataset.message, key: part.dataset.key, chosen: chosenOn(card) });
      if (!done && card) delete card.dataset.sent;
    },
    rate: (part) => post('rate', { message: part.closest('[data-message]').dataset.message, rating: part.dataset.rating }),
    ask: (part) => post('send', { chat, text: part.dataset.text, mention: true }),
  };

  document.addEventListener('click', async (event) => {
    const part = event.target.closest('[data-act]');
    for (const menu of $$('details.tcard-menu[open]')) if (!menu.contains(event.target) || part) menu.open = false;
    const above = event.target.closest('a.quote');
    if (above) {
      event.preventDefault();
      document.getElementById(above.getAttribute('href').slice(1))?.scrollIntoView({ block: 'center', behavior: 'smooth' });
    }
    if (event.target.closest('.thought > summary')) event.target.closest('.thought').dataset.opened = '';
    if (!part || part.classList.contains('waiting')) return;
    part.classList.add('waiting');
    await actions[part.dataset.act](part);
    part.classList.remove('waiting');
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    for (const menu of $$('details.tcard-menu[open]')) { menu.open = false; $('summary', menu).focus(); }
  });

  const save = Talk.keepDraft(`draft/${platform}/${me}/${chat}`);

  async function send() {
    const text = draft.value.trim();
    if (!text) return;
    const kept = draft.value;
    const replyTo = quoted;
    draft.value = '';
    grow();
    const sent = await post('send', { chat, text, mention: $('#mention-bot')?.checked ?? false, replyTo });
    if (sent) { toBottom(); if (quoted === replyTo && replyTo) quote(null); } else if (!draft.value) { draft.value = kept; grow(); }
    save();
  }

  if (draft) {
    draft.addEventListener('input', () => { grow(); save(); });
    draft.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      send();
    });
    $('#composer').addEventListener('submit', (event) => { event.preventDefault(); send(); });
    $('#attach').addEventListener('change', (event) => {
      Talk.upload(event.target.files[0], `${base}/upload`);
      event.target.value = '';
    });
  }

  // The platform is told that somebody came in: once for a window.
  const opened = `opened/${platform}/${me}/${chat}`;
  if (chat && !sessionStorage.getItem(opened)) {
    sessionStorage.setItem(opened, '1');
    post('open', { chat, first: true });
  }

  toBottom();
  Page.follow(() => { messagesChanged(); listsChanged(); }, changed);
})();
