using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Settings.Branding;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Gateway.Tests.WebChat;
using Larkspur.Gateway.Tests.WeCom;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>The company's name, colour and mark, where employees see the product.</summary>
public sealed partial class BrandingTests
{
    private const string Shapes = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><defs><linearGradient id="g"><stop offset="0" stop-color="#0a7"/></linearGradient></defs>
        <circle cx="16" cy="16" r="14" fill="url(#g)"/></svg>
        """;

    [Fact]
    public async Task The_web_chat_goes_by_the_companys_name_colour_and_mark_as_text_and_nothing_else()
    {
        await using var fixture = await WebFixture.StartAsync();
        var plain = await GetAsync(fixture, "/chat");
        Assert.Contains("<title>Assistant</title>", plain.Text, StringComparison.Ordinal);
        Assert.Contains("data-brand-zh=\"\"", plain.Text, StringComparison.Ordinal);
        Assert.Equal("", (await GetAsync(fixture, "/brand/chat.css")).Text);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(fixture, "/brand/logo")).Status);

        await WriteAsync(fixture, "logo.svg", Encoding.UTF8.GetBytes(Shapes));
        await fixture.SetAsync((Brand.NameEn, "R&D \"desk\""), (Brand.ColourSetting, "#00A870"), (Brand.LogoSetting, "logo.svg"));
        var page = await GetAsync(fixture, "/chat");
        Assert.Contains("<title>R&amp;D &quot;desk&quot;</title>", page.Text, StringComparison.Ordinal);
        // One language alone serves for both.
        Assert.Contains("data-brand-zh=\"R&amp;D &quot;desk&quot;\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("chat.svg", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", page.Policy, StringComparison.Ordinal);
        Assert.DoesNotContain("style=", page.Text, StringComparison.Ordinal);

        var style = await GetAsync(fixture, "/brand/chat.css");
        Assert.StartsWith("text/css", style.Type, StringComparison.Ordinal);
        Assert.Contains("--brand: #00a870; --on-brand: #000000;", style.Text, StringComparison.Ordinal);
        var logo = await GetAsync(fixture, "/brand/logo");
        Assert.Equal((Shapes, "image/svg+xml"), (logo.Text, logo.Type));
        Assert.Contains("sandbox", logo.Policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mark_whose_file_is_away_for_a_while_comes_back_by_itself()
    {
        await using var fixture = await WebFixture.StartAsync();
        await WriteAsync(fixture, "logo.svg", Encoding.UTF8.GetBytes(Shapes));
        await fixture.SetAsync((Brand.LogoSetting, "logo.svg"));
        var file = Path.Combine(fixture.Gateway.DataFolder, "brand", "logo.svg");
        File.Delete(file);
        await fixture.SetAsync((Brand.NameEn, "Read anew"));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(fixture, "/brand/logo")).Status);
        await WriteAsync(fixture, "logo.svg", Encoding.UTF8.GetBytes(Shapes));
        Assert.Equal(Shapes, (await GetAsync(fixture, "/brand/logo")).Text);
    }

    [Theory]
    [InlineData(Brand.ColourSetting, "red")]
    [InlineData(Brand.ColourSetting, "#fff")]
    [InlineData(Brand.ColourSetting, "#12345g")]
    [InlineData(Brand.ColourSetting, "#000}a{x")]
    [InlineData(Brand.NameEn, "<b>Desk</b>")]
    [InlineData(Brand.NameZh, "一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一二三四五六七八九十一")]
    [InlineData(Brand.LogoSetting, "https://cdn.example.com/logo.png")]
    [InlineData(Brand.LogoSetting, "../larkspur.db")]
    [InlineData(Brand.LogoSetting, "..\\secret.svg")]
    [InlineData(Brand.LogoSetting, "missing.png")]
    [InlineData(Brand.LogoSetting, "page.html")]
    public async Task What_does_not_fit_is_refused_and_nothing_is_changed(string key, string value)
    {
        await using var fixture = await WebFixture.StartAsync();
        var refused = await Assert.ThrowsAsync<SettingRefusedException>(() =>
            fixture.SetAsync([(key == Brand.NameZh ? Brand.NameEn : Brand.NameZh, "某某"), (key, value)]));
        Assert.Equal((key, "bad_value"), (refused.Key, refused.Word));
        Assert.Contains("<title>Assistant</title>", (await GetAsync(fixture, "/chat")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("script.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>")]
    [InlineData("handler.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")]
    [InlineData("link.svg", "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'><use xlink:href='https://evil.example.com/a.svg#b'/></svg>")]
    [InlineData("javascript.svg", "<svg xmlns='http://www.w3.org/2000/svg'><a href='javascript:alert(1)'><path d=''/></a></svg>")]
    [InlineData("fetched.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path fill='url(https://evil.example.com/a)'/></svg>")]
    [InlineData("style.svg", "<svg xmlns='http://www.w3.org/2000/svg'><style>@import 'https://evil.example.com/a.css';</style></svg>")]
    [InlineData("styled.svg", "<svg xmlns='http://www.w3.org/2000/svg'><path style='background:url(https://evil.example.com/a)'/></svg>")]
    [InlineData("foreign.svg", "<svg xmlns='http://www.w3.org/2000/svg'><foreignObject><body xmlns='http://www.w3.org/1999/xhtml'/></foreignObject></svg>")]
    [InlineData("entity.svg", "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>")]
    [InlineData("sheet.svg", "<?xml-stylesheet href='https://evil.example.com/a.css'?><svg xmlns='http://www.w3.org/2000/svg'/>")]
    [InlineData("animated.svg", "<svg xmlns='http://www.w3.org/2000/svg'><animate attributeName='href' to='javascript:alert(1)'/></svg>")]
    [InlineData("page.svg", "<html><body/></html>")]
    [InlineData("broken.svg", "<svg xmlns='http://www.w3.org/2000/svg'>")]
    [InlineData("text.png", "no picture")]
    public void A_picture_with_more_than_shapes_in_it_is_no_logo(string name, string content)
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-brand-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, name), content);
            Assert.Null(LogoFile.Read(folder, name, out var problem));
            Assert.NotNull(problem);
            File.WriteAllText(Path.Combine(folder, "good.svg"), Shapes);
            Assert.Equal("image/svg+xml", LogoFile.Read(folder, "good.svg", out problem)!.ContentType);
            File.WriteAllBytes(Path.Combine(folder, "good.png"), SentFiles.Png());
            Assert.Equal("image/png", LogoFile.Read(folder, "good.png", out problem)!.ContentType);
            File.WriteAllBytes(Path.Combine(folder, "large.png"), SentFiles.Png(LogoFile.Largest));
            Assert.Null(LogoFile.Read(folder, "large.png", out problem));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>White, black, the yellow that no white text is read on, and everything between.</summary>
    [Fact]
    public void Whatever_the_colour_is_text_in_it_and_on_it_can_be_read()
    {
        BrandColour[] light = [BrandColour.White, new(0xf0, 0xf0, 0xf6)], dark = [new(0x12, 0x12, 0x1a), new(0x1d, 0x1d, 0x29), new(0x2d, 0x2d, 0x3d)];
        byte[] parts = [0, 51, 102, 128, 153, 204, 255];
        foreach (var colour in from r in parts from g in parts from b in parts select new BrandColour(r, g, b))
        {
            var css = BrandStyles.Chat(colour);
            var found = Token().Matches(css).Select(m => (Name: m.Groups[1].Value, Value: Read(m.Groups[2].Value))).ToArray();
            Assert.True(found[0].Value.Contrast(found[1].Value) >= BrandColour.Readable, css);
            Check(found[2..5], light, css);
            Check(found[5..8], dark, css);
        }

        static void Check((string Name, BrandColour Value)[] shades, BrandColour[] grounds, string css)
        {
            Assert.Equal(["accent", "on-accent", "wash"], shades.Select(s => s.Name));
            Assert.True(shades[0].Value.Contrast(shades[1].Value) >= BrandColour.Readable, css);
            Assert.All([.. grounds, shades[2].Value], ground => Assert.True(shades[0].Value.Contrast(ground) >= BrandColour.Readable, $"{ground} {css}"));
        }

        static BrandColour Read(string text) => BrandColour.TryParse(text, out var colour) ? colour : throw new FormatException(text);
    }

    [Fact]
    public async Task A_bot_greets_by_the_companys_name()
    {
        await using var fixture = await WeComFixture.StartAsync();
        await fixture.SetAsync((Brand.NameZh, "小云助手"));
        await fixture.ActAsync(new { platform = "wecom", @as = "carol", @do = "enter", to = "app" });
        var greeting = await fixture.WaitAsync("app", all => all.Count == 1, "the greeting");
        Assert.StartsWith("你好，我是小云助手。", WeComFixture.TextOf(greeting[0]), StringComparison.Ordinal);
    }

    private static async Task WriteAsync(WebFixture fixture, string name, byte[] bytes)
    {
        var folder = Path.Combine(fixture.Gateway.DataFolder, "brand");
        Directory.CreateDirectory(folder);
        await File.WriteAllBytesAsync(Path.Combine(folder, name), bytes, TestContext.Current.CancellationToken);
    }

    private static async Task<(HttpStatusCode Status, string Text, string Type, string Policy)> GetAsync(WebFixture fixture, string path)
    {
        using var http = new HttpClient();
        using var answer = await http.GetAsync(new Uri(fixture.Gateway.Address, path), TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            answer.Content.Headers.ContentType?.ToString() ?? "", string.Join(' ', answer.Headers.GetValues("Content-Security-Policy")));
    }

    [GeneratedRegex("--([a-z-]+): (#[0-9a-f]{6});")]
    private static partial Regex Token();
}
