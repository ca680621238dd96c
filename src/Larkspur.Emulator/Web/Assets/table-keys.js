// Keyboard and mouse of the grid, the tools above it, and the beginning of it all.
'use strict';
(() => {
  const { $ } = Page;
  const { data } = Table;
  const [key, body, head, scroll] = [$('#key'), $('#body'), $('#head'), $('#scroll')];
  let leaves = false; // Esc, then Tab, goes on to what is behind the grid

  // ---- keyboard
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  function tab(event) {
    const { row, col } = Grid.sel;
    const [last, by] = [data.fields.length - 1, event.shiftKey ? -1 : 1];
    const ends = by > 0 ? row >= data.total - 1 && col >= last : row <= 0 && col <= 0;
    if (leaves || ends) { leaves = false; return; }
    event.preventDefault();
    if (col + by > last) Grid.select(row + 1, 0);
    else if (col + by < 0) Grid.select(row - 1, last);
    else Grid.select(row, col + by);
  }

  function jump(event, rows, cols) {
    const far = event.ctrlKey || event.metaKey;
    Grid.move(far ? rows * data.total : rows, far ? cols * data.fields.length : cols, event.shiftKey);
  }

  function editing(event) {
    if (event.isComposing) return;
    const picker = Editor.picker();
    if (picker?.pressed(event)) { event.preventDefault(); return; }
    if (event.key === 'Escape') { event.preventDefault(); Editor.cancel(); }
    else if (event.key === 'Enter' && event.altKey) {
      event.preventDefault();
      key.setRangeText('\n', key.selectionStart, key.selectionEnd, 'end');
      Editor.size();
    } else if (event.key === 'Enter') { event.preventDefault(); Editor.commit(event.shiftKey ? -1 : 1, 0); }
    else if (event.key === 'Tab') { event.preventDefault(); Editor.commit(); tab(event); }
  }

  function shortcut(event) {
    const letter = event.key.toLowerCase();
    const last = [data.total - 1, data.fields.length - 1];
    const acts = {
      z: () => Rows.turn(event.shiftKey), y: () => Rows.turn(true), enter: () => Sheet.open(Math.max(0, Grid.sel.row)),
      a: () => {
        Object.assign(Grid.sel, { row: 0, col: 0, whole: false });
        Grid.select(...last, { extend: true, reveals: false });
      },
      home: () => Grid.select(0, 0, { extend: event.shiftKey }), end: () => Grid.select(...last, { extend: event.shiftKey }),
    };
    if (!acts[letter]) return false;
    event.preventDefault();
    acts[letter]();
    return true;
  }

  key.addEventListener('keydown', (event) => {
    if (Editor.isOpen()) { editing(event); return; }
    if (['Shift', 'Control', 'Alt', 'Meta'].includes(event.key)) return;
    if (event.key === 'Tab') { tab(event); return; }
    leaves = event.key === 'Escape';
    if (steps[event.key]) { event.preventDefault(); jump(event, ...steps[event.key]); return; }
    if ((event.ctrlKey || event.metaKey) && shortcut(event)) return;
    if (event.ctrlKey || event.metaKey || event.isComposing) return;
    const { field } = Grid.active();
    const inHead = Grid.sel.row === -1;
    const empties = () => (Grid.sel.whole ? Rows.remove() : Clipboard.clear());
    const menuAt = () => Grid.cellAt(Grid.sel.row, Grid.sel.col) ?? key;
    const acts = {
      Enter: () => (inHead ? Menus.field(field, $(`#h-${Grid.sel.col}`)) : Editor.begin()), F2: () => Editor.begin(),
      Delete: empties, Backspace: empties,
      PageDown: () => Grid.move(Grid.pageRows(), 0, event.shiftKey), PageUp: () => Grid.move(-Grid.pageRows(), 0, event.shiftKey),
      Home: () => Grid.select(Grid.sel.row, 0, { extend: event.shiftKey }),
      End: () => Grid.select(Grid.sel.row, data.fields.length - 1, { extend: event.shiftKey }),
      ContextMenu: () => Menus.rows(menuAt()), F10: () => event.shiftKey && Menus.rows(menuAt()),
      Escape: () => {
        const { row, field: at } = Grid.active();
        if (row && at) Table.refused.delete(Table.key(row.id, at.id));
        Editor.hush();
        Grid.select(Grid.sel.row, Grid.sel.col);
      },
    };
    const space = () => {
      if (inHead) return () => Menus.cycleSort(field, event.shiftKey);
      if (event.shiftKey) return () => Grid.select(Grid.sel.toRow, Grid.sel.col, { extend: true, whole: true });
      if (field?.type === Cells.types.checkbox) return Editor.toggle;
      return field && Cells.picks(field) ? () => Editor.begin() : null;
    };
    const act = event.key === ' ' ? space() : acts[event.key];
    if (act) { event.preventDefault(); act(); }
  });

  // What is typed begins the editor; the letter is in the box already, and an input method may still be at work on it.
  const typed = () => {
    if (Editor.isOpen()) { Editor.size(); return; }
    if (Grid.sel.row < 0) { key.value = ''; return; }
    Editor.begin(true);
    if (!Editor.isOpen()) key.value = '';
  };
  key.addEventListener('compositionstart', () => { if (!Editor.isOpen()) { key.value = ''; typed(); } });
  key.addEventListener('input', typed);
  key.addEventListener('blur', () => {
    requestAnimationFrame(() => {
      const at = document.activeElement;
      if (Editor.isOpen() && at !== key && !at.closest('#pop') && document.hasFocus()) Editor.commit();
    });
  });

  // ---- mouse and touch
  const placeOf = (event) => {
    const cell = event.target.closest('.row > .cell');
    if (!cell) return null;
    const row = Number(cell.parentElement.getAttribute('aria-rowindex')) - 2;
    return { row, col: cell.dataset.col === undefined ? -1 : Number(cell.dataset.col), cell };
  };
  let drags = false;
  body.addEventListener('mousedown', (event) => {
    const at = placeOf(event);
    if (!at || event.target.closest('a, button') || Grid.phone.matches) return;
    event.preventDefault();
    // The menu of rows that are selected leaves them selected.
    const inside = at.row >= Grid.box().top && at.row <= Grid.box().bottom;
    if (event.button === 2 && inside && (Grid.sel.whole || at.col < 0)) return;
    Editor.commit();
    Grid.focus();
    drags = event.button === 0;
    Grid.select(at.row, Math.max(0, at.col), { extend: event.shiftKey, whole: at.col < 0, reveals: false });
  });
  body.addEventListener('mousemove', (event) => {
    const at = drags && event.buttons === 1 ? placeOf(event) : null;
    if (!at || (at.row === Grid.sel.toRow && at.col === Grid.sel.toCol)) return;
    Grid.select(at.row, Grid.sel.whole ? 0 : Math.max(0, at.col), { extend: true, reveals: false });
  });
  addEventListener('mouseup', () => { drags = false; });
  body.addEventListener('dblclick', (event) => { if (placeOf(event)?.col >= 0 && !Grid.phone.matches) Editor.begin(); });
  body.addEventListener('click', (event) => {
    const at = placeOf(event);
    if (!at || event.target.closest('a, button')) return;
    if (Grid.phone.matches) Sheet.open(at.row);
    else if (event.target.closest('.tick') && data.fields[at.col]?.type === Cells.types.checkbox) Editor.toggle();
  });
  body.addEventListener('contextmenu', (event) => {
    const at = placeOf(event);
    if (!at || Grid.phone.matches) return;
    event.preventDefault();
    Menus.rows({ getBoundingClientRect: () => new DOMRect(event.clientX, event.clientY, 0, 0) });
  });
  head.addEventListener('click', (event) => {
    const cell = event.target.closest('.head-cell');
    if (!cell || event.target.closest('button')) return;
    const field = data.fields[Number(cell.dataset.col)];
    if (Grid.phone.matches) Menus.field(field, cell); else Menus.cycleSort(field, event.shiftKey);
    Grid.focus();
  });

  // ---- tools
  const tools = {
    add: Rows.add, filter: () => Menus.filter(), sort: Menus.sort, undo: () => Rows.turn(false), redo: () => Rows.turn(true),
  };
  for (const tool of Page.$$('[data-tool]')) {
    tool.addEventListener('click', async () => {
      await tools[tool.dataset.tool]();
      if (tool.dataset.tool === 'add' && Grid.phone.matches) Sheet.open(Grid.sel.row);
      else if (tool.dataset.tool === 'add') Grid.focus();
    });
  }
  let asked = 0;
  $('#search').addEventListener('input', () => {
    const mine = ++asked;
    setTimeout(() => { if (mine === asked) Table.changeQuery({ q: $('#search').value.trim() }); }, 120);
  });

  function frame() {
    $('#table-name').textContent = data.name ?? '';
    $('#read-only').hidden = Table.canEdit();
    for (const name of ['add', 'undo', 'redo']) $(`[data-tool=${name}]`).hidden = !Table.canEdit();
    $('#tabs').hidden = data.views.length < 2;
    $('#tabs').replaceChildren(...data.views.map((view) => {
      const tabs = Cells.button('', null, view.name, () => Table.changeQuery({ view: view.id }));
      tabs.setAttribute('role', 'tab');
      tabs.setAttribute('aria-selected', String(view.id === data.view));
      tabs.dataset.view = view.id;
      return tabs;
    }));
  }
  Table.on((what) => {
    if (what === 'shape') frame();
    if (what !== 'query') return;
    $('[data-tool=sort]').classList.toggle('on', data.sort.length > 0);
    $('[data-tool=filter]').classList.toggle('on', data.filter.length > 0);
  });
  scroll.addEventListener('mousedown', (event) => { if (event.target === scroll) { Editor.commit(); event.preventDefault(); } });

  Live.follow();
  Grid.focus();
})();
