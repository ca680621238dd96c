using Larkspur.EndToEnd.Tests.WebChat;
using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>The company's name, colour and mark in the console and the web chat, within their policies.</summary>
public sealed class BrandPageTests(ChromiumFixture chromium)
{
    private const string Logo = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#e6a700"/><path d="M8 22 16 8l8 14z" fill="#fff"/></svg>
        """;

    private static readonly (string, string?)[] Values =
        [("brand.name_zh", "云采小助手"), ("brand.name_en", "Cloud Desk"), ("brand.color", "#e6a700"), ("brand.logo", "logo.svg")];

    [Theory]
    [InlineData("zh", ColorScheme.Dark, 390, "云采小助手")]
    [InlineData("en", ColorScheme.Light, 1280, "Cloud Desk")]
    public async Task The_console_goes_by_the_companys_name_colour_and_mark(string language, ColorScheme theme, int width, string name)
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await PutLogoAsync(fixture.Gateway.DataFolder);
        await fixture.SetAsync(Values);
        var page = await fixture.BrowserAsync(language, width, 800, theme);
        await page.GotoAsync(fixture.Address + "/console/login");
        await Expect(page.Locator(".lk-brand")).ToContainTextAsync(name);
        await Expect(page).ToHaveTitleAsync(new System.Text.RegularExpressions.Regex(" · " + name + "$"));
        Assert.True(await page.Locator(".lk-brand img").EvaluateAsync<int>("i => i.naturalWidth") > 0);
        Assert.Equal("#e6a700", await page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).getPropertyValue('--lk-brand').trim()"));
        await ConsoleFixture.PictureAsync(page, $"brand-login-{language}");

        await fixture.LogInAsync(page, path: "/console/settings");
        await Expect(page.Locator(".lk-side .lk-brand")).ToContainTextAsync(name);
        await ConsoleFixture.PictureAsync(page, $"brand-settings-{language}");
        Assert.Empty(fixture.PageErrors);
    }

    [Theory]
    [InlineData("zh", ColorScheme.Dark, 390, "云采小助手", "我是云采小助手。")]
    [InlineData("en", ColorScheme.Light, 1280, "Cloud Desk", "This is Cloud Desk.")]
    public async Task The_web_chat_goes_by_the_companys_name_colour_and_mark(string language, ColorScheme theme, int width, string name, string greeting)
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        await PutLogoAsync(fixture.Gateway.DataFolder);
        await fixture.SetAsync(Values);
        var page = await fixture.ChatAsync(language, width, theme: theme);
        await Expect(page.Locator("#title")).ToHaveTextAsync(name);
        await Expect(page).ToHaveTitleAsync(name);
        await Expect(page.Locator("#welcome p")).ToContainTextAsync(greeting);
        Assert.True(await page.Locator("header img").EvaluateAsync<int>("i => i.naturalWidth") > 0);
        await ChatFixture.PictureAsync(page, $"brand-welcome-{language}");

        await ChatFixture.AskAsync(page, language == "zh" ? "预算还剩多少？" : "What is left of the budget?");
        await Expect(page.Locator("li.answer.finished")).ToHaveCountAsync(1);
        Assert.Equal("rgb(230, 167, 0)", await page.Locator("li.question .bubble").EvaluateAsync<string>("b => getComputedStyle(b).backgroundColor"));
        await ChatFixture.PictureAsync(page, $"brand-answer-{language}");
        Assert.Empty(fixture.PageErrors);
    }

    private static async Task PutLogoAsync(string data)
    {
        Directory.CreateDirectory(Path.Combine(data, "brand"));
        await File.WriteAllTextAsync(Path.Combine(data, "brand", "logo.svg"), Logo, TestContext.Current.CancellationToken);
    }
}
