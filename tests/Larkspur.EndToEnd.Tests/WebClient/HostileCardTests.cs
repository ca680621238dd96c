using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class HostileCardTests(ChromiumFixture chromium)
{
    private const string Script = "<script>window.owned=1</script><img src=x onerror='window.owned=1'>";

    [Fact]
    public async Task No_text_of_a_card_becomes_script_markup_style_or_a_dangerous_address()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.BotShows(fixture.BotChatOf("alice"), First());
        fixture.BotShows(fixture.BotChatOf("alice"), Second());
        fixture.BotSays(fixture.BotChatOf("alice"), "text", JsonSerializer.Serialize(new { text = $"{Script} [x](javascript:window.owned=1) <b onclick=alert(1)>b</b> <at user_id=\"\\\"><script>window.owned=1</script>\"></at>" }));
        fixture.BotSays(fixture.BotChatOf("alice"), "post", JsonSerializer.Serialize(new
        {
            en_us = new
            {
                title = Script,
                content = new object[] { new object[] { new { tag = "a", text = Script, href = "javascript:window.owned=1" }, new { tag = "md", text = $"{Script} [x](javascript:1)" } } },
            },
        }));
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"), height: 2400);
        await Expect(page.Locator(".card")).ToHaveCountAsync(2);

        // Everything that can be clicked is clicked: a javascript: address would run now.
        foreach (var part in await page.Locator(".messages a, .messages .cb").AllAsync()) await part.DispatchEventAsync("click");
        Assert.Null(await page.EvaluateAsync<int?>("window.owned ?? null"));
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelectorAll('.messages script, .messages iframe, .messages style, .messages object, .messages [style]').length"));
        Assert.Equal(0, await page.EvaluateAsync<int>(
            "[...document.querySelectorAll('.messages *')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') || /javascript:|data:text|vbscript:/i.test(a.value) && ['href','src','action','formaction'].includes(a.name))).length"));
        Assert.Equal(0, await page.EvaluateAsync<int>(
            "[...document.querySelectorAll('.messages [href], .messages [src]')].filter(e => !/^(https?|lark):$/.test(new URL(e.getAttribute('href') ?? e.getAttribute('src'), location).protocol)).length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("[...document.querySelectorAll('.messages img')].filter(e => new URL(e.src).origin !== location.origin).length"));
        await Expect(page.Locator(".card-title").First).ToContainTextAsync("<script>window.owned=1</script>");
        await WebClientFixture.PictureAsync(page, "hostile");
    }

    [Fact]
    public async Task The_page_forbids_inline_script_and_foreign_content_and_actions_need_our_own_page()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Address) };
        using var page = await http.GetAsync("/?as=alice", TestContext.Current.CancellationToken);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(page.Headers.GetValues("X-Content-Type-Options")));

        var message = new { @as = "alice", chat = fixture.BotChatOf("alice"), text = "forged" };
        foreach (var (header, value) in new[] { ("X-Other", "1"), ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site") })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/ui/send") { Content = System.Net.Http.Json.JsonContent.Create(message) };
            request.Headers.Add(header, value);
            if (header != "X-Other") request.Headers.Add("X-Larkspur-Client", "1");
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(System.Net.HttpStatusCode.Forbidden, answer.StatusCode);
        }

        Assert.Empty(fixture.State.Messages(fixture.BotChatOf("alice")));
    }

    [Fact]
    public async Task An_uploaded_page_is_downloaded_and_never_shown()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.State.Put(new Larkspur.Emulator.State.StoredFile
        {
            Key = "img_svg", IsImage = true, Name = "x.svg", Type = "message", ContentType = "image/svg+xml", Bytes = "<svg onload='alert(1)'/>"u8.ToArray(), OwnerId = "alice",
        });
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Address) };
        using var answer = await http.GetAsync("/ui/file/img_svg", TestContext.Current.CancellationToken);
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Contains("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    private static string First() => JsonSerializer.Serialize(new
    {
        header = new { template = "\"><script>window.owned=1</script>", title = new { tag = "plain_text", content = Script }, subtitle = new { tag = "lark_md", content = Script } },
        card_link = new { url = "javascript:window.owned=1" },
        elements = new object[]
        {
            new { tag = "div", text = new { tag = "plain_text", content = Script, text_color = "red;background:url(//evil)", text_size = "x\" onmouseover=\"window.owned=1" } },
            new { tag = "div", text = new { tag = "lark_md", content = $"{Script} <font color='red\" onclick=\"window.owned=1'>f</font> <a href='javascript:window.owned=1'>a</a> [l](javascript:window.owned=1) [d](data:text/html,x) ![i](https://evil.example/x.png) <iframe src=//evil></iframe>" } },
            new { tag = "markdown", content = "[r][1]\n\n[1]: javascript:window.owned=1\n\n<javascript:window.owned=1>\n\n`<script>`\n\n```\"><script>\n</script><script>window.owned=1</script>\n```\n\n| a |\n|---|\n| <img src=x onerror=window.owned=1> |" },
            new { tag = "img", img_key = "https://evil.example/x.png", alt = new { tag = "plain_text", content = Script } },
            new
            {
                tag = "action", actions = new object[]
                {
                    new { tag = "button", text = new { tag = "plain_text", content = Script }, url = "javascript:window.owned=1" },
                    new { tag = "button", text = new { tag = "plain_text", content = "vb" }, multi_url = new { url = " java\nscript:window.owned=1", pc_url = "vbscript:x" } },
                    new { tag = "select_static", placeholder = new { tag = "plain_text", content = Script }, options = new[] { new { text = new { tag = "plain_text", content = Script }, value = "\"><script>" } } },
                    new { tag = "overflow", options = new[] { new { text = new { tag = "plain_text", content = Script }, value = "x", multi_url = new { url = "javascript:window.owned=1" } } } },
                },
            },
            new { tag = Script },
        },
    });

    private static string Second() => JsonSerializer.Serialize(new
    {
        schema = "2.0",
        config = new { style = new { color = new { own = new { light_mode = "red;}*{background:url(//evil.example)" } }, text_size = new { own = new { @default = "\"><script>" } } } },
        body = new
        {
            padding = "12px;background:url(//evil)",
            elements = new object[]
            {
                new { tag = "markdown", content = $"<font color='own'>x</font> <text_tag color='\"><script>'>t</text_tag> <link url='javascript:window.owned=1'>l</link> <person id='{Script.Replace("'", "")}'></person> <at id='\"><script>window.owned=1</script>'></at>", margin = "1px\" style=\"x", text_size = "own" },
                new { tag = "column_set", columns = new[] { new { tag = "column", width = "100px;position:fixed", padding = "</style>", elements = new[] { new { tag = "plain_text", content = Script } } } } },
                new { tag = "interactive_container", corner_radius = "expression(1)", behaviors = new[] { new { type = "open_url", default_url = "javascript:window.owned=1" } }, elements = new[] { new { tag = "markdown", content = "c" } } },
                new { tag = "table", columns = new[] { new { name = "a\"><script>", display_name = Script, data_type = "markdown" } }, rows = new[] { new Dictionary<string, string> { ["a\"><script>"] = Script } } },
                new { tag = "chart", chart_spec = new { type = Script, title = new { text = Script }, data = new { values = new[] { new Dictionary<string, string> { [Script] = Script } } } } },
                new { tag = "input", name = "\"><script>", default_value = "\"><script>window.owned=1</script>", label = new { tag = "plain_text", content = Script } },
                new { tag = "input", input_type = "multiline_text", name = "t", default_value = "</textarea><script>window.owned=1</script>" },
                new { tag = "button", text = new { tag = "plain_text", content = "c" }, confirm = new { title = new { tag = "plain_text", content = Script }, text = new { tag = "plain_text", content = Script } }, behaviors = new[] { new { type = "callback", value = Script } } },
            },
        },
    });
}
