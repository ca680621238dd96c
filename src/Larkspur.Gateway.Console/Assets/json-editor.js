// <json-editor><textarea></textarea></json-editor>: a text field with line numbers, colours for JSON and marks at lines ("3:error,7:warning" in data-marks).
// The field stays a plain textarea, for screen readers, undo and phones: what is drawn lies behind it. Console and emulator have this file alike.
'use strict';
(() => {
  const lineHeight = 20; // px
  const margin = 20; // lines that are drawn before and after those in sight
  const token = /("(?:[^"\\]|\\.)*"?)(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g;
  const hole = /\$\{[^}"]*\}?/g; // a placeholder of a template
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { display: grid; grid-template-columns: auto minmax(0, 1fr); min-height: 0; overflow: hidden; font: 12.5px/${lineHeight}px var(--json-mono); color: var(--json-ink); }
    .gutter, .paint { overflow: hidden; white-space: pre; user-select: none; pointer-events: none; }
    .gutter { min-width: 2.5em; padding: 10px 8px; color: var(--json-faint); text-align: right; background: var(--json-sunken); }
    .gutter .error { color: var(--json-on-bad); background: var(--json-bad); } .gutter .warning { color: var(--json-on-warn); background: var(--json-warn); }
    .gutter b { display: inline-block; margin-right: -4px; padding: 0 4px; border-radius: 4px; font-weight: 500; line-height: 18px; }
    .box { position: relative; min-width: 0; min-height: 0; overflow: hidden; }
    .paint { position: absolute; inset: 0; padding: 10px 12px; tab-size: 2; }
    .rows { will-change: transform; } .row { display: block; min-height: ${lineHeight}px; } .error .marked { text-decoration: underline wavy var(--json-bad); } .warning .marked { text-decoration: underline wavy var(--json-warn); }
    .key { color: var(--json-key); } .string { color: var(--json-string); } .number, .word { color: var(--json-number); } .hole { color: var(--json-hole); font-weight: 600; }
    /* The page's own rules for fields would count more. */
    ::slotted(textarea) { position: absolute !important; inset: 0; display: block !important; box-sizing: border-box !important; width: 100% !important; height: 100% !important;
      margin: 0 !important; padding: 10px 12px !important; border: 0 !important; outline: 0 !important; border-radius: 0 !important; resize: none !important; overflow: auto !important;
      background: none !important; color: transparent !important; caret-color: var(--json-ink); font: inherit !important; tab-size: 2 !important; white-space: pre !important; overflow-wrap: normal !important; }
    :host(:focus-within) .box { box-shadow: inset 2px 0 0 var(--json-accent); }`);

  class JsonEditor extends HTMLElement {
    static observedAttributes = ['data-marks', 'data-version'];

    #paint; #gutter; #frame = 0; #leaving = false; #marks = new Map();

    constructor() {
      super();
      const root = this.attachShadow({ mode: 'open' });
      root.adoptedStyleSheets = [sheet];
      const [gutter, box, paint] = ['div', 'div', 'div'].map(name => document.createElement(name));
      [gutter.className, box.className, paint.className] = ['gutter', 'box', 'paint'];
      for (const drawn of [gutter, paint]) { drawn.ariaHidden = 'true'; drawn.append(document.createElement('div')); drawn.firstChild.className = 'rows'; }
      box.append(paint, document.createElement('slot'));
      root.append(gutter, box);
      [this.#gutter, this.#paint] = [gutter.firstChild, paint.firstChild];
      this.addEventListener('input', () => this.#draw());
      this.addEventListener('keydown', event => this.#key(event));
      this.addEventListener('scroll', () => this.#draw(), true); // a field's scrolling does not bubble
      new ResizeObserver(() => this.#draw()).observe(this);
      root.querySelector('slot').addEventListener('slotchange', () => this.#draw());
    }

    get field() { return this.querySelector('textarea'); }

    connectedCallback() { this.#draw(); }

    attributeChangedCallback(name, before, after) {
      if (name === 'data-marks') {
        this.#marks = new Map((after ?? '').split(',').filter(Boolean).map(mark => mark.split(':')).map(([line, kind]) => [Number(line), kind]).reverse());
        // An error on a line outweighs a warning.
        for (const mark of (after ?? '').split(',').filter(one => one.endsWith(':error'))) this.#marks.set(Number(mark.split(':')[0]), 'error');
      }
      this.#draw();
    }

    /** Puts another text into the field so that it can be undone; only what differs is changed. */
    replace(text) {
      const old = this.field.value;
      if (text === old) return;
      let [start, end] = [0, 0];
      const most = Math.min(old.length, text.length);
      while (start < most && old[start] === text[start]) start++;
      while (end < most - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
      this.field.focus();
      this.field.setSelectionRange(start, old.length - end);
      this.#insert(text.slice(start, text.length - end));
    }

    /** Selects a line, from 1, and brings it into sight. */
    goTo(line) {
      const field = this.field;
      const lines = field.value.split('\n');
      const from = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
      field.focus();
      field.setSelectionRange(from, from + (lines[line - 1] ?? '').length);
      field.scrollTop = Math.max(0, (line - 4) * lineHeight);
      field.scrollLeft = 0;
      this.#draw();
    }

    // Drawn once a frame, after whoever set the field's text is done.
    #draw() {
      this.#frame ||= requestAnimationFrame(() => {
        this.#frame = 0;
        const field = this.field;
        if (!field) return;
        const lines = field.value.split('\n');
        const first = Math.max(0, Math.floor(field.scrollTop / lineHeight) - margin);
        const last = Math.min(lines.length, Math.ceil((field.scrollTop + this.clientHeight) / lineHeight) + margin);
        const rows = []; const numbers = [];
        for (let i = first; i < last; i++) {
          const kind = this.#marks.get(i + 1);
          const row = document.createElement('span');
          row.className = kind ? `row ${kind}` : 'row';
          const indent = kind ? lines[i].length - lines[i].trimStart().length : 0;
          const text = kind ? span('marked', '') : row;
          text.append(...pieces(lines[i].slice(indent)));
          if (kind) row.append(lines[i].slice(0, indent), text);
          rows.push(row);
          const number = document.createElement(kind ? 'b' : 'span');
          if (kind) number.className = kind;
          number.textContent = i + 1;
          numbers.push(number, '\n');
        }
        this.#paint.replaceChildren(...rows);
        this.#gutter.replaceChildren(...numbers);
        const down = first * lineHeight - field.scrollTop;
        this.#paint.style.transform = `translate(${-field.scrollLeft}px, ${down}px)`;
        this.#gutter.style.transform = `translateY(${down}px)`;
      });
    }

    #key(event) {
      if (event.isComposing) return;
      const field = this.field;
      const leaving = this.#leaving;
      this.#leaving = event.key === 'Escape';
      if (field.readOnly || event.ctrlKey || event.metaKey || event.altKey) return;
      // Escape, then Tab, leaves the field: the keyboard must not be caught in it.
      if (event.key === 'Tab' && !event.shiftKey && !leaving) {
        event.preventDefault();
        this.#insert('  ');
      } else if (event.key === 'Enter') {
        const line = field.value.slice(field.value.lastIndexOf('\n', field.selectionStart - 1) + 1, field.selectionStart);
        const indent = /^[ \t]*/.exec(line)[0];
        if (!indent && !/[{[]\s*$/.test(line)) return;
        event.preventDefault();
        this.#insert(`\n${indent}${/[{[]\s*$/.test(line) ? '  ' : ''}`);
      }
    }

    // The old command is the only one whose effect the browser can undo.
    #insert(text) {
      const field = this.field;
      const command = text ? ['insertText', false, text] : ['delete'];
      if (document.execCommand(...command)) return;
      field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  function span(kind, text) {
    const made = document.createElement('span');
    made.className = kind;
    made.textContent = text;
    return made;
  }

  function* pieces(line) {
    let at = 0;
    for (const match of line.matchAll(token)) {
      const [whole, string, colon, number] = match;
      if (match.index > at) yield line.slice(at, match.index);
      at = match.index + whole.length;
      if (string === undefined) yield span(number === undefined ? 'word' : 'number', whole);
      else {
        yield* holes(colon === undefined ? 'string' : 'key', string);
        if (colon !== undefined) yield colon;
      }
    }
    if (at < line.length) yield line.slice(at);
  }

  function* holes(kind, text) {
    let at = 0;
    for (const match of text.matchAll(hole)) {
      if (match.index > at) yield span(kind, text.slice(at, match.index));
      yield span('hole', match[0]);
      at = match.index + match[0].length;
    }
    if (at < text.length) yield span(kind, text.slice(at));
  }

  customElements.define('json-editor', JsonEditor);

  // A finding leads to its line, in the editor that it names (data-editor) or the page's only one.
  document.addEventListener('click', event => {
    const finding = event.target.closest('[data-line]');
    if (!finding) return;
    const editor = finding.dataset.editor ? document.getElementById(finding.dataset.editor) : document.querySelector('json-editor');
    editor?.goTo(Number(finding.dataset.line));
  });
})();
