// Markdown of answers as DOM nodes: headings, paragraphs, lists, quotes, code, tables, rules; bold, italics, strikethrough, code, links. Whatever else a text holds stays text:
// nothing is ever parsed as HTML, and pictures, which would be fetched from whoever an answer names, become links.

const deepest = 12;

/** Puts a text into an element, in place of what is there. */
export function render(into, text) {
  into.replaceChildren(...blocks(text.replace(/\r\n?/g, "\n").split("\n"), 0));
}

/**
 * A text that grows, without bold words or inline code at its end that are not closed yet: their marks would be seen until they are.
 * The twin of GrowingMarkdown.cs.
 */
export function withoutOpenMarks(text) {
  // Code in a block is shown as it grows.
  if ((text.match(/^ {0,3}(?:`{3}|~{3})/gm)?.length ?? 0) % 2) return text;
  const open = openAt(text, text.lastIndexOf("\n") + 1);
  return open >= 0 && text.length - open <= 120 ? text.slice(0, open) : text;
}

/** Where the first mark stands that is still open; -1: all are closed. */
function openAt(text, from) {
  const run = at => {
    let end = at;
    while (text[end] === text[at]) end++;
    return end - at;
  };
  const isSpace = character => /\s/.test(character);
  let bold = -1;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "`") {
      const marks = run(i);
      let end = i + marks;
      while (end < text.length && (text[end] !== "`" || run(end) !== marks)) end += text[end] === "`" ? run(end) : 1;
      if (end >= text.length) return bold >= 0 ? bold : i;
      i = end + marks - 1;
    } else if (text[i] === "*") {
      const marks = run(i), isLast = i + marks === text.length;
      if (bold >= 0 && marks >= 2 && !isSpace(text[i - 1])) bold = -1;
      // A single one at the end may be half of two.
      else if (bold < 0 && (isLast ? i > from || marks > 1 : marks >= 2 && !isSpace(text[i + marks]))) bold = i;
      i += marks - 1;
    }
  }
  return bold;
}

function blocks(lines, depth) {
  const nodes = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    const fence = /^ {0,3}(`{3,}|~{3,})\s*([\w+#.-]*)/.exec(line);
    const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    if (!line.trim()) at++;
    else if (fence) at = code(lines, at, fence, nodes);
    else if (heading) { nodes.push(element("h" + Math.min(6, heading[1].length + 2), ...inline(heading[2], depth))); at++; }
    else if (/^ {0,3}([-*_])( *\1){2,} *$/.test(line)) { nodes.push(element("hr")); at++; }
    else if (depth < deepest && /^ {0,3}>/.test(line)) at = quote(lines, at, depth, nodes);
    else if (depth < deepest && marker(line)) at = list(lines, at, depth, nodes);
    else if (line.includes("|") && isRule(lines[at + 1])) at = table(lines, at, depth, nodes);
    else at = paragraph(lines, at, depth, nodes);
  }
  return nodes;
}

function code(lines, at, fence, nodes) {
  const text = [];
  const end = new RegExp("^ {0,3}" + fence[1][0] + "{" + fence[1].length + ",} *$");
  for (at++; at < lines.length && !end.test(lines[at]); at++) text.push(lines[at]);
  const block = element("pre", element("code", text.join("\n")));
  block.tabIndex = 0;
  if (fence[2]) block.dataset.language = fence[2];
  nodes.push(block);
  return at + 1;
}

function quote(lines, at, depth, nodes) {
  const inner = [];
  for (; at < lines.length && lines[at].trim() && !(inner.length && marker(lines[at])); at++) inner.push(lines[at].replace(/^ {0,3}> ?/, ""));
  nodes.push(element("blockquote", ...blocks(inner, depth + 1)));
  return at;
}

function marker(line) {
  const found = /^( *)([-*+]|(\d{1,9})[.)])(?: +(?=\S)|$)/.exec(line ?? "");
  return found && { indent: found[1].length, width: Math.min(found[0].length, found[1].length + found[2].length + 4), number: found[3] };
}

function list(lines, at, depth, nodes) {
  const first = marker(lines[at]);
  const whole = element(first.number === undefined ? "ul" : "ol");
  if (first.number !== undefined && first.number !== "1") whole.start = Number(first.number);
  while (at < lines.length) {
    const here = marker(lines[at]);
    if (!here || here.indent > first.indent + 3 || here.indent < first.indent || (here.number === undefined) !== (first.number === undefined)) break;
    const inner = [lines[at].slice(here.width)];
    for (at++; at < lines.length; at++) {
      const next = marker(lines[at]);
      if (!lines[at].trim()) {
        // An empty line stays within the item when what follows is set in.
        const after = lines.slice(at + 1).find(l => l.trim());
        if (after === undefined || indent(after) <= here.indent) break;
        inner.push("");
      } else if (indent(lines[at]) > here.indent) inner.push(lines[at].slice(Math.min(indent(lines[at]), here.width)));
      else if (next || /^ {0,3}(#|>|`{3}|~{3})/.test(lines[at])) break;
      else inner.push(lines[at]);
    }
    const content = blocks(inner, depth + 1);
    // One paragraph is the item itself.
    whole.append(element("li", ...(content[0]?.tagName === "P" ? [...content[0].childNodes, ...content.slice(1)] : content)));
    while (at < lines.length && !lines[at].trim() && marker(lines.slice(at + 1).find(l => l.trim()))?.indent === first.indent) at++;
  }
  nodes.push(whole);
  return at;
}

const indent = line => /^ */.exec(line)[0].length;

const isRule = line => line !== undefined && line.includes("-") && /^ *\|? *:?-+:? *(\| *:?-+:? *)*\|? *$/.test(line);

function cells(line) {
  return line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll("\\|", "|"));
}

function table(lines, at, depth, nodes) {
  const sides = cells(lines[at + 1]).map(rule => rule.endsWith(":") ? (rule.startsWith(":") ? "center" : "right") : "left");
  const row = (line, kind) => element("tr", ...cells(line).slice(0, sides.length).map((cell, i) => {
    const made = element(kind, ...inline(cell, depth));
    if (sides[i] !== "left") made.className = sides[i];
    return made;
  }));
  const head = element("thead", row(lines[at], "th"));
  const body = element("tbody");
  for (at += 2; at < lines.length && lines[at].includes("|") && lines[at].trim(); at++) body.append(row(lines[at], "td"));
  const frame = element("div", element("table", head, body));
  frame.className = "table";
  frame.tabIndex = 0;
  nodes.push(frame);
  return at;
}

function paragraph(lines, at, depth, nodes) {
  const text = [lines[at].trim()];
  for (at++; at < lines.length; at++) {
    if (!lines[at].trim() || /^ {0,3}(#{1,6}\s|>|`{3}|~{3})/.test(lines[at]) || marker(lines[at]) || (lines[at].includes("|") && isRule(lines[at + 1]))) break;
    text.push(lines[at].trim());
  }
  nodes.push(element("p", ...inline(text.join("\n"), depth)));
  return at;
}

// In this order: what is code is nothing else. Each alternative takes a bounded stretch, so no text takes long.
const pieces = /(`+)([^`]|[^`][\s\S]{0,1000}?[^`])\1(?!`)|!?\[([^\]\n]{0,500})\]\(<?([^\s<>()]{1,2000}(?:\([^\s<>()]{0,500}\)[^\s<>()]{0,500})?)>?(?:\s+"[^"\n]{0,200}")?\)|<(https?:\/\/[^\s<>]{1,2000})>|\*\*(?=\S)([\s\S]{1,600}?)\*\*(?!\*)|(?<!\w)__(?=\S)([\s\S]{1,600}?)__(?!\w)|~~(?=\S)([\s\S]{1,600}?)~~|\*(?=[^\s*])([^*\n]{1,300}?)\*|(?<![\w_])_(?=[^\s_])([^_\n]{1,300}?)_(?!\w)|(https?:\/\/[^\s<>"'`，。；：！？、）】》]{1,2000})|\\([\\`*_{}[\]()#+.!|~<>-])|\n/g;

function inline(text, depth) {
  if (depth > deepest) return [text];
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(pieces)) {
    const [whole, , inCode, label, target, pointed, bold, strong, gone, italic, slanted, bare, escaped] = found;
    if (found.index > from) nodes.push(text.slice(from, found.index));
    from = found.index + whole.length;
    if (inCode !== undefined) nodes.push(element("code", inCode));
    else if (target !== undefined) nodes.push(link(target, inline(label || target, depth + 1), whole));
    else if (pointed !== undefined) nodes.push(link(pointed, [pointed], whole));
    else if ((bold ?? strong) !== undefined) nodes.push(element("strong", ...inline(bold ?? strong, depth + 1)));
    else if (gone !== undefined) nodes.push(element("s", ...inline(gone, depth + 1)));
    else if ((italic ?? slanted) !== undefined) nodes.push(element("em", ...inline(italic ?? slanted, depth + 1)));
    else if (bare !== undefined) {
      const address = bare.replace(/[.,;:!?)\]]+$/, "");
      nodes.push(link(address, [address], address), bare.slice(address.length));
    }
    else if (escaped !== undefined) nodes.push(escaped);
    else nodes.push(element("br"));
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

/** A link to the web; anything else (javascript:, data:, a path of this very site) stays text. */
function link(target, content, otherwise) {
  let url;
  try {
    url = new URL(target);
  } catch {
    return otherwise;
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return otherwise;
  const made = element("a", ...content);
  made.href = url.href;
  made.target = "_blank";
  made.rel = "noopener noreferrer nofollow";
  return made;
}

function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}
