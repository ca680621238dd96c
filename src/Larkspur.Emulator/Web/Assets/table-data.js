// A table as the server has it: its shape, and a window of its rows in pages. Everything else draws what is here and posts by it.
'use strict';
const Table = (() => {
  const { app, table } = document.body.dataset;
  const words = JSON.parse(document.body.dataset.tableTexts);
  const root = `/ui/tables/${app}/${table}`;
  const pageSize = 100;
  const address = new URLSearchParams(location.search);
  const listeners = [];
  const data = {
    fields: [], views: [], right: 'view', view: address.get('view'), total: 0, all: 0, known: false,
    q: '', filter: [], sort: [],
  };
  const rows = new Map(); // place -> row
  const fresh = new Set(); // pages that are as the server has them
  const pending = new Map(); // record/field -> what was typed and is on its way
  const refused = new Map(); // record/field -> what was typed and was not taken, and why
  let [wanted, generation, running, queue, keep] = [[0, 60], 0, null, Promise.resolve(), () => []];

  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const changed = (what) => { for (const listener of listeners) listener(what); };
  const canEdit = () => data.right === 'edit' || data.right === 'full_access';
  const key = (record, field) => `${record}/${field}`;

  function query(extra) {
    const asked = new URLSearchParams({ as: Page.me, ...extra });
    if (data.view) asked.set('view', data.view);
    if (data.q) asked.set('q', data.q);
    if (data.filter.length) asked.set('filter', JSON.stringify(data.filter));
    if (data.sort.length) asked.set('sort', data.sort.map((s) => `${s.field}:${s.desc ? 'desc' : 'asc'}`).join(','));
    return asked;
  }

  /** @returns the answer; null when there is none */
  async function ask(path, extra = {}) {
    const answer = await fetch(`${root}/${path}?${query(extra)}`).catch(() => null);
    if (answer?.status === 400) badQuery((await answer.json()).error);
    return answer?.ok ? answer.json() : null;
  }

  /** Conditions that the table's fields do not take are told and dropped, so that there is something to see. */
  function badQuery(why) {
    if (!data.filter.length) return;
    Page.toast('error', why);
    changeQuery({ filter: [] });
  }

  async function shape() {
    const told = await ask('shape');
    if (!told) return;
    const was = JSON.stringify([data.fields, data.views, data.view, data.right]);
    Object.assign(data, told);
    if (JSON.stringify([data.fields, data.views, data.view, data.right]) !== was) changed('shape');
  }

  function take(told, offset) {
    if (told.total < data.total) for (const place of rows.keys()) if (place >= told.total) rows.delete(place);
    Object.assign(data, { total: told.total, all: told.all, known: true });
    told.rows.forEach((row, at) => rows.set(offset + at, Object.assign(row, { drawn: JSON.stringify(row) })));
  }

  const missing = () => {
    const [first, last] = [Math.floor(wanted[0] / pageSize), Math.floor(Math.max(0, wanted[1] - 1) / pageSize)];
    for (let page = first; page <= last; page++) {
      if (!fresh.has(page) && (page === 0 || !data.known || page * pageSize < data.total)) return page;
    }
    return null;
  };

  /** One question at a time, until the window is as the server has it. */
  async function pump() {
    for (let page = missing(); page !== null; page = missing()) {
      const [asked, offset] = [generation, page * pageSize];
      const told = await ask('rows', { offset, limit: pageSize, keep: keep().join(',') });
      if (!told) return;
      fresh.add(page);
      if (asked !== generation) fresh.delete(page);
      take(told, offset);
      changed({ places: told.places });
    }
  }

  function need(from, to) {
    wanted = [Math.max(0, from), to];
    running ??= pump().finally(() => { running = null; });
    return running;
  }

  /** Something is different: what is shown stays until what is new is here. */
  async function stale() {
    generation += 1;
    fresh.clear();
    for (const place of rows.keys()) if (place < wanted[0] - pageSize || place > wanted[1] + pageSize) rows.delete(place);
    await need(...wanted);
    if (missing() !== null) await need(...wanted);
  }

  /** Other rows are meant now: those of another view, filter, order. */
  function changeQuery(change) {
    Object.assign(data, change);
    rows.clear();
    data.known = false;
    if (change.view) {
      address.set('view', change.view);
      history.replaceState(null, '', `${location.pathname}?${address}`);
    }
    changed('query');
    return Promise.all([change.view ? shape() : null, stale()]);
  }

  /** Rows by their places, also those that nobody looks at. */
  async function range(from, count) {
    const found = [];
    while (found.length < count) {
      const told = await ask('rows', { offset: from + found.length, limit: Math.min(500, count - found.length) });
      if (!told?.rows.length) break;
      found.push(...told.rows);
    }
    return found;
  }

  /** What a person does reaches the server in the order in which it was done. */
  function post(path, body) {
    const done = queue.then(async () => {
      const result = await Page.post(`${root}/${path}`, { as: Page.me, ...body });
      if (result?.error) Page.toast('error', result.error);
      return result?.error ? null : result;
    });
    queue = done;
    return done;
  }

  /**
   * Writes a block: a row that is null is added, a cell that is null is left alone. What is refused stays at its cell as it was
   * typed, with the reason.
   * @returns the rows' ids; null when nothing was written
   */
  async function write(records, fields, cells, typed = () => '') {
    const each = (act) => records.forEach((record, r) => {
      if (record) fields.forEach((field, c) => { if (cells[r][c]) act(key(record, field), r, c); });
    });
    each((name, r, c) => { pending.set(name, cells[r][c].text ?? typed(r, c)); refused.delete(name); });
    changed('cells');
    const result = await post('write', { rows: records, fields, cells });
    if (result && !result.refused.length) await stale();
    each((name) => pending.delete(name));
    for (const no of result?.refused ?? []) {
      if (!records[no.row]) continue;
      const text = cells[no.row][no.column].text ?? typed(no.row, no.column);
      refused.set(key(records[no.row], fields[no.column]), { text, say: no.say });
    }
    changed(result?.refused.length ? { refused: result.refused.length, say: result.refused[0].say } : 'cells');
    return result && !result.refused.length ? result.rows : null;
  }

  return {
    data, rows, pending, refused, words, say, key, ask, shape, need, stale, changeQuery, range, post, write, canEdit,
    cell: (row, field) => row?.cells[field.id], row: (place) => rows.get(place),
    placeOf: (record) => { for (const [place, row] of rows) if (row.id === record) return place; return -1; },
    on: (listener) => listeners.push(listener), keeps: (ids) => { keep = ids; },
  };
})();
