// What opens above the table: menus of fields and rows, the filter, the order, the options of a select.
'use strict';
const Menus = (() => {
  const { $ } = Page;
  const { data, words, say } = Table;
  const { make, icon, button, types } = Cells;
  const pop = $('#pop');
  let opener = null;

  /** Under what it belongs to, or above where there is no room below; never beyond the window. */
  function near(box, rect, least = 0) {
    box.style.minWidth = least ? `${Math.max(180, least)}px` : '';
    const [width, height] = [box.offsetWidth, box.offsetHeight];
    const below = rect.bottom + 4 + height <= innerHeight - 8 || rect.top < height + 12;
    box.style.left = `${Math.max(8, Math.min(rect.left, innerWidth - width - 8))}px`;
    box.style.top = `${Math.max(8, below ? Math.min(rect.bottom + 4, innerHeight - height - 8) : rect.top - height - 4)}px`;
  }

  function show(from, label, look, ...inside) {
    Editor.commit();
    opener = from;
    pop.replaceChildren(...inside);
    pop.className = `pop ${look}`;
    pop.setAttribute('aria-label', label);
    pop.hidden = false;
    near(pop, from.getBoundingClientRect());
    pop.querySelector('[autofocus], button, input, select')?.focus();
  }

  function hide(goesBack = true) {
    if (pop.hidden || pop.classList.contains('under')) return;
    pop.hidden = true;
    if (!goesBack) return;
    if (opener?.matches?.('.tool')) opener.focus(); else Grid.focus();
  }

  const item = (name, symbol, act, look = '') =>
    button(`item ${look}`, null, [icon(symbol), make('span', '', name)], () => { hide(); act(); });

  const labelled = (label, control) => make('label', 'line', make('span', '', label), control);

  function input(value, label, most = 100) {
    const made = make('input', '');
    Object.assign(made, { value, maxLength: most, autocomplete: 'off' });
    made.setAttribute('aria-label', label);
    return made;
  }

  function choice(values, value, label) {
    const made = make('select', '', ...values.map(([id, name]) => new Option(name, id, false, id === value)));
    made.setAttribute('aria-label', label);
    return made;
  }

  function form(save, ...inside) {
    const made = make('form', 'pop-form', ...inside);
    made.addEventListener('submit', (event) => { event.preventDefault(); save(); });
    return made;
  }

  const saves = (name = words.save) => Object.assign(make('button', 'cb cb-primary_filled cb-small', name), { type: 'submit' });

  async function changeField(body) {
    const done = await Table.post('field', body);
    if (!done) return null;
    await Table.shape();
    await Table.stale();
    return done;
  }

  // ---- fields
  function sortBy(field, desc, extend = false) {
    const rest = extend ? data.sort.filter((s) => s.field !== field.id) : [];
    return Table.changeQuery({ sort: desc === null ? rest : [...rest, { field: field.id, desc }] });
  }

  /** Ascending, descending, as the rows stand. */
  function cycleSort(field, extend) {
    const now = data.sort.find((s) => s.field === field.id);
    return sortBy(field, !now ? false : now.desc ? null : true, extend);
  }

  function field(of, cell) {
    const edits = Table.canEdit();
    show(cell, say('fieldMenu', { name: of.name }), 'menu-list', ...[
      item(words.ascending, 'up', () => sortBy(of, false)), item(words.descending, 'down', () => sortBy(of, true)),
      data.sort.length ? item(words.unsorted, 'close', () => Table.changeQuery({ sort: [] })) : null,
      item(words.filterBy, 'filter', () => filter(of)),
      edits ? item(of.options ? words.editField : words.rename, 'edit', () => editField(of, cell)) : null,
      edits && !of.primary ? item(words.deleteField, 'trash', () => removeField(of), 'danger') : null,
    ].filter(Boolean));
  }

  function editField(of, cell) {
    const name = input(of.name, words.name);
    name.autofocus = true;
    const options = (of.options ?? []).map((o) => ({ ...o }));
    const list = make('div', 'option-list');
    const line = (option) => {
      const colour = button('swatch', words.colour, Cells.pill('', option.color), () => {
        palette.hidden = !palette.hidden;
        if (!palette.hidden && !palette.children.length) palette.append(...colours((n) => {
          option.color = n;
          colour.replaceChildren(Cells.pill('', n));
          palette.hidden = true;
          colour.focus();
        }));
      });
      const palette = make('div', 'palette');
      palette.hidden = true;
      const text = input(option.name, words.optionName);
      text.addEventListener('input', () => { option.name = text.value; });
      return make('div', 'option-line', colour, text, palette);
    };
    const add = () => {
      options.push({ id: null, name: '', color: options.length % 55 });
      list.append(line(options.at(-1)));
      list.lastChild.querySelector('input').focus();
    };
    list.append(...options.map(line));
    const before = JSON.stringify(of.options ?? []);
    show(cell, words.editField, 'panel', form(async () => {
      const named = options.filter((o) => o.id || o.name.trim());
      if (name.value.trim() !== of.name && !(await changeField({ do: 'rename', field: of.id, name: name.value }))) return;
      const changed = named.filter((o) => !of.options.some((p) => p.id === o.id && p.name === o.name && p.color === o.color));
      if (of.options && JSON.stringify(named) !== before && changed.length
        && !(await changeField({ do: 'options', field: of.id, options: changed }))) return;
      hide();
    }, labelled(words.name, name), of.options ? make('p', 'pop-title', words.options) : null, of.options ? list : null,
    make('div', 'pop-foot',
      of.options ? button('cb cb-small', null, [icon('plus'), words.addOption], add) : null, make('span', 'grow'), saves())));
  }

  /** The platform's 55, from which one is picked. */
  const colours = (act) => Array.from({ length: 55 }, (_, n) =>
    button('swatch', `${words.colour} ${n + 1}`, Cells.pill('', n), () => act(n)));

  async function removeField(of) {
    const asks = { dataset: { confirmTitle: say('deleteFieldAsk', { name: of.name }), confirmText: words.deleteFieldText } };
    if (await Page.confirmed(asks)) await changeField({ do: 'delete', field: of.id });
    Grid.focus();
  }

  function addField(from) {
    const name = input('', words.name);
    name.autofocus = true;
    const type = choice(words.kinds.map((k) => [k.ui, k.name]), 'Text', words.type);
    const save = async () => { if (await changeField({ do: 'add', name: name.value, type: type.value })) hide(); };
    show(from, words.addField, 'panel', form(save,
      labelled(words.name, name), labelled(words.type, type), make('div', 'pop-foot', make('span', 'grow'), saves())));
  }

  // ---- filter and order
  const text = ['contains', 'doesNotContain', 'is', 'isNot', 'isEmpty', 'isNotEmpty'];
  const operators = {
    [types.number]: ['is', 'isNot', 'isGreater', 'isGreaterEqual', 'isLess', 'isLessEqual', 'isEmpty', 'isNotEmpty'],
    [types.single]: ['is', 'isNot', 'contains', 'doesNotContain', 'isEmpty', 'isNotEmpty'],
    [types.multi]: ['contains', 'doesNotContain', 'is', 'isNot', 'isEmpty', 'isNotEmpty'],
    [types.date]: ['is', 'isGreater', 'isLess', 'isEmpty', 'isNotEmpty'],
    1001: ['is', 'isGreater', 'isLess'], 1002: ['is', 'isGreater', 'isLess'],
    [types.checkbox]: ['is'], [types.file]: ['isEmpty', 'isNotEmpty'],
    1003: ['is', 'isNot'], 1004: ['is', 'isNot'],
  };
  const filterable = () => data.fields.filter((f) => f.type !== types.formula && f.type !== types.lookup);
  const people = new Set([types.user, 1003, 1004]);
  const dates = new Set([types.date, 1001, 1002]);
  const named = (of, operator) => words.operators[dates.has(of.type) && operator === 'isGreater' ? 'after' : dates.has(of.type)
    && operator === 'isLess' ? 'before' : operator];

  /** What the condition asks for, by the kind of its field; null: it asks for nothing. */
  async function valueOf(of, operator, value) {
    if (operator === 'isEmpty' || operator === 'isNotEmpty') return null;
    if (of.options) return choice(of.options.map((o) => [o.id, o.name]), value[0], words.value);
    if (of.type === types.checkbox) return choice([['true', words.yes], ['false', words.no]], value[0], words.value);
    if (people.has(of.type) || [types.link, types.duplex, types.group].includes(of.type)) {
      return choice((await Table.ask(`choices/${of.id}`) ?? []).map((c) => [c.id, c.name]), value[0], words.value);
    }
    const made = input(dates.has(of.type) ? dayOf(value[1]) : value[0] ?? '', words.value);
    if (dates.has(of.type)) made.type = 'date';
    if (of.type === types.number) Object.assign(made, { type: 'number', step: 'any' });
    return made;
  }

  // Days are those of the table's own zone.
  const dayOf = (millis) => (millis ? new Intl.DateTimeFormat('en-CA', { timeZone: data.zone }).format(new Date(Number(millis))) : '');

  function millisOf(day) {
    const noon = Date.parse(`${day}T12:00:00Z`);
    const format = new Intl.DateTimeFormat('en-US', { timeZone: data.zone, hour: '2-digit', hourCycle: 'h23', day: 'numeric' });
    const there = format.formatToParts(new Date(noon));
    const [hour, date] = ['hour', 'day'].map((t) => Number(there.find((p) => p.type === t).value));
    return String(noon - ((hour - 12) + (date - Number(day.slice(8))) * 24) * 3600000);
  }

  async function filter(of) {
    const fields = filterable();
    const conditions = data.filter.filter((c) => fields.some((f) => f.id === c.field)).map((c) => ({ ...c }));
    const first = (field_) => ({ field: field_.id, operator: (operators[field_.type] ?? text)[0], value: [] });
    if (of && fields.includes(of) && !conditions.some((c) => c.field === of.id)) conditions.push(first(of));
    const list = make('div', 'condition-list');
    const lines = new Map();

    async function line(condition) {
      const of_ = data.fields.find((f) => f.id === condition.field);
      const field_ = choice(fields.map((f) => [f.id, f.name]), condition.field, words.field);
      const operator = choice((operators[of_.type] ?? text).map((o) => [o, named(of_, o)]), condition.operator, words.condition);
      const value = await valueOf(of_, condition.operator, condition.value);
      const drop = button('icon-button', words.remove, icon('close'), () => {
        lines.delete(condition);
        made.remove();
      });
      const made = make('div', 'condition', field_, operator, value ?? make('span', ''), drop);
      const again = async () => { const fresh = await line(condition); made.replaceWith(fresh); };
      field_.addEventListener('change', () => {
        Object.assign(condition, first(data.fields.find((f) => f.id === field_.value)));
        again();
      });
      operator.addEventListener('change', () => { Object.assign(condition, { operator: operator.value }); again(); });
      lines.set(condition, () => {
        const given = value?.value ?? '';
        if (value && given === '') return null;
        return { ...condition, value: !value ? [] : dates.has(of_.type) ? ['ExactDate', millisOf(given)] : [given] };
      });
      return made;
    }

    const add = async () => {
      list.append(await line(first(fields[0])));
    };
    for (const condition of conditions) list.append(await line(condition));
    if (!conditions.length) await add();
    const apply = (chosen) => {
      hide();
      return Table.changeQuery({ filter: chosen });
    };
    const tool = $('[data-tool=filter]');
    const chosen = () => [...lines.values()].map((l) => l()).filter(Boolean);
    show(tool, tool.textContent, 'panel wide', form(() => apply(chosen()), list,
      make('div', 'pop-foot', button('cb cb-small', null, [icon('plus'), words.addCondition], add), make('span', 'grow'),
        button('cb cb-small', null, words.clear, () => apply([])), saves(words.apply))));
  }

  function sort() {
    const now = data.sort[0];
    const of = choice(data.fields.map((f) => [f.id, f.name]), now?.field, words.field);
    const way = choice([['asc', words.ascending], ['desc', words.descending]], now?.desc ? 'desc' : 'asc', words.condition);
    const tool = $('[data-tool=sort]');
    const apply = (chosen) => { hide(); return Table.changeQuery({ sort: chosen }); };
    show(tool, tool.textContent, 'panel', form(() => apply([{ field: of.value, desc: way.value === 'desc' }]),
      make('p', 'pop-note', words.noSort), make('div', 'condition two', of, way), make('div', 'pop-foot', make('span', 'grow'),
        button('cb cb-small', null, words.clear, () => apply([])), saves(words.apply))));
  }

  // ---- rows
  function rows(from) {
    const block = Grid.box();
    const n = block.bottom - block.top + 1;
    const edits = Table.canEdit();
    show(from, words.rowMenu, 'menu-list', ...[
      item(words.openRow, 'expand', () => Sheet.open(block.top)), item(words.history, 'time', () => Sheet.open(block.top, 'history')),
      edits ? item(n > 1 ? say('copyRows', { n }) : words.copyRow, 'copy', Rows.copy) : null,
      edits ? item(n > 1 ? say('deleteRows', { n }) : words.deleteRow, 'trash', Rows.remove, 'danger') : null,
    ].filter(Boolean));
  }

  pop.addEventListener('keydown', (event) => {
    if (pop.classList.contains('under')) return;
    if (event.key === 'Escape') { event.stopPropagation(); hide(); }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || !pop.classList.contains('menu-list')) return;
    event.preventDefault();
    const items = [...pop.querySelectorAll('.item')];
    items[(items.indexOf(document.activeElement) + step + items.length) % items.length].focus();
  });
  document.addEventListener('mousedown', (event) => {
    if (!event.target.closest('#pop') && !event.target.closest('#key') && !event.target.closest('dialog')) hide(false);
  });

  return { near, hide, field, addField, filter, sort, rows, cycleSort, input, choice, labelled };
})();

/** What is done with whole rows. */
const Rows = (() => {
  const { data, words, say } = Table;

  async function add() {
    if (!Table.canEdit()) { Page.toast('info', words.readOnly); return null; }
    const made = await Table.write([null], [data.fields[0].id], [[null]]);
    if (!made) return null;
    const told = await Table.ask('rows', { offset: 0, limit: 1, keep: made[0] });
    const place = told?.places[made[0]] ?? -1;
    if (place < 0) { Page.toast('info', words.added); return null; }
    Grid.select(place, 0);
    await Table.need(Math.max(0, place - 40), place + 40);
    Grid.select(place, 0);
    return place;
  }

  const ids = async () => (await Clipboard.chosen()).rows.map((r) => r.id);

  async function remove() {
    const rows = await ids();
    if (!rows.length || !(await Table.post('delete', { rows }))) return;
    Page.toast('success', rows.length === 1 ? words.deletedOne : say('deleted', { n: rows.length }));
    await Table.stale();
    const { row, col } = Grid.sel;
    Grid.select(Math.min(row, Grid.box().top), col);
    Grid.focus();
  }

  async function copy() {
    const done = await Table.post('copy', { rows: await ids() });
    if (!done) return;
    await Table.stale();
    const told = await Table.ask('rows', { offset: 0, limit: 1, keep: done.rows[0] });
    if ((told?.places[done.rows[0]] ?? -1) >= 0) Grid.select(told.places[done.rows[0]], Grid.sel.col);
    Grid.focus();
  }

  async function turn(redo) {
    if (!Table.canEdit()) return;
    const done = await Table.post('turn', { redo });
    if (!done) return;
    if (done.say) Page.toast('info', done.say);
    Page.$('#say').textContent = done.say ?? (redo ? words.redone : words.undone);
    await Table.stale();
    if (!done.rows.length) return;
    const told = await Table.ask('rows', { offset: 0, limit: 1, keep: done.rows[0] });
    if ((told?.places[done.rows[0]] ?? -1) >= 0) Grid.select(told.places[done.rows[0]], Grid.sel.col);
  }

  return { add, remove, copy, turn };
})();
