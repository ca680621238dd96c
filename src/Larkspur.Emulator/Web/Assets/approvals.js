// The approvals inbox: follows the world over the event stream, swaps list and detail when they differ, posts decisions.
'use strict';
(() => {
  const page = document.body;
  const me = page.dataset.as;
  const words = JSON.parse(page.dataset.words);
  const $ = (selector, root = document) => root.querySelector(selector);
  document.cookie = `larkspur_offset=${-new Date().getTimezoneOffset()}; path=/; max-age=31536000; samesite=strict`;

  function toast(type, text) {
    const box = document.createElement('div');
    box.className = `toast toast-${type}`;
    box.textContent = text;
    $('#toasts').append(box);
    setTimeout(() => box.remove(), 6000);
  }

  // ---- keeping the page fresh
  const known = new Map();
  for (const id of ['approval-list', 'approval-detail']) known.set(id, document.getElementById(id).outerHTML);

  async function refresh() {
    const query = new URLSearchParams({ as: me, tab: page.dataset.tab });
    if (page.dataset.instance) query.set('instance', page.dataset.instance);
    const answer = await fetch(`/ui/approvals?${query}`);
    if (!answer.ok) return;
    const holder = document.createElement('template');
    holder.innerHTML = await answer.text(); // rendered and encoded by the server
    for (const fresh of [...holder.content.children]) {
      if (known.get(fresh.id) === fresh.outerHTML) continue;
      known.set(fresh.id, fresh.outerHTML);
      const old = document.getElementById(fresh.id);
      const [typed, typing] = [$('#opinion', old)?.value ?? '', old.contains(document.activeElement) && document.activeElement.id === 'opinion'];
      const scrolled = $('.request', old)?.scrollTop;
      old.replaceWith(fresh);
      const opinion = $('#opinion', fresh);
      if (opinion) opinion.value = typed;
      if (opinion && typing) opinion.focus();
      if (scrolled) $('.request', fresh).scrollTop = scrolled;
    }
  }

  // What arrives while one refresh runs causes exactly one more.
  let [queued, last] = [false, Promise.resolve()];
  function changed() {
    if (queued) return;
    queued = true;
    last = last.then(() => new Promise((done) => setTimeout(done, 15))).then(() => { queued = false; return refresh(); }).catch(console.warn);
  }

  function follow() {
    const source = new EventSource(`/ui/events?as=${encodeURIComponent(me)}`);
    source.addEventListener('hello', () => { $('#offline').hidden = true; page.dataset.live = ''; changed(); });
    source.addEventListener('change', (event) => { if (['approval', 'all'].includes(JSON.parse(event.data).kind)) changed(); });
    source.addEventListener('error', () => {
      delete page.dataset.live;
      $('#offline').hidden = false;
      if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
    });
    addEventListener('pagehide', () => source.close());
  }

  // ---- decisions
  function confirmed(button) {
    if (!('confirmTitle' in button.dataset)) return Promise.resolve(true);
    const dialog = $('#confirm');
    $('#confirm-title').textContent = button.dataset.confirmTitle;
    $('#confirm-text').textContent = button.dataset.confirmText;
    dialog.returnValue = 'no';
    dialog.showModal();
    return new Promise((done) => dialog.addEventListener('close', () => done(dialog.returnValue === 'yes'), { once: true }));
  }

  async function decide(button) {
    const bar = button.closest('.decide');
    if (bar.classList.contains('waiting') || !(await confirmed(button))) return;
    bar.classList.add('waiting');
    try {
      const answer = await fetch('/ui/approval', {
        method: 'POST',
        headers: { 'X-Larkspur-Client': '1', 'Content-Type': 'application/json' },
        body: JSON.stringify({ as: me, do: button.dataset.do, instance: bar.dataset.instance, task: bar.dataset.task || null, comment: $('#opinion', bar).value, to: button.dataset.to ?? null }),
      });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const result = await answer.json();
      if (result.toast) toast(result.toast.type, result.toast.content);
      else $('#opinion').value = '';
      changed();
    } catch (error) {
      console.warn(error);
      toast('error', words.notSent);
    } finally {
      bar.classList.remove('waiting');
    }
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (button) decide(button);
    const open = $('.transfer[open]');
    if (open && !event.target.closest('.transfer > summary')) open.open = false;
  });

  follow();
})();
