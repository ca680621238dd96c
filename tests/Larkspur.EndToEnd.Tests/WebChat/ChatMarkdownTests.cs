using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebChat;

/// <summary>Answers as Markdown: what people mean is shown, and what nobody should mean does nothing.</summary>
public sealed class ChatMarkdownTests(ChromiumFixture chromium)
{
    private static readonly string[] Hostile =
    [
        "<img src=x onerror=\"window.ran=1\">", "<script>window.ran=1</script>", "[a](javascript:window.ran=1)", "[b](JaVaScRiPt:window.ran=1)", "[c](data:text/html,<script>window.ran=1</script>)", "[d](vbscript:x)",
        "![e](https://evil.example.com/pixel.png)", "[f](//evil.example.com)", "[g](/console)", "<javascript:window.ran=1>", "[h](https://a.example\" onclick=\"window.ran=1)", "<iframe srcdoc=\"<script>parent.ran=1</script>\"></iframe>",
        "<svg onload=window.ran=1>", "<a href=\"javascript:window.ran=1\">x</a>", "<style>body{display:none}</style>", "`<b>`", "[i](https://user:pw@evil.example.com/)",
    ];

    private static readonly (string Text, string Html)[] Drawn =
    [
        ("# A\n### B ###", "<h3>A</h3><h5>B</h5>"),
        ("a\nb\n\nc", "<p>a<br>b</p><p>c</p>"),
        ("**粗体**，*斜体*，~~x~~ `a<b`", "<p><strong>粗体</strong>，<em>斜体</em>，<s>x</s> <code>a&lt;b</code></p>"),
        ("snake_case_name and 2*3*4 = 24", "<p>snake_case_name and 2<em>3</em>4 = 24</p>"),
        ("- a\n- b\n  - c\n  - d\n- e", "<ul><li>a</li><li>b<ul><li>c</li><li>d</li></ul></li><li>e</li></ul>"),
        ("3. a\n4. b", "<ol start=\"3\"><li>a</li><li>b</li></ol>"),
        ("- a\n\n- b\n\nc", "<ul><li>a</li><li>b</li></ul><p>c</p>"),
        ("```js\nlet a = '<b>';\n```\nx", "<pre tabindex=\"0\" data-language=\"js\"><code>let a = '&lt;b&gt;';</code></pre><p>x</p>"),
        ("```\nnot ended", "<pre tabindex=\"0\"><code>not ended</code></pre>"),
        ("> a\n> b", "<blockquote><p>a<br>b</p></blockquote>"),
        ("| a | b |\n|---|--:|\n| 1 | **2** |", "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>a</th><th class=\"right\">b</th></tr></thead><tbody><tr><td>1</td><td class=\"right\"><strong>2</strong></td></tr></tbody></table></div>"),
        ("见 https://example.com/a?b=1。好", "<p>见 <a href=\"https://example.com/a?b=1\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">https://example.com/a?b=1</a>。好</p>"),
        ("[a](https://example.com/x_(y))", "<p><a href=\"https://example.com/x_(y)\" target=\"_blank\" rel=\"noopener noreferrer nofollow\">a</a></p>"),
        ("\\*a\\* & <b>", "<p>*a* &amp; &lt;b&gt;</p>"),
        ("---", "<hr>"),
    ];

    [Fact]
    public async Task Hostile_text_runs_nothing_and_fetches_nothing()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.ChatAsync();
        var foreign = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(fixture.Gateway.Address.ToString(), StringComparison.Ordinal)) foreign.Add(request.Url);
        };
        // The emulated backend repeats the question in its answer.
        await page.Locator("textarea").FillAsync("x** \n\n" + string.Join("\n\n", Hostile) + "\n\n**end");
        await page.Locator("textarea").PressAsync("Enter");
        var body = page.Locator("li.answer.finished .body");
        await Expect(body).ToContainTextAsync("Approver: Bob");
        foreach (var link in await body.Locator("a").AllAsync())
        {
            Assert.StartsWith("http", await link.GetAttributeAsync("href"), StringComparison.Ordinal);
            Assert.Equal("noopener noreferrer nofollow", await link.GetAttributeAsync("rel"));
        }

        await Expect(page.Locator("#messages :is(script, img, iframe, svg, style, object, embed, form, input)")).ToHaveCountAsync(0);
        Assert.False(await page.EvaluateAsync<bool>("[...document.querySelectorAll('#messages *')].some(e => [...e.attributes].some(a => a.name.startsWith('on') || a.name === 'style'))"));
        Assert.Null(await page.EvaluateAsync<object?>("window.ran"));
        Assert.Empty(foreign);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task What_people_mean_is_drawn()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.ChatAsync();
        foreach (var (text, html) in Drawn) Assert.Equal(html, await RenderAsync(page, text));
    }

    [Fact]
    public async Task No_text_takes_long()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.ChatAsync();
        foreach (var piece in (string[])["**", "*a", "_a ", "[", "[a](", "`", "> ", "- ", "|", "~~", "<", "\\", "  - ", "1. ", "https://", "__a", "![", "``a"])
        {
            var text = string.Concat(Enumerable.Repeat(piece, 20_000 / piece.Length));
            var took = await page.EvaluateAsync<double>("async text => { const { render } = await import('/chat/assets/x/markdown.js'); const from = performance.now(); render(document.createElement('div'), text); return performance.now() - from; }", text);
            // A second at leisure; what grows without bound would take minutes.
            Assert.True(took < 15_000, $"{piece}: {took} ms");
        }
    }

    [Fact]
    public async Task Marks_that_are_not_closed_yet_are_not_shown()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.ChatAsync();
        foreach (var (text, shown) in new[]
        {
            ("The **ans", "The "), ("The *", "The "), ("The **answer** is **4", "The **answer** is "), ("a `b", "a "),
            ("2 ** 3 and `c` d", "2 ** 3 and `c` d"), ("**never closed\nnext line", "**never closed\nnext line"), ("* item", "* item"),
            ("```python\nf(**args", "```python\nf(**args"), ("```\nf(**args)\n```\nIt **is", "```\nf(**args)\n```\nIt "),
        })
            Assert.Equal(shown, await page.EvaluateAsync<string>("async text => (await import('/chat/assets/x/markdown.js')).withoutOpenMarks(text)", text));
    }

    private static Task<string> RenderAsync(IPage page, string text) => page.EvaluateAsync<string>("async text => { const { render } = await import('/chat/assets/x/markdown.js'); const into = document.createElement('div'); render(into, text); return into.innerHTML; }", text);
}
