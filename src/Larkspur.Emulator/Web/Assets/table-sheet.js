// One row as a sheet of its fields: what editing is on a phone, and a closer look everywhere; and the row's history.
'use strict';
const Sheet = (() => {
  const { $ } = Page;
  const { data, words, say } = Table;
  const { make, icon, button, types } = Cells;
  const dialog = $('#row-sheet');
  let [record, tab, row] = [null, 'fields', null];

  async function open(place, shows = 'fields') {
    Editor.commit();
    await Table.need(Math.max(0, place - 40), place + 40);
    if (!Table.row(place)) return;
    Grid.select(place, Grid.sel.col);
    [record, tab, row] = [Table.row(place).id, shows, Table.row(place)];
    if (!dialog.open) dialog.showModal();
    await draw();
  }

  const title = () => Cells.shown(Table.cell(row, data.fields[0])) || words.untitled;

  function go(by) {
    const place = Table.placeOf(record);
    if (place >= 0 && place + by >= 0 && place + by < data.total) open(place + by, tab);
  }

  /** What is done with the row as a whole: on a phone there is no other place for it. */
  function acts() {
    const then = (act) => () => { dialog.close(); act(); };
    return Table.canEdit() ? [button('icon-button', words.copyRow, icon('copy'), then(Rows.copy)),
      button('icon-button', words.deleteRow, icon('trash'), then(Rows.remove)), make('i', 'gap')] : [];
  }

  async function draw() {
    const tabs = make('div', 'sheet-tabs', ...['fields', 'history'].map((name) => {
      const made = button('', null, name === 'fields' ? words.fields : words.history, () => { tab = name; draw(); });
      made.setAttribute('role', 'tab');
      made.setAttribute('aria-selected', String(name === tab));
      return made;
    }));
    tabs.setAttribute('role', 'tablist');
    const heading = make('h2', '', title());
    heading.id = 'row-sheet-title';
    const body = make('div', 'row-sheet-body');
    const steps = [['previous', 'left', -1], ['next', 'right', 1]].map(([name, symbol, by]) =>
      button('icon-button', words[name], icon(symbol), () => go(by)));
    const shuts = button('icon-button', words.close, icon('close'), () => dialog.close());
    dialog.replaceChildren(make('header', '', heading, ...acts(), ...steps, shuts), tabs, body);
    if (tab === 'history') body.append(await history());
    else body.append(...data.fields.map(line));
  }

  // ---- fields
  function line(field) {
    const control = field.readOnly || !Table.canEdit() ? reading(field) : field.type === types.checkbox ? ticking(field)
      : Cells.picks(field) ? picking(field) : typing(field);
    const made = make('div', 'field-line', make('div', 'field-label', Cells.mark(field), make('span', '', field.name)), control,
      make('p', 'field-said'));
    made.dataset.field = field.id;
    made.dataset.base = JSON.stringify(Table.cell(row, field) ?? null);
    return made;
  }

  function reading(field) {
    const value = make('div', 'value', Cells.draw(field, Table.cell(row, field)));
    if (!value.textContent && !value.querySelector('svg')) value.textContent = '—';
    return value;
  }

  function ticking(field) {
    const made = make('input', '');
    Object.assign(made, { type: 'checkbox', checked: Table.cell(row, field)?.on === true });
    made.setAttribute('aria-label', field.name);
    made.addEventListener('change', () => write(field, { text: made.checked ? 'TRUE' : 'FALSE' }));
    return make('div', 'value', made);
  }

  function typing(field) {
    const made = make('textarea', '');
    const from = Table.cell(row, field)?.text ?? '';
    Object.assign(made, { value: from, rows: 1, autocomplete: 'off' });
    if (field.type === types.number) made.inputMode = 'decimal';
    if (field.type === types.phone) made.inputMode = 'tel';
    made.setAttribute('aria-label', field.name);
    const grow = () => { made.style.height = '0'; made.style.height = `${Math.min(200, made.scrollHeight + 2)}px`; };
    made.addEventListener('input', grow);
    made.addEventListener('change', () => write(field, made.value === '' ? {} : { text: made.value }));
    made.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.altKey && !event.shiftKey && !event.isComposing) { event.preventDefault(); made.blur(); }
    });
    requestAnimationFrame(grow);
    return made;
  }

  function picking(field) {
    const value = make('button', 'value pick-open', Cells.draw(field, Table.cell(row, field)), make('span', 'grow'), icon('down'));
    value.type = 'button';
    value.setAttribute('aria-label', field.name);
    value.addEventListener('click', () => {
      const input = make('input', 'pick-input');
      input.setAttribute('aria-label', field.name);
      const done = () => {
        const given = picker.value();
        picker.close();
        if (picker.touched()) write(field, given); else redraw(field);
      };
      const picker = Picker.of(field, Table.cell(row, field), input, done);
      input.addEventListener('keydown', (event) => {
        if (picker.pressed(event)) { event.preventDefault(); return; }
        if (event.key === 'Enter') { event.preventDefault(); done(); }
        if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); redraw(field); }
      });
      value.replaceWith(make('div', 'pick-inside', input, picker.element,
        field.many ? button('cb cb-small cb-primary_filled', null, words.save, done) : null));
      input.focus();
    });
    return value;
  }

  async function write(field, given) {
    const written = await Table.write([record], [field.id], [[given]]);
    const no = Table.refused.get(Table.key(record, field.id));
    const said = $(`[data-field="${field.id}"] .field-said`, dialog);
    if (no && said) {
      said.textContent = no.say;
      said.parentElement.classList.add('missing');
      said.parentElement.querySelector('textarea, input')?.setAttribute('aria-invalid', 'true');
      Table.refused.delete(Table.key(record, field.id));
    }
    if (!written) return;
    row = await Table.ask(`row/${record}`) ?? row;
    redraw(field);
    $('#row-sheet-title').textContent = title();
  }

  function redraw(field) {
    const present = $(`[data-field="${field.id}"]`, dialog);
    if (present) present.replaceWith(line(field));
  }

  /** The row may be different: what somebody types in stays, and they are told. */
  async function refresh(change) {
    if (!dialog.open) return;
    const fresh = await Table.ask(`row/${record}`);
    if (!fresh) {
      dialog.close();
      Page.toast('warning', say('rowGone', { who: change.by?.name ?? '', value: '' }));
      return;
    }
    row = fresh;
    $('#row-sheet-title').textContent = title();
    if (tab === 'history' || (change.shape && !dialog.querySelector('textarea:focus, .pick-input'))) { await draw(); return; }
    for (const field of data.fields) {
      const present = $(`[data-field="${field.id}"]`, dialog);
      const now = JSON.stringify(Table.cell(row, field) ?? null);
      if (!present || present.dataset.base === now) continue;
      const own = change.by?.id === Page.me;
      if (!present.contains(document.activeElement)) { redraw(field); continue; }
      present.dataset.base = now;
      const value = Cells.shown(Table.cell(row, field)) || words.empty;
      if (!own) $('.field-said', present).textContent = say('meanwhile', { who: change.by?.name ?? '', value });
    }
  }

  // ---- history
  async function history() {
    const told = await Table.ask(`history/${record}`) ?? [];
    if (!told.length) return make('p', 'empty', words.noHistory);
    const did = { added: words.createdRow, deleted: words.deletedRow, edited: words.editedRow };
    return make('ol', 'row-history', ...told.map((one) => make('li', '', Cells.avatar(one.who), make('div', '',
      make('p', '', make('b', '', one.who.name), ` ${did[one.is]} `, make('time', '', one.at)),
      make('dl', '', ...one.cells.map((c) => make('div', '', make('dt', '', c.field), make('dd', '',
        ...[one.is === 'edited' || one.is === 'deleted' ? make('del', '', c.before || words.empty) : null,
          one.is === 'edited' ? ' → ' : null,
          one.is !== 'deleted' ? make('ins', '', c.after || words.empty) : null].filter(Boolean)))))))));
  }

  dialog.addEventListener('click', (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener('close', () => Grid.focus());
  return { open, refresh };
})();
