// How each kind of cell looks. Text only ever becomes text: nothing of a table can become markup.
'use strict';
const Cells = (() => {
  const { words } = Table;
  const types = {
    text: 1, number: 2, single: 3, multi: 4, date: 5, checkbox: 7, user: 11, phone: 13, url: 15, file: 17, link: 18, lookup: 19,
    formula: 20, duplex: 21, place: 22, group: 23,
  };
  const picked = new Set([types.single, types.multi, types.user, types.file, types.link, types.duplex, types.group]);
  const marks = {
    Text: 'T', Email: '@', Barcode: '▥', Number: '#', Currency: '¥', Progress: '%', Rating: '★', SingleSelect: '◉', MultiSelect: '≡',
    Checkbox: '✓', Phone: '☏', SingleLink: '→', DuplexLink: '⇄', Lookup: '?', Formula: 'ƒ', AutoNumber: '№',
  };
  const markIcons = {
    DateTime: 'calendar', User: 'person', Url: 'link', Attachment: 'clip', Location: 'pin', GroupChat: 'chat', CreatedTime: 'time',
    ModifiedTime: 'time', CreatedUser: 'person', ModifiedUser: 'person',
  };

  /** An element with its class and what is in it: texts and elements. */
  function make(name, look, ...inside) {
    const element = document.createElement(name);
    if (look) element.className = look;
    element.append(...inside.filter((i) => i !== null && i !== undefined));
    return element;
  }

  const icon = (name) => document.getElementById('icons').content.querySelector(`[data-icon="${name}"] > svg`).cloneNode(true);

  function button(look, label, inside, act) {
    const made = make('button', look, ...[inside].flat());
    made.type = 'button';
    if (label) { made.setAttribute('aria-label', label); made.title = label; }
    made.addEventListener('click', act);
    return made;
  }

  const hueOf = (id) => [...id].reduce((sum, c) => ((sum * 31) + c.codePointAt(0)) & 0xffff, 7) % 8;

  function initials(name) {
    const said = name.trim();
    if (!said) return '?';
    if (said.charCodeAt(0) >= 0x2e80) return said.length > 2 ? said.slice(-2) : said;
    const parts = said.split(' ').filter(Boolean);
    return (parts.length > 1 ? parts[0][0] + parts[1][0] : said[0]).toUpperCase();
  }

  function avatar(who) {
    const made = make('span', `avatar hue-${hueOf(who.id)}${who.bot ? ' bot' : ''}`, who.bot ? icon('bot') : initials(who.name));
    made.setAttribute('aria-hidden', 'true');
    return made;
  }

  function mark(field) {
    const made = make('span', 'mark', markIcons[field.ui] ? icon(markIcons[field.ui]) : marks[field.ui] ?? 'T');
    made.title = field.kind;
    made.setAttribute('aria-hidden', 'true');
    return made;
  }

  function pill(name, color) {
    const made = make('span', 'pill', name);
    made.style.setProperty('--hue', String((color % 11) * 33 + 210));
    made.style.setProperty('--depth', String(Math.floor(color / 11)));
    return made;
  }

  // Addresses in a text lead there; a name behind an @ is marked.
  const linked = /(https?:\/\/[^\s<>"'，。；）]*[^\s<>"'，。；）.,;:!?)])|(@[\p{L}\p{N}_.-]{1,40})/gu;

  function runs(text) {
    const made = document.createDocumentFragment();
    let at = 0;
    for (const found of text.slice(0, 2000).matchAll(linked)) {
      made.append(text.slice(at, found.index));
      made.append(found[1] ? anchor(found[1], found[1]) : make('span', 'mention', found[0]));
      at = found.index + found[0].length;
    }
    made.append(text.slice(at));
    return made;
  }

  function anchor(href, text) {
    const made = make('a', 'lk', text);
    Object.assign(made, { href, target: '_blank', rel: 'noopener noreferrer nofollow', tabIndex: -1 });
    return made;
  }

  function stars(cell, field) {
    const most = Math.min(10, field.max ?? 5);
    const made = make('span', 'stars', '★'.repeat(Math.max(0, Math.min(most, Math.round(cell.number)))),
      make('i', '', '★'.repeat(Math.max(0, most - Math.max(0, Math.round(cell.number))))));
    made.setAttribute('aria-label', cell.show);
    made.setAttribute('role', 'img');
    return made;
  }

  function progress(cell, field) {
    const share = Math.max(0, Math.min(1, (cell.number - field.min) / ((field.max - field.min) || 1)));
    const bar = make('i', '');
    bar.style.width = `${share * 100}%`;
    return make('span', 'progress-cell', make('span', 'bar', bar), make('span', 'num', cell.show));
  }

  const drawers = {
    [types.number]: (cell, field) => (field.ui === 'Rating' ? stars(cell, field) : field.ui === 'Progress' ? progress(cell, field)
      : make('span', 'num', cell.show)),
    [types.single]: (cell, field) => pills(cell, field), [types.multi]: (cell, field) => pills(cell, field),
    [types.url]: (cell) => (cell.link ? anchor(cell.link, cell.show) : make('span', '', cell.show)),
    [types.text]: (cell, field) => (field.ui === 'Email' ? anchor(`mailto:${cell.text}`, cell.text) : make('span', '', runs(cell.text))),
    [types.file]: (cell) => all(cell, (i) => make('span', 'chip-item', icon('file'), i.name)),
    [types.link]: (cell) => all(cell, (i) => make('span', 'chip-item linked', i.name)),
    [types.duplex]: (cell) => all(cell, (i) => make('span', 'chip-item linked', i.name)),
    [types.group]: (cell) => all(cell, (i) => make('span', 'chip-item', i.name)),
  };

  const all = (cell, draw) => make('span', 'items', ...(cell.items ?? []).map(draw));
  const person = (item) => make('span', 'person', avatar(item), make('span', '', item.name));
  const pills = (cell, field) => all(cell, (i) => pill(i.name, field.options?.find((o) => o.id === i.id)?.color ?? 0));

  function box(on) {
    const made = make('span', `tick${on ? ' on' : ''}`, on ? icon('check') : null);
    made.setAttribute('role', 'img');
    made.setAttribute('aria-label', on ? words.yes : words.no);
    return made;
  }

  /** What stands in a cell; computed ones look like what they come from. */
  function draw(field, cell) {
    if (field.type === types.checkbox) return box(cell?.on === true);
    if (!cell) return document.createTextNode('');
    if (drawers[field.type]) return drawers[field.type](cell, field);
    if ('on' in cell) return box(cell.on);
    if (cell.items) return all(cell, person);
    if ('number' in cell) return make('span', 'num', cell.show);
    return make('span', '', cell.show ?? cell.text);
  }

  const shown = (cell) => (cell ? cell.show ?? cell.text : '');

  return { types, picks: (field) => picked.has(field.type), make, icon, button, avatar, hueOf, mark, pill, draw, shown };
})();
