using Microsoft.Playwright;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>What can be said about how a page looks without an eye: which texts lie on each other, and which can hardly be read.</summary>
internal static class PageSight
{
    /// <summary>Texts with the parts of their boxes that can be seen, and what stands behind a text.</summary>
    private const string Seeing = """
        const visible = (node) => {
          const range = document.createRange();
          range.selectNodeContents(node);
          return [...range.getClientRects()].map((r) => {
            let box = { left: Math.max(0, r.left), top: Math.max(0, r.top), right: Math.min(innerWidth, r.right), bottom: Math.min(innerHeight, r.bottom) };
            for (let up = node.parentElement; up; up = up.parentElement) {
              const style = getComputedStyle(up);
              if (style.visibility === 'hidden' || Number(style.opacity) === 0) return null;
              if (style.overflowX === 'visible' && style.overflowY === 'visible') continue;
              const o = up.getBoundingClientRect();
              box = { left: Math.max(box.left, o.left), top: Math.max(box.top, o.top), right: Math.min(box.right, o.right), bottom: Math.min(box.bottom, o.bottom) };
            }
            return box.right - box.left > 1 && box.bottom - box.top > 1 ? box : null;
          }).filter(Boolean);
        };
        const texts = (root) => {
          const found = [];
          const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode;
            if (!node.data.trim() || node.parentElement.closest('.sr, script, template, [hidden], option, dialog:not([open]), details:not([open]) > :not(summary)')) continue;
            for (const box of visible(node)) found.push({ node, box, text: node.data.trim().slice(0, 40) });
          }
          return found;
        };
        const rgba = (colour) => {
          const n = colour.match(/-?[\d.]+(e-?\d+)?/g).map(Number);
          return colour.startsWith('color(') ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1];
        };
        const over = (above, below) => [0, 1, 2].map((i) => above[i] * above[3] + below[i] * (1 - above[3])).concat(1);
        const behind = (element) => {
          const layers = [];
          for (let up = element; up; up = up.parentElement) {
            const style = getComputedStyle(up);
            const gradient = style.backgroundImage.includes('gradient') ? style.backgroundImage.match(/(rgba?|color)\([^()]*\)/g) : null;
            const layer = rgba(gradient ? gradient[0] : style.backgroundColor);
            if (layer[3] > 0) layers.push(layer);
            if (layer[3] === 1) break;
          }
          return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
        };
        const light = (c) => {
          const [r, g, b] = c.slice(0, 3).map((v) => { const x = v / 255; return x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4; });
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
        """;

    /// <summary>Pairs of texts that lie on each other, or in one row with less than so many pixels between them.</summary>
    public static Task<string[]> CollisionsAsync(IPage page, string within = "body", int gap = 0) => page.EvaluateAsync<string[]>($$"""
        (() => {
          {{Seeing}}
          const found = texts(document.querySelector('{{within}}'));
          const hits = [];
          for (let i = 0; i < found.length; i++) {
            for (let j = i + 1; j < found.length; j++) {
              const [a, b] = [found[i], found[j]];
              if (a.node === b.node) continue;
              const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
              const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
              if ({{gap}} > 0 ? wide > -{{gap}} && high > 4 : wide > 2 && high > 4) hits.push(`${a.text} | ${b.text}`);
            }
          }
          return hits;
        })()
        """);

    /// <summary>Texts with a contrast below 4.5 to what is behind them; pictures of people and what is disabled are left out.</summary>
    public static Task<string[]> FaintAsync(IPage page) => page.EvaluateAsync<string[]>($$"""
        (() => {
          {{Seeing}}
          const left = '[aria-hidden=true], .avatar, .badge, .cb-laser, .video, .off, :disabled, .gutter, .emoji-word';
          return [...new Set(texts(document.body).filter(({ node }) => !node.parentElement.closest(left)).map(({ node, text }) => {
            const element = node.parentElement;
            const ground = behind(element);
            const ink = over(rgba(getComputedStyle(element).color), ground);
            const ratio = contrast(ink, ground);
            return ratio < 4.5 ? `${text} (${element.tagName.toLowerCase()}.${element.className}) ${ratio.toFixed(1)}` : null;
          }).filter(Boolean))];
        })()
        """);
}
