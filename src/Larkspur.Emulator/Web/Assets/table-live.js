// What the others do: their edits arrive by themselves, and where they are is shown. The stream ends with the page, and with it
// the others' knowledge of this one.
'use strict';
const Live = (() => {
  const { $, me } = Page;
  const { app, table } = document.body.dataset;
  let [page, last, others] = [null, '', []];

  /** Tells the others where this page is; only the last place counts. */
  const here = Page.gathered(async () => {
    if (!page) return;
    const { row, field } = Grid.active();
    const place = { record: row?.id ?? null, field: field?.id ?? null, editing: Editor.isOpen() };
    await Page.post(`/ui/tables/${app}/${table}/here`, { as: me, page, ...place });
  }, 60);

  function shown(pages) {
    others = pages;
    const people = [...new Map(pages.map((p) => [p.who.id, p.who])).values()];
    $('#here').replaceChildren(...people.slice(0, 6).map((who) => {
      const one = Cells.make('span', 'one', Cells.avatar(who), Cells.make('span', 'sr', who.name));
      one.title = Table.say('isHere', { who: who.name });
      return one;
    }));
    Grid.setOthers(others.filter((o) => o.record));
  }

  async function changed(change) {
    last = change.by?.name ?? '';
    if (change.all || change.shape) await Table.shape();
    if (change.by && change.by.id !== me && !change.other) Grid.flash(change);
    await Table.stale();
    Sheet.refresh(change);
  }

  function follow() {
    const source = new EventSource(`/ui/tables/${app}/${table}/events?as=${encodeURIComponent(me)}`);
    source.addEventListener('hello', async (event) => {
      page = JSON.parse(event.data).page;
      $('#offline').hidden = true;
      await Table.shape();
      await Table.stale();
      document.body.dataset.live = '';
      here();
    });
    source.addEventListener('change', (event) => { changed(JSON.parse(event.data)); });
    source.addEventListener('here', (event) => shown(JSON.parse(event.data).pages));
    source.addEventListener('error', () => {
      delete document.body.dataset.live;
      page = null;
      $('#offline').hidden = false;
      if (source.readyState === EventSource.CLOSED) setTimeout(follow, 2000);
    });
    addEventListener('pagehide', () => source.close());
  }

  return { here, follow, lastBy: () => last };
})();
