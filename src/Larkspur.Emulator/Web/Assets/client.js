// The page is HTML from the server. This script follows the world over one event stream, fetches the fragments that changed,
// swaps them, and posts what the person does. It never builds markup out of text: fragments come rendered and encoded.
'use strict';
(() => {
  const { me, texts, $, $$, toast, confirmed } = Page;
  const { chat, draft, toBottom, stayLow, grow } = Talk;
  const view = document.body.dataset.view;

  const query = () => `as=${encodeURIComponent(me)}${chat ? `&chat=${encodeURIComponent(chat)}` : ''}${view === 'inspector' ? '&view=inspector' : ''}`;
  const drawn = (name) => Page.drawn(`/ui/${name}?${query()}`);
  const post = (action, body) => Page.post(`/ui/${action}`, body);

  // ---- keeping the page fresh
  // Streaming text: when the old text begins the new one, the rest appears letter by letter at the pace of the card.
  const typed = new Map(); // message and element -> { full, shown, timer }

  const typedPart = (item, name) => $(`[data-typed="${CSS.escape(name)}"]`, item);

  /** @returns what begins the typing once the entry stands as the server drew it */
  function typeOn(present, next) {
    const starts = $$('[data-typed]', next).flatMap((part) => {
      const name = part.dataset.typed;
      const key = `${next.id}/${name}`;
      const before = typedPart(present, name);
      const [state, full] = [typed.get(key) ?? { full: before?.textContent ?? '' }, part.textContent];
      clearInterval(state.timer);
      const [pause, step, waits] = part.dataset.pace.split(' ');
      const now = { full, shown: full.length };
      typed.set(key, now);
      const whole = (item) => typedPart(item, name).replaceChildren(...part.cloneNode(true).childNodes); // the page may show a half of it
      if (!before || full === '' || !full.startsWith(state.full) || matchMedia('(prefers-reduced-motion: reduce)').matches) return [whole];
      now.shown = waits ? Math.min(state.shown ?? state.full.length, full.length) : state.full.length;
      return now.shown < full.length ? [whole, (item) => typeOut(typedPart(item, name), now, Number(pause), Number(step))] : [whole];
    });
    return (item) => { for (const start of starts) start(item); };
  }

  function typeOut(part, state, pause, step) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push({ node: walker.currentNode, text: walker.currentNode.data });
    const show = () => {
      let left = state.shown;
      for (const { node, text } of nodes) {
        node.data = text.slice(0, Math.max(0, left));
        left -= text.length;
      }
      stayLow();
    };
    show();
    state.timer = setInterval(() => {
      state.shown = part.isConnected ? state.shown + step : state.full.length;
      show();
      if (state.shown >= state.full.length) clearInterval(state.timer);
    }, pause);
  }

  function messageChanging(present, last, next) {
    const type = typeOn(present, next);
    return (item) => { Drawing.renewSent(item, last, next, '.card', 'form, [data-control]'); type(item); };
  }

  async function loadTrace(box) {
    const body = box && await drawn(`traces/${box.dataset.trace}`);
    if (body) $('.trace-body', box).replaceChildren(body);
  }

  async function refreshTraces() {
    const fresh = $('#traces') && (await drawn('traces'))?.firstElementChild;
    if (!fresh) return;
    // An entry that somebody reads shows its new bodies when its outcome arrives.
    Drawing.reconcile($('#traces'), fresh, () => (item) => loadTrace($('details[data-trace][open]', item)));
    filterTraces();
  }

  const read = () => { if (Talk.readsNew()) post('read', { as: me, chat }); };

  const messagesChanged = Page.gathered(() => Talk.refreshMessages(drawn, messageChanging), 15);
  const listsChanged = Page.gathered(async () => { await Talk.refreshLists(drawn); read(); }, 40);
  const tracesChanged = Page.gathered(refreshTraces, 120);
  const allChanged = () => { messagesChanged(); listsChanged(); tracesChanged(); };

  function changed(change) {
    if (change.kind === 'trace') tracesChanged();
    if (change.kind === 'toast') toast(change.toast.type, change.toast.content);
    if (change.kind === 'chat') listsChanged();
    if (change.kind === 'chat' && change.chat === chat) messagesChanged();
  }

  // ---- cards
  const selectors = '[data-control]:not([data-control="button"])';

  function valueOf(control) {
    if (control.dataset.control === 'checker') return control.checked;
    return control.matches('details, .select-img') ? $$('input:checked', control).map((box) => box.value) : control.value;
  }

  const isEmpty = (value) => value === '' || (Array.isArray(value) && value.length === 0);

  async function click(part, extra = {}) {
    if (part.closest('.waiting') || !(await confirmed(part))) return;
    if (view === 'cards') { toast('info', texts.previewOnly); return; }
    const shown = part.classList.contains('card-link') || part.matches('input, select, textarea') ? part.parentElement : part;
    const sent = extra.form ? part.closest('form') : part;
    shown.classList.add('waiting');
    sent.dataset.sent = '';
    const result = await post('click', { as: me, message: part.closest('[data-message]').dataset.message, at: part.dataset.at, ...extra });
    if (!result || result.toast?.type === 'error') delete sent.dataset.sent;
    shown.classList.remove('waiting');
  }

  function submit(button) {
    const form = button.closest('[data-card-form]');
    let [values, missing] = [{}, null];
    for (const control of $$(selectors, form)) {
      const value = valueOf(control);
      const frame = control.closest('.control, .select-img, .checker') ?? control;
      const lacks = frame.classList.toggle('missing', 'required' in control.dataset && isEmpty(value));
      control.setAttribute('aria-invalid', lacks);
      if (lacks) missing ??= control;
      if (control.dataset.name) values[control.dataset.name] = value;
    }
    if (!missing) { click(button, { form: values }); return; }
    toast('warning', texts.required);
    missing.focus();
  }

  function showChosen(multi) {
    const names = $$('input:checked', multi).map((box) => box.nextElementSibling.textContent);
    $('.chosen', multi).textContent = names.join(', ') || multi.dataset.empty;
  }

  function turnPage(button) {
    const table = button.closest('.card-table');
    const now = $('[data-page-now]', table);
    const [size, pages] = [Number(table.dataset.pageSize), Number(now.dataset.pages)];
    const target = Math.min(pages, Math.max(1, Number(now.dataset.pageNow) + Number(button.dataset.page)));
    now.dataset.pageNow = target;
    now.textContent = `${target} / ${pages}`;
    $$('tbody tr', table).forEach((row, index) => { row.hidden = Math.floor(index / size) + 1 !== target; });
    for (const turn of $$('[data-page]', table)) turn.disabled = turn.dataset.page === '-1' ? target === 1 : target === pages;
  }

  // ---- composer
  let context = null; // { reply | edit: message id }
  const picked = new Map(); // "@Name" -> id, chosen from the menu

  function setContext(next, text = '') {
    context = next;
    $('#composer-context').hidden = !next;
    $('#composer-context span').textContent = text;
    draft.focus();
  }

  async function send() {
    let text = draft.value.trim();
    if (!text) return;
    for (const [name, id] of [...picked].sort((a, b) => b[0].length - a[0].length)) text = text.replaceAll(name, `<at user_id="${id}">${name.slice(1)}</at>`);
    const [kept, sent] = [draft.value, context];
    draft.value = '';
    grow();
    setContext(null);
    const result = sent?.edit
      ? await post('edit', { as: me, message: sent.edit, text })
      : await post('send', { as: me, chat, text, replyTo: sent?.reply ?? null, inThread: sent?.inThread ?? false });
    if (result && !result.toast) { picked.clear(); toBottom(); } else if (!draft.value) { draft.value = kept; grow(); }
    save();
  }

  const save = Talk.keepDraft(`draft/${me}/${chat}`);

  function mentionQuery() {
    const before = draft.value.slice(0, draft.selectionStart);
    return /(?:^|[\s\u3000-\u9fff])@([^\s@]{0,20})$/.exec(before)?.[1] ?? null;
  }

  function offerMentions() {
    const wanted = mentionQuery()?.toLowerCase();
    let first = null;
    for (const option of $$('#mentions button')) {
      option.hidden = wanted === undefined || !option.dataset.search.includes(wanted);
      if (!option.hidden) first ??= option;
      option.setAttribute('aria-selected', first === option);
    }
    $('#mentions').hidden = !first;
  }

  function moveMention(step) {
    const options = $$('#mentions button:not([hidden])');
    const at = options.findIndex((option) => option.getAttribute('aria-selected') === 'true') + step;
    options.forEach((option, index) => option.setAttribute('aria-selected', index === (at + options.length) % options.length));
  }

  function insertMention(option) {
    const name = `@${option.dataset.name}`;
    const from = draft.selectionStart - (mentionQuery()?.length ?? -1) - 1;
    draft.setRangeText(`${name} `, from, draft.selectionStart, 'end');
    picked.set(name, option.dataset.id);
    $('#mentions').hidden = true;
    draft.focus();
    save();
  }

  // ---- filters
  function filterTraces() {
    const form = $('#filters');
    if (!form) return;
    const { q, kind, platform, failed } = form.elements;
    sessionStorage.setItem('inspector', JSON.stringify([kind.value, platform.value, failed.checked, q.value]));
    const all = $$('#traces details[data-trace]');
    for (const { dataset, parentElement } of all) {
      parentElement.hidden = !((!kind.value || dataset.kind === kind.value) && (!platform.value || dataset.platform === platform.value) && (!failed.checked || 'failed' in dataset) && dataset.search.includes(q.value.trim().toLowerCase()));
    }
    $('#no-match').hidden = all.length === 0 || all.some((entry) => !entry.parentElement.hidden);
  }

  /** The filters are as they were in this window; whoever comes from a platform's page sees that platform first. */
  function restoreFilters() {
    const form = $('#filters');
    if (!form) return;
    const address = new URL(location.href);
    const from = address.searchParams.get('platform');
    const [kind, platform, failed, q] = JSON.parse(sessionStorage.getItem('inspector') ?? '["", "", false, ""]');
    const has = (name, value) => $$(`[name="${name}"]`, form).some((choice) => choice.value === value);
    form.elements.kind.value = has('kind', kind) ? kind : '';
    form.elements.platform.value = has('platform', from ?? platform) ? from ?? platform : '';
    form.elements.failed.checked = failed;
    form.elements.q.value = q;
    if (from !== null) {
      address.searchParams.delete('platform');
      history.replaceState(null, '', address);
    }
    filterTraces();
  }

  // ---- one listener of each kind for the whole page: fragments come and go
  const acts = {
    click: (part) => click(part),
    submit,
    reset: (part) => { const form = part.closest('form'); form.reset(); $$('details.multi', form).forEach(showChosen); },
    option: (part) => { const menu = part.closest('details'); menu.open = false; click(menu, { value: part.dataset.value }); },
    enter: (part) => { const input = $('input', part.parentElement); click(input, { value: input.value }); },
    reply: (part) => setContext({ reply: part.closest('[data-message]').dataset.message }, texts.replyTo.replace('{name}', part.dataset.sender)),
    thread: (part) => setContext({ reply: part.closest('[data-message]').dataset.message, inThread: true }, part.dataset.hint),
    pin: (part) => post('pin', { as: me, message: part.closest('[data-message]').dataset.message, remove: 'remove' in part.dataset }),
    say: (part) => post('send', { as: me, chat, text: part.dataset.text }),
    edit: (part) => { draft.value = part.dataset.text; grow(); setContext({ edit: part.closest('[data-message]').dataset.message }, texts.editing); },
    recall: (part) => post('recall', { as: me, message: part.closest('[data-message]').dataset.message }),
    react: (part) => {
      part.closest('details')?.removeAttribute('open');
      post('react', { as: me, message: part.closest('[data-message]').dataset.message, emoji: part.dataset.emoji, remove: 'remove' in part.dataset });
    },
    mention: () => { draft.setRangeText(draft.value && !/\s$/.test(draft.value) ? ' @' : '@', draft.selectionStart, draft.selectionEnd, 'end'); draft.focus(); offerMentions(); },
    'drop-context': () => { if (context?.edit) draft.value = ''; setContext(null); grow(); },
  };

  const clicks = [
    ['a[data-preview]', (link, event) => {
      if (event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      $('#preview img').src = link.href;
      $('#preview').showModal();
    }],
    ['#mentions button', insertMention],
    ['[data-page]', turnPage],
    ['a.quote', (quote, event) => { event.preventDefault(); $(quote.getAttribute('href'))?.scrollIntoView({ block: 'center', behavior: 'smooth' }); }],
    ['[data-copy]', (part) => Page.copy(part.dataset.copy)],
    ['[data-act]', (part) => acts[part.dataset.act]?.(part)],
  ];

  document.addEventListener('click', (event) => {
    for (const open of $$('details.overflow[open], details.multi[open], details.react[open]')) if (!open.contains(event.target)) open.open = false;
    for (const [selector, act] of clicks) {
      const part = event.target.closest(selector);
      if (part) { if (!part.disabled) act(part, event); return; }
    }
  });

  document.addEventListener('change', (event) => {
    const part = event.target.closest('[data-act]') ?? event.target;
    const multi = event.target.closest('details.multi');
    if (multi) showChosen(multi);
    if (event.target.closest('.picker')) event.target.classList.toggle('filled', event.target.value !== '');
    if (part.dataset.act === 'change' && part.value) click(part, { value: part.value });
    if (part.dataset.act === 'check') click(part, { value: part.checked });
    if (part.dataset.act === 'choose' && !multi) click(part, { value: valueOf(part) });
    if (event.target.id === 'attach' && event.target.files.length) { Talk.upload(event.target.files[0], '/ui/upload'); event.target.value = ''; }
    if (event.target.closest('#filters')) filterTraces();
  });

  document.addEventListener('input', (event) => {
    if (event.target === draft) { grow(); save(); offerMentions(); }
    if (event.target.closest('#filters')) filterTraces();
    const mended = event.target.closest('.missing');
    mended?.classList.remove('missing');
    for (const control of mended ? [mended, ...$$('[aria-invalid]', mended)] : []) control.removeAttribute('aria-invalid');
  });

  // A list of choices outside a form answers when it is closed; a trace loads its bodies when it is opened.
  document.addEventListener('toggle', (event) => {
    const box = event.target;
    if (box.matches?.('details.multi[data-act="choose"]') && !box.open) click(box, { value: valueOf(box) });
    if (box.matches?.('details[data-trace]') && box.open) loadTrace(box).catch(console.warn);
  }, true);

  document.addEventListener('keydown', (event) => {
    const menu = $('#mentions');
    if (event.target === draft && menu && !menu.hidden && !event.isComposing) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') { event.preventDefault(); moveMention(event.key === 'ArrowDown' ? 1 : -1); return; }
      if (event.key === 'Enter' || event.key === 'Tab') { event.preventDefault(); insertMention($('[aria-selected="true"]', menu)); return; }
      if (event.key === 'Escape') { menu.hidden = true; return; }
    }
    if (event.target === draft && event.key === 'Enter' && !event.shiftKey && !event.isComposing) { event.preventDefault(); send(); return; }
    if (event.target === draft && event.key === 'Escape' && context) acts['drop-context']();
    if (event.target.dataset?.act === 'input' && event.key === 'Enter' && !event.isComposing && (event.target.tagName === 'INPUT' || event.ctrlKey)) {
      event.preventDefault();
      click(event.target, { value: event.target.value });
    }
    if (event.key === 'Escape') for (const open of $$('details.overflow[open], details.react[open]')) open.open = false;
  });

  document.addEventListener('submit', (event) => {
    if (event.target.method === 'dialog') return;
    event.preventDefault();
    if (event.target.id === 'composer') send();
  });

  document.addEventListener('visibilitychange', read);
  $$('#traces').forEach(Drawing.remember);
  restoreFilters();
  if (draft) {
    toBottom();
    if (matchMedia('(hover: hover)').matches) draft.focus({ preventScroll: true });
  }
  // The preview page of cards shares the parts above and follows no chat.
  if (view === 'cards') return;
  Talk.showUnread();
  Page.follow(allChanged, changed);
})();
