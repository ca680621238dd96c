// The approvals inbox of Feishu and of WeCom: follows the state over the event stream, swaps list and detail when they differ, posts decisions.
'use strict';
(() => {
  const { me, $ } = Page;
  const { tab, instance, fragment = '/ui/approvals', actions = '/ui/approval' } = document.body.dataset;

  // ---- keeping the page fresh
  for (const id of ['approval-list', 'approval-detail']) Drawing.remembered(document.getElementById(id));

  async function refresh() {
    const query = new URLSearchParams({ as: me, tab });
    if (instance) query.set('instance', instance);
    const drawn = await Page.drawn(`${fragment}?${query}`);
    for (const fresh of drawn?.children ?? []) Drawing.bring(document.getElementById(fresh.id), fresh);
  }

  // Whoever sees a copy has read it.
  async function read() {
    const bar = $('.decide[data-unread]');
    if (bar && document.visibilityState === 'visible') await send({ do: 'open', instance: bar.dataset.instance });
  }

  const send = (action) => Page.post(actions, { as: me, ...action });
  const changed = Page.gathered(async () => { await refresh(); await read(); }, 15);

  // ---- decisions
  async function decide(button) {
    const bar = button.closest('.decide');
    if (bar.classList.contains('waiting') || !(await Page.confirmed(button))) return;
    bar.classList.add('waiting');
    const result = await send({ do: button.dataset.do, instance: bar.dataset.instance, task: bar.dataset.task || null, comment: $('#opinion', bar).value, to: button.dataset.to ?? null });
    bar.classList.remove('waiting');
    if (!result) return;
    if (!result.toast && $('#opinion')) $('#opinion').value = '';
    changed();
  }

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-do]');
    if (button) decide(button);
    const open = $('.transfer[open]');
    if (open && !event.target.closest('.transfer > summary')) open.open = false;
  });

  Page.follow(changed, (change) => { if (change.kind === 'approval') changed(); });
})();
