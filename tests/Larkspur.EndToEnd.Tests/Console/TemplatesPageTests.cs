using Larkspur.EndToEnd.Tests.WebClient;
using Larkspur.Testing;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>Card templates: written with the card beside them, saved, sent as a test, and never lost to another writer.</summary>
public sealed class TemplatesPageTests(ChromiumFixture chromium)
{
    private const string Editor = "#template-text";

    [Fact]
    public async Task A_template_is_begun_drawn_mended_saved_and_sent()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        await ConsoleSeed.SwitchOnAsync(fixture);
        var page = await fixture.LogInAsync(path: "/console/templates");
        await page.ClickAsync("a[href$='new/decision']");
        await Expect(page.Locator("[data-preview] figure")).ToHaveCountAsync(2);
        await Expect(page.Locator("[data-preview] figcaption").Nth(1)).ToContainTextAsync("needs your decision");
        await Expect(page.Locator("[data-findings] .lk-fine")).ToBeVisibleAsync();

        // What is broken is said with its line, and what was drawn stays in sight.
        var text = await page.InputValueAsync(Editor);
        await page.FillAsync(Editor, text.Replace("\"status\": \"warning\"", "\"status\": \"warming\"", StringComparison.Ordinal));
        await Expect(page.Locator("[data-findings] .lk-finding")).ToHaveCountAsync(1);
        await Expect(page.Locator("#template-editor .gutter b.error")).ToHaveTextAsync(LineOf(text, "\"status\""));
        await Expect(page.Locator(".lk-old figure")).ToHaveCountAsync(2);
        await page.ClickAsync("[data-save]");
        await Expect(page.Locator(".lk-toast")).ToContainTextAsync("Not saved");

        await page.FillAsync(Editor, text.Replace("needs your decision", "awaits you", StringComparison.Ordinal).Replace("\"name\": \"decision\"", "\"name\": \"purchase\"", StringComparison.Ordinal));
        await Expect(page.Locator("[data-preview] figcaption").Nth(1)).ToContainTextAsync("awaits you");
        await page.FillAsync("#template-values", (await page.InputValueAsync("#template-values")).Replace("\"number\": \"number\"", "\"number\": \"PR-77\"", StringComparison.Ordinal));
        await Expect(page.Locator("[data-preview] figcaption").Nth(1)).ToHaveTextAsync("PR-77 awaits you");
        await page.FillAsync("input[name=to]", "alice@mica.example");
        await page.ClickAsync("[data-test]");
        await Expect(page.Locator("[data-sent=sent]")).ToBeVisibleAsync();
        await fixture.Emulator.WaitForMessageAsync("from=app&contains=PR-77");

        await page.ClickAsync("[data-save]");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/console/templates/purchase"));
        await fixture.OpenAsync(page, "/console/templates");
        await Expect(page.Locator("tr[data-template=purchase]")).ToContainTextAsync("Ready");
        await page.ClickAsync("tr[data-template=purchase] a");
        await page.ClickAsync(".lk-head .lk-danger");
        await ConsoleFixture.SureAsync(page, "Delete");
        await Expect(page.Locator(".lk-empty")).ToBeVisibleAsync();
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_fault_of_card_JSON_is_mended_at_a_click()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var page = await fixture.LogInAsync(language: "zh", path: "/console/templates/new/card");
        var text = await page.InputValueAsync(Editor);
        await page.FillAsync(Editor, text.Replace("{\"tag\": \"hr\"}", "{\"tag\": \"hr\", \"margin\": \"4\"}", StringComparison.Ordinal));
        await page.ClickAsync("[data-fix]");
        await Expect(page.Locator("[data-findings] .lk-fine")).ToBeVisibleAsync();
        Assert.Contains("{\"tag\": \"hr\", \"margin\": \"4px\"}", await page.InputValueAsync(Editor), StringComparison.Ordinal);
        await Expect(page.Locator("[data-preview] .lk-card-button").First).ToHaveTextAsync("查看日志");
        await Expect(page.Locator("[data-preview] .lk-card-button").Last).ToHaveTextAsync("Open the log");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Whoever_saves_second_is_told_and_keeps_their_text()
    {
        await using var fixture = await ConsoleFixture.StartAsync(chromium);
        var first = await fixture.LogInAsync(path: "/console/templates/new/notice");
        await first.ClickAsync("[data-save]");
        await Expect(first).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/console/templates/notice"));
        var second = await fixture.LogInAsync(path: "/console/templates/notice");
        var text = await second.InputValueAsync(Editor);
        await first.FillAsync(Editor, text.Replace("Tells somebody", "Told", StringComparison.Ordinal));
        await first.ClickAsync("[data-save]");
        await Expect(first.Locator(".lk-toast").Last).ToContainTextAsync("Saved");
        var mine = text.Replace("Tells somebody", "Mine", StringComparison.Ordinal);
        await second.FillAsync(Editor, mine);
        await second.ClickAsync("[data-save]");
        await Expect(second.Locator(".lk-toast")).ToContainTextAsync("Somebody else has changed this template");
        await Expect(second.Locator(Editor)).ToHaveValueAsync(mine);
    }

    [Fact]
    public async Task A_file_is_read_only_and_its_copy_can_be_edited_on_a_phone()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-console-templates-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "a.card.json"), """{"name":"of-file","message":{"title":"Of the file"}}""", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "b.card.json"), """{"name":"bad","message":{"title":"${nobody}"}}""", TestContext.Current.CancellationToken);
            await using var fixture = await ConsoleFixture.StartAsync(chromium, new Dictionary<string, string?> { ["Larkspur:Cards:Folder"] = folder.FullName });
            var page = await fixture.LogInAsync(language: "zh", width: 390, height: 844, theme: ColorScheme.Dark, path: "/console/templates");
            await Expect(page.Locator("tr[data-template='b.card.json'] .lk-problem")).ToContainTextAsync("/message/title");
            await ConsoleFixture.PictureAsync(page, "templates-list-390-dark-zh");
            await page.ClickAsync("tr[data-template=of-file] a");
            await Expect(page.Locator(Editor)).Not.ToBeEditableAsync();
            await page.ClickAsync(".lk-head button");
            await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("new/copy-of-file"));
            await page.ClickAsync(".lk-panel button:has-text('格式化')");
            await Expect(page.Locator(Editor)).ToHaveValueAsync("{\n  \"name\": \"of-file\",\n  \"message\": {\"title\": \"Of the file\"}\n}\n");
            await ConsoleFixture.PictureAsync(page, "template-copy-390-dark-zh");
            Assert.Empty(fixture.PageErrors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string LineOf(string text, string part) =>
        (text[..text.IndexOf(part, StringComparison.Ordinal)].Count(c => c == '\n') + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
