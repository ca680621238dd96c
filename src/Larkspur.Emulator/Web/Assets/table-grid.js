// The grid: only rows in sight are in the page. What is selected is a block from one corner to the other, or whole rows.
'use strict';
const Grid = (() => {
  const { $ } = Page;
  const { data, words, say } = Table;
  const { make, icon, button } = Cells;
  const [scroll, grid, head, body, key] = ['#scroll', '#grid', '#head', '#body', '#key'].map((id) => $(id));
  const [rowHeight, headHeight] = [36, 38];
  const drawn = new Map(); // place -> element of the row
  const changes = new Map(); // record/field -> who changed it just now, and until when it flashes
  const sel = { row: 0, col: 0, toRow: 0, toCol: 0, whole: false };
  let [others, widths, queued] = [[], [], false];
  const phone = matchMedia('(max-width: 720px)');
  const numberWidth = () => (phone.matches ? 40 : 64);

  const usual = {
    Number: 120, Currency: 130, Progress: 150, Rating: 130, SingleSelect: 140, MultiSelect: 190, DateTime: 130, Checkbox: 100, User: 160,
    Phone: 160, Attachment: 190, AutoNumber: 110, CreatedTime: 160, ModifiedTime: 160, CreatedUser: 160, ModifiedUser: 160, Url: 190,
  };
  const widthOf = (field) => (field.primary ? (phone.matches ? 132 : 200) : Math.min(280, Math.max(usual[field.ui] ?? 190,
    [...field.name].reduce((sum, c) => sum + (c.charCodeAt(0) > 255 ? 13 : 8.4), 84))));
  const left = (col) => numberWidth() + widths.slice(0, col).reduce((sum, w) => sum + w, 0);
  const box = () => ({
    top: Math.min(sel.row, sel.toRow), bottom: Math.max(sel.row, sel.toRow),
    left: sel.whole ? 0 : Math.min(sel.col, sel.toCol), right: sel.whole ? data.fields.length - 1 : Math.max(sel.col, sel.toCol),
  });
  const active = () => ({ row: Table.row(sel.row), field: data.fields[sel.col], place: sel.row, col: sel.col });

  // ---- drawing
  function drawHead() {
    widths = data.fields.map(widthOf);
    const corner = make('div', 'cell num-cell', '');
    corner.setAttribute('role', 'columnheader');
    corner.setAttribute('aria-colindex', '1');
    corner.setAttribute('aria-label', '#');
    corner.style.width = `${numberWidth()}px`;
    const cells = data.fields.map((field, col) => {
      const sorted = data.sort.find((s) => s.field === field.id);
      const open = button('field-menu icon-button', say('fieldMenu', { name: field.name }), icon('down'), () => Menus.field(field, cell));
      open.tabIndex = -1;
      const cell = make('div', `cell head-cell${field.primary ? ' first' : ''}`, Cells.mark(field), make('span', 'field-name', field.name),
        field.readOnly ? icon('lock') : null, sorted ? make('span', 'sorted', sorted.desc ? '↓' : '↑') : null, open);
      Object.assign(cell, { id: `h-${col}`, title: [field.name, field.kind, field.description].filter(Boolean).join(' · ') });
      cell.dataset.col = col;
      cell.dataset.field = field.id;
      cell.setAttribute('role', 'columnheader');
      cell.setAttribute('aria-colindex', col + 2);
      cell.setAttribute('aria-sort', sorted ? (sorted.desc ? 'descending' : 'ascending') : 'none');
      cell.style.width = `${widths[col]}px`;
      if (field.primary) cell.style.left = `${numberWidth()}px`;
      return cell;
    });
    const add = Table.canEdit() ? button('add-field', words.addField, icon('plus'), () => Menus.addField(add)) : null;
    head.replaceChildren(corner, ...cells, ...(add ? [add] : []));
    grid.style.width = `${left(widths.length) + (add ? 44 : 0)}px`;
    grid.setAttribute('aria-colcount', String(data.fields.length + 1));
    for (const row of drawn.values()) row.remove();
    drawn.clear();
    draw();
  }

  function makeRow(place) {
    const row = make('div', 'row');
    row.setAttribute('role', 'row');
    row.setAttribute('aria-rowindex', place + 2);
    row.style.transform = `translateY(${place * rowHeight}px)`;
    const number = make('div', 'cell num-cell', make('span', '', String(place + 1)),
      button('icon-button open-row', words.openRow, icon('expand'), () => Sheet.open(place)));
    number.lastChild.tabIndex = -1;
    number.setAttribute('role', 'rowheader');
    number.setAttribute('aria-colindex', '1');
    number.style.width = `${numberWidth()}px`;
    row.append(number, ...data.fields.map((field, col) => {
      const cell = make('div', `cell${field.primary ? ' first' : ''}${field.readOnly ? ' fixed' : ''} t-${field.ui.toLowerCase()}`);
      cell.id = `c-${place}-${col}`;
      cell.dataset.col = col;
      cell.dataset.field = field.id;
      cell.setAttribute('role', 'gridcell');
      cell.setAttribute('aria-colindex', col + 2);
      if (field.readOnly || !Table.canEdit()) cell.setAttribute('aria-readonly', 'true');
      cell.style.width = `${widths[col]}px`;
      if (field.primary) cell.style.left = `${numberWidth()}px`;
      return cell;
    }));
    return row;
  }

  function fill(element, row) {
    if (element.dataset.drawn === row?.drawn && element.dataset.record === (row?.id ?? '')) return;
    element.dataset.drawn = row?.drawn ?? '';
    element.dataset.record = row?.id ?? '';
    data.fields.forEach((field, col) => { plain(element, row, field, col); });
  }

  function plain(element, row, field, col) {
    const cell = element.children[col + 1];
    delete cell.dataset.over;
    cell.replaceChildren(row ? Cells.draw(field, Table.cell(row, field)) : make('span', 'waits'));
  }

  /** What lies over a cell: what is on its way, what was refused, who is there, who changed it, what is selected. */
  function over(element, place, row, block) {
    const now = performance.now();
    const whole = place >= block.top && place <= block.bottom;
    element.classList.toggle('chosen', sel.whole && whole);
    data.fields.forEach((field, col) => {
      const [cell, name] = [element.children[col + 1], Table.key(row?.id, field.id)];
      const [waits, no, change] = [Table.pending.get(name), Table.refused.get(name), changes.get(name)];
      const text = waits ?? no?.text;
      if (text !== undefined && cell.dataset.over !== text) { cell.dataset.over = text; cell.replaceChildren(make('span', '', text)); }
      if (text === undefined && 'over' in cell.dataset) plain(element, row, field, col);
      cell.classList.toggle('pending', waits !== undefined);
      cell.classList.toggle('refused', no !== undefined);
      cell.classList.toggle('flash', change !== undefined && change.until > now);
      if (no) cell.setAttribute('aria-invalid', 'true'); else cell.removeAttribute('aria-invalid');
      const title = no?.say ?? (change ? say('changedBy', change) : '');
      if (cell.title !== title) cell.title = title;
      const inside = whole && col >= block.left && col <= block.right;
      cell.classList.toggle('in', inside && (sel.whole || block.top !== block.bottom || block.left !== block.right));
      cell.classList.toggle('active', place === sel.row && col === sel.col);
      cell.setAttribute('aria-selected', String(inside));
      const there = others.filter((o) => row && o.record === row.id && o.field === field.id);
      const told = there.map((o) => o.page + o.editing).join();
      if ((cell.dataset.there ?? '') !== told) {
        cell.dataset.there = told;
        for (const flag of cell.querySelectorAll('.flag')) flag.remove();
        cell.className = cell.className.replace(/ ?\b(theirs|hue-\d)\b/g, '');
        if (there.length) cell.classList.add('theirs', `hue-${Cells.hueOf(there[0].who.id)}`);
      }
      if (there.length && !cell.querySelector('.flag')) {
        const flag = make('span', 'flag', Cells.avatar(there[0].who));
        flag.title = say(there[0].editing ? 'editingNow' : 'isHere', { who: there[0].who.name });
        cell.append(flag);
      }
    });
  }

  function draw() {
    const height = Math.max(data.total * rowHeight, 0);
    if (body.dataset.height !== String(height)) { body.dataset.height = height; body.style.height = `${height}px`; }
    const [first, last] = [Math.max(0, Math.floor((scroll.scrollTop - 200) / rowHeight)),
      Math.min(data.total, Math.ceil((scroll.scrollTop + scroll.clientHeight + 200) / rowHeight))];
    for (const [place, row] of drawn) if (place < first || place >= last) { row.remove(); drawn.delete(place); }
    const block = box();
    for (let place = first; place < last; place++) {
      let element = drawn.get(place);
      if (!element) { element = makeRow(place); drawn.set(place, element); body.append(element); }
      fill(element, Table.row(place));
      over(element, place, Table.row(place), block);
    }
    for (const cell of head.querySelectorAll('.head-cell')) {
      cell.classList.toggle('active', sel.row === -1 && Number(cell.dataset.col) === sel.col);
    }
    grid.setAttribute('aria-rowcount', String(data.total + 1));
    key.setAttribute('aria-activedescendant', sel.row === -1 ? `h-${sel.col}` : `c-${sel.row}-${sel.col}`);
    count(block);
    Editor.place();
    Table.need(first, Math.max(last, first + 1));
  }

  function count(block) {
    const cells = (block.bottom - block.top + 1) * (block.right - block.left + 1);
    const rows = data.total !== data.all ? say('rowsOf', { n: data.total, all: data.all })
      : data.total === 1 ? words.rowsOne : say('rows', { n: data.total });
    const selected = sel.whole ? say('rowsSelected', { n: block.bottom - block.top + 1 })
      : cells > 1 ? say('selected', { n: cells }) : null;
    const hidden = data.hidden > 1 ? say('hidden', { n: data.hidden }) : data.hidden === 1 ? words.hiddenOne : null;
    const text = [rows, hidden, selected].filter(Boolean).join(' · ');
    if ($('#count').textContent !== text) $('#count').textContent = text;
    const none = $('#none');
    none.hidden = !data.known || data.total > 0;
    if (!none.hidden) none.textContent = data.all > 0 ? words.noMatch : words.noRows;
  }

  function redraw() {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => { queued = false; draw(); });
  }

  // ---- selection
  function clamp() {
    const [rows, cols] = [Math.max(0, data.total - 1), Math.max(0, data.fields.length - 1)];
    for (const name of ['row', 'toRow']) sel[name] = Math.max(data.total ? -1 : 0, Math.min(rows, sel[name]));
    for (const name of ['col', 'toCol']) sel[name] = Math.max(0, Math.min(cols, sel[name]));
  }

  function select(row, col, { extend = false, whole = false, reveals = true } = {}) {
    if (extend) {
      Object.assign(sel, { toRow: Math.max(0, row), toCol: col, whole: whole || sel.whole });
      sel.row = Math.max(0, sel.row);
    } else Object.assign(sel, { row, col, toRow: row, toCol: col, whole });
    clamp();
    hold();
    if (reveals) reveal(extend ? sel.toRow : sel.row, extend ? sel.toCol : sel.col);
    Editor.told();
    Live.here();
    draw();
  }

  function move(rows, cols, extend) {
    select((extend ? sel.toRow : sel.row) + rows, (extend ? sel.toCol : sel.col) + cols, { extend });
  }

  function reveal(row, col) {
    if (row >= 0) {
      const top = row * rowHeight;
      if (top < scroll.scrollTop) scroll.scrollTop = top;
      else if (top + rowHeight + headHeight > scroll.scrollTop + scroll.clientHeight) {
        scroll.scrollTop = top + rowHeight + headHeight - scroll.clientHeight + 12;
      }
    }
    if (col === 0 || !widths.length) return;
    const [from, stuck] = [left(col), left(1)];
    if (from - stuck < scroll.scrollLeft) scroll.scrollLeft = from - stuck;
    else if (from + widths[col] > scroll.scrollLeft + scroll.clientWidth) scroll.scrollLeft = from + widths[col] - scroll.clientWidth + 2;
  }

  /** Where a cell is within what is scrolled; the first column stands still. */
  const rectOf = (row, col) => ({
    x: col === 0 ? scroll.scrollLeft + numberWidth() : left(col),
    y: headHeight + row * rowHeight, width: widths[col] ?? 0, height: rowHeight,
  });

  const focus = () => key.focus({ preventScroll: true });

  // ---- what others do
  function flash(change) {
    const until = performance.now() + 4000;
    for (const row of change.rows.filter((r) => r.is !== 'deleted')) {
      for (const field of row.fields ?? data.fields.map((f) => f.id)) {
        changes.set(Table.key(row.id, field), { who: change.by.name, at: change.at, until });
      }
    }
    if (changes.size > 5000) for (const name of [...changes.keys()].slice(0, changes.size - 5000)) changes.delete(name);
    redraw();
    setTimeout(redraw, 4050);
  }

  // Where the selected rows stand now: they stay selected when others come above them.
  let held = [null, null];
  const hold = () => { held = [Table.row(sel.row)?.id ?? null, Table.row(sel.toRow)?.id ?? null]; };
  Table.keeps(() => [...new Set([...held, Editor.record()].filter(Boolean))]);
  Table.on((what) => {
    if (what === 'shape') { clamp(); drawHead(); return; }
    if (what === 'query') { scroll.scrollTop = 0; held = [null, null]; drawHead(); return; }
    if (what.places) {
      const [row, toRow] = held.map((id) => what.places[id] ?? -1);
      if (row >= 0) Object.assign(sel, { row, toRow: toRow >= 0 ? toRow : row });
      clamp();
      if (row < 0) hold();
    }
    redraw();
  });

  scroll.addEventListener('scroll', redraw, { passive: true });
  addEventListener('resize', redraw);
  phone.addEventListener('change', drawHead);

  return {
    sel, box, active, drawHead, redraw, select, move, rectOf, focus, flash, rowHeight, phone,
    numberWidth, setOthers: (pages) => { others = pages; redraw(); },
    pageRows: () => Math.max(1, Math.floor((scroll.clientHeight - headHeight) / rowHeight) - 1),
    cellAt: (row, col) => drawn.get(row)?.children[col + 1] ?? null,
  };
})();
