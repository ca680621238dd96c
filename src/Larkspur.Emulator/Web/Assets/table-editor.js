// The editor of one cell. It is one text box for every kind, so that an input method can begin in it; under it a list to pick from,
// or a calendar. What is typed lives here until it is written, whatever happens to the table meanwhile.
'use strict';
const Picker = (() => {
  const { words, say } = Table;
  const { make, types } = Cells;

  /**
   * A list to pick from by typing.
   * @param input where is typed
   * @param done called when one was picked and no more can be
   */
  function of(field, cell, input, done) {
    const list = make('div', 'pick-list');
    const chosen = make('div', 'pick-chosen');
    const element = make('div', 'picker-box', chosen, list);
    list.setAttribute('role', 'listbox');
    let [picked, offered, at, touched, asked] = [(cell?.items ?? []).map((i) => ({ ...i })), [], -1, false, 0];
    const select = field.type === types.single || field.type === types.multi;
    const look = (item) => (select ? Cells.pill(item.name, item.color ?? field.options.find((o) => o.id === item.id)?.color ?? 0)
      : field.type === types.user ? make('span', 'person', Cells.avatar(item), make('span', '', item.name))
        : make('span', 'chip-item', item.name));

    async function offer() {
      const typed = input.value.trim();
      const mine = ++asked;
      const found = select ? field.options.filter((o) => o.name.toLowerCase().includes(typed.toLowerCase())).slice(0, 100)
        : await Table.ask(`choices/${field.id}`, { q: typed }) ?? [];
      if (mine !== asked) return;
      offered = [...found];
      if (select && typed && !field.options.some((o) => o.name === typed)) {
        offered.push({ make: typed, name: typed, color: field.options.length % 55 });
      }
      at = typed && offered.length ? 0 : !field.many && picked.length ? offered.findIndex((o) => o.id === picked[0].id) : -1;
      draw();
    }

    function draw() {
      chosen.replaceChildren(...picked.map((item) => {
        const part = make('span', 'pick-one', look(item), Cells.button('', words.remove, Cells.icon('close'), () => toggle(item)));
        part.lastChild.tabIndex = -1;
        return part;
      }));
      chosen.hidden = !field.many || picked.length === 0;
      list.replaceChildren(...offered.map((item, place) => {
        const on = picked.some((p) => p.id === item.id && p.make === item.make);
        const shown = item.make ? make('span', 'pick-make', say('make', { name: item.make })) : look(item);
        const note = item.note ? make('small', '', item.note) : null;
        const option = make('button', `pick${place === at ? ' current' : ''}`, shown, note, on ? Cells.icon('check') : null);
        Object.assign(option, { type: 'button', tabIndex: -1 });
        option.setAttribute('role', 'option');
        option.setAttribute('aria-selected', String(on));
        option.addEventListener('click', () => { toggle(item); });
        return option;
      }), ...(offered.length ? [] : [make('p', 'pick-none', words.nothingFound)]));
      list.children[at]?.scrollIntoView({ block: 'nearest' });
    }

    function toggle(item) {
      touched = true;
      const on = picked.findIndex((p) => p.id === item.id && p.make === item.make);
      if (on >= 0) picked.splice(on, 1);
      else picked = field.many ? [...picked, item] : [item];
      input.value = '';
      if (!field.many && on < 0) { done(); return; }
      input.focus({ preventScroll: true });
      offer();
    }

    /** @returns whether the key was one for the list */
    function pressed(event) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        const by = event.key === 'ArrowDown' ? 1 : -1;
        at = offered.length ? (Math.max(at, by < 0 ? 0 : -1) + by + offered.length) % offered.length : -1;
        draw();
        return true;
      }
      if (event.key === 'Enter' && at >= 0 && (field.many || !picked.some((p) => p.id && p.id === offered[at].id))) {
        toggle(offered[at]);
        return true;
      }
      if (event.key === 'Backspace' && input.value === '' && picked.length) { toggle(picked.at(-1)); return true; }
      return false;
    }

    input.addEventListener('input', offer);
    element.addEventListener('mousedown', (event) => event.preventDefault());
    offer();
    return {
      element, pressed, touched: () => touched, close: () => input.removeEventListener('input', offer),
      value: () => ({ ids: picked.filter((p) => !p.make).map((p) => p.id), make: picked.filter((p) => p.make).map((p) => p.make) }),
      text: () => picked.map((p) => p.name).join(','),
    };
  }

  return { of };
})();

const Editor = (() => {
  const { $ } = Page;
  const { data, words, say } = Table;
  const { make, types } = Cells;
  const [key, pop, bubble] = [$('#key'), $('#pop'), $('#bubble')];
  let open = null;

  function may(field) {
    if (!Table.canEdit()) { Page.toast('info', words.readOnly); return false; }
    if (field.readOnly) { tell(words.readOnlyField, 'note'); return false; }
    return true;
  }

  /** @param typed null: the cell is edited as it stands; true: what is in the box already takes its place */
  function begin(typed = null) {
    const { row, field, place, col } = Grid.active();
    if (open || !row || !field || place < 0 || !may(field)) return;
    if (field.type === types.checkbox) { if (typed === null) toggle(); return; }
    const cell = Table.cell(row, field);
    const kept = Table.refused.get(Table.key(row.id, field.id));
    const picks = Cells.picks(field) && !kept;
    const from = picks ? '' : kept?.text ?? cell?.text ?? '';
    open = { record: row.id, field, place, col, base: JSON.stringify(cell ?? null), picker: null, from };
    if (typed === null) {
      key.value = open.from;
      if (!picks) key.select();
    }
    key.classList.add('open');
    key.classList.toggle('number', field.type === types.number);
    key.setAttribute('aria-label', `${field.name}, ${say('row', { n: place + 1 })}`);
    if (picks) {
      open.picker = Picker.of(field, cell, key, () => commit(1, 0));
      under(open.picker.element, field.name);
    } else if (field.type === types.date) under(calendar(field), field.name);
    if (kept) tell(kept.say); else hush();
    // How high it is depends on how wide it is.
    place_();
    size();
    place_();
    Grid.focus();
    Live.here();
    Grid.redraw();
  }

  function calendar(field) {
    const input = make('input', '');
    input.type = field.time ? 'datetime-local' : 'date';
    input.value = key.value.replaceAll('/', '-').replace(' ', 'T');
    input.setAttribute('aria-label', field.name);
    input.addEventListener('change', () => { key.value = input.value.replaceAll('-', '/').replace('T', ' '); Grid.focus(); });
    input.addEventListener('keydown', (event) => { if (event.key === 'Escape') cancel(); });
    return make('div', 'calendar-box', input);
  }

  function under(element, label) {
    pop.replaceChildren(element);
    pop.className = 'pop under';
    pop.setAttribute('aria-label', label);
    pop.hidden = false;
  }

  function size() {
    if (!open) return;
    key.style.height = '0';
    key.style.height = `${Math.min(180, Math.max(Grid.rowHeight, key.scrollHeight + 2))}px`;
  }

  function place_() {
    const at = open ?? { place: Math.max(0, Grid.sel.row), col: Grid.sel.col };
    const rect = Grid.rectOf(at.place, at.col);
    key.style.transform = `translate(${rect.x}px, ${rect.y}px)`;
    key.style.width = `${open ? Math.max(rect.width, open.picker ? 0 : 140) : 1}px`;
    if (!open) { key.style.height = '1px'; return; }
    const seen = key.getBoundingClientRect();
    if (pop.classList.contains('under') && !pop.hidden) Menus.near(pop, seen, rect.width);
    if (!bubble.hidden) Menus.near(bubble, pop.classList.contains('under') && !pop.hidden ? pop.getBoundingClientRect() : seen);
  }

  function shut() {
    open?.picker?.close();
    open = null;
    key.value = '';
    key.classList.remove('open', 'number');
    if (pop.classList.contains('under')) pop.hidden = true;
    hush();
    place_();
    Live.here();
  }

  function cancel() {
    if (!open) return;
    Table.refused.delete(Table.key(open.record, open.field.id));
    shut();
    Grid.focus();
    Grid.redraw();
  }

  /** Writes what was typed, and goes on by so many rows and columns. */
  function commit(rows = 0, cols = 0) {
    if (!open) return;
    const { record, field, picker, from } = open;
    const [typed, text] = [key.value, picker?.text()];
    const same = picker ? !picker.touched() : typed === from && !Table.refused.has(Table.key(record, field.id));
    const given = picker ? picker.value() : typed === '' ? {} : { text: typed };
    shut();
    if (!same) Table.write([record], [field.id], [[given]], () => text ?? '');
    Grid.focus();
    if (rows || cols) Grid.move(rows, cols);
    else Grid.redraw();
  }

  function toggle() {
    const block = Grid.box();
    const { row, field } = Grid.active();
    if (!row || !may(field)) return;
    const on = Table.cell(row, field)?.on !== true;
    const records = [];
    for (let place = block.top; place <= block.bottom; place++) if (Table.row(place)) records.push(Table.row(place).id);
    Table.write(records, [field.id], records.map(() => [{ text: on ? 'TRUE' : 'FALSE' }]), () => (on ? '✓' : ''));
  }

  /** Says something at the cell. */
  function tell(text, look = '') {
    bubble.textContent = text;
    bubble.className = `bubble ${look}`;
    bubble.hidden = false;
    const cell = open ? key : Grid.cellAt(Grid.sel.row, Grid.sel.col);
    if (cell) Menus.near(bubble, cell.getBoundingClientRect());
    if (open) place_();
  }

  const hush = () => { bubble.hidden = true; };

  /** What the selected cell has to say: why it did not take what was typed. */
  function told() {
    if (open) return;
    const { row, field } = Grid.active();
    const no = row && field && Table.refused.get(Table.key(row.id, field.id));
    if (no) tell(`${no.say} · ${words.keptTyped}`); else hush();
  }

  /** The table is different: the cell that is edited is not overwritten, but its person is told. */
  Table.on((what) => {
    if (what.refused) {
      const { row, field } = Grid.active();
      if (what.refused > 1) Page.toast('error', `${say('refusedBlock', { n: what.refused })}: ${what.say}`);
      else if (!row || !field || !Table.refused.has(Table.key(row.id, field.id))) Page.toast('error', what.say);
      Grid.redraw();
      told();
    }
    if (!open || !what.places) return;
    const place = what.places[open.record];
    const who = Live.lastBy();
    if (place === -1) {
      const value = key.value || open.picker?.text() || '';
      shut();
      Page.toast('warning', say('rowGone', { who, value: value || words.empty }));
      return;
    }
    if (place !== undefined) open.place = place;
    const cell = Table.cell(Table.row(open.place), open.field);
    if (Table.row(open.place)?.id === open.record && JSON.stringify(cell ?? null) !== open.base) {
      open.base = JSON.stringify(cell ?? null);
      tell(say('meanwhile', { who, value: Cells.shown(cell) || words.empty }), 'warn');
    }
    place_();
  });
  Table.on((what) => {
    if (what !== 'shape' || !open) return;
    const col = data.fields.findIndex((f) => f.id === open.field.id);
    if (col < 0) cancel(); else Object.assign(open, { col });
  });

  return {
    begin, commit, cancel, toggle, told, tell, hush, size, place: place_, isOpen: () => open !== null, picker: () => open?.picker,
    record: () => open?.record, at: () => open,
  };
})();
