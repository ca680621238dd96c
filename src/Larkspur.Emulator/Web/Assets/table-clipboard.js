// A block of cells to and from the clipboard, as spreadsheets exchange it: tabs between cells, lines between rows, quotes around
// what holds either.
'use strict';
const Clipboard = (() => {
  const { data, words, say } = Table;
  const key = document.getElementById('key');

  const quoted = (text) => (/[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const write = (rows) => rows.map((row) => row.map(quoted).join('\t')).join('\n');

  function read(text) {
    const [rows, clean] = [[[]], text.replace(/\r\n?/g, '\n').replace(/\n$/, '')];
    for (let at = 0; at <= clean.length;) {
      let cell = '';
      if (clean[at] === '"') {
        let from = at + 1;
        for (;;) {
          const end = clean.indexOf('"', from);
          if (end < 0) { cell += clean.slice(from); at = clean.length; break; }
          cell += clean.slice(from, end);
          if (clean[end + 1] !== '"') { at = end + 1; break; }
          cell += '"';
          from = end + 2;
        }
      }
      const rest = clean.slice(at).search(/[\t\n]/);
      const end = rest < 0 ? clean.length : at + rest;
      cell += clean.slice(at, end);
      rows.at(-1).push(cell);
      if (clean[end] === '\n') rows.push([]);
      at = end + 1;
      if (end === clean.length) break;
    }
    return rows;
  }

  /** The rows of the selected block, also those out of sight. */
  async function chosen() {
    const block = Grid.box();
    const count = block.bottom - block.top + 1;
    const near = Array.from({ length: count }, (_, i) => Table.row(block.top + i));
    const rows = near.every(Boolean) ? near : await Table.range(block.top, count);
    return { block, fields: data.fields.slice(block.left, block.right + 1), rows };
  }

  const text = (fields, rows) => write(rows.map((row) => fields.map((f) => Table.cell(row, f)?.text ?? '')));

  async function copy(event, cuts) {
    if (event.target !== key || Editor.isOpen() || Grid.sel.row < 0) return;
    event.preventDefault();
    const block = Grid.box();
    const near = Array.from({ length: block.bottom - block.top + 1 }, (_, i) => Table.row(block.top + i));
    const fields = data.fields.slice(block.left, block.right + 1);
    if (near.every(Boolean)) event.clipboardData.setData('text/plain', text(fields, near));
    else await Page.copy(text(fields, (await chosen()).rows));
    if (cuts) await clear();
  }

  /** Empties the selected cells; those that nobody writes stay. */
  async function clear() {
    const { fields, rows } = await chosen();
    const own = fields.filter((f) => !f.readOnly);
    if (!Table.canEdit()) Page.toast('info', words.readOnly);
    else if (own.length === 0) Editor.tell(words.readOnlyField, 'note');
    else if (rows.length) await Table.write(rows.map((r) => r.id), own.map((f) => f.id), rows.map(() => own.map(() => ({}))));
  }

  /** A single cell fills the whole block; rows beyond the last are added; columns beyond the last are left out. */
  async function paste(event) {
    if (event.target !== key || Editor.isOpen() || Grid.sel.row < 0) return;
    event.preventDefault();
    const given = read(event.clipboardData.getData('text/plain'));
    if (!Table.canEdit()) { Page.toast('info', words.readOnly); return; }
    const block = Grid.box();
    const single = given.length === 1 && given[0].length === 1;
    const [height, width] = single ? [block.bottom - block.top + 1, block.right - block.left + 1]
      : [given.length, Math.max(...given.map((r) => r.length))];
    const fields = data.fields.slice(block.left, block.left + width);
    const there = Math.max(0, Math.min(height, data.total - block.top));
    const rows = there ? await Table.range(block.top, there) : [];
    const records = Array.from({ length: height }, (_, i) => rows[i]?.id ?? null);
    const cells = records.map((_, r) => fields.map((field, c) => {
      const value = single ? given[0][0] : given[r][c];
      if (value === undefined || field.readOnly) return null;
      return value === '' ? {} : { text: value };
    }));
    if (fields.length < width) Page.toast('warning', say('tooWide', { n: width - fields.length }));
    Grid.select(block.top + height - 1, block.left + fields.length - 1, { extend: true, reveals: false });
    const written = await Table.write(records, fields.map((f) => f.id), cells);
    if (written) Grid.select(block.top + height - 1, block.left + fields.length - 1, { extend: true, reveals: false });
  }

  document.addEventListener('copy', (event) => { copy(event, false); });
  document.addEventListener('cut', (event) => { copy(event, Table.canEdit()); });
  document.addEventListener('paste', paste);
  return { clear, chosen, read, write };
})();
