using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebChat;

/// <summary>Pictures and files in the chat page.</summary>
public sealed class ChatFileTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en", ColorScheme.Light, 1000)]
    [InlineData("zh", ColorScheme.Dark, 420)]
    public async Task Files_are_added_taken_back_sent_and_shown(string language, ColorScheme theme, int width)
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.ChatAsync(language, width, theme: theme);
        var isChinese = language == "zh";
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = isChinese ? "添加图片或文件" : "Add pictures or files" })).ToBeVisibleAsync();
        var picture = await page.ScreenshotAsync();
        await page.Locator("#file").SetInputFilesAsync((FilePayload[])
        [
            new() { Name = "办公室预算 2026 – a picture with a long name.png", MimeType = "image/png", Buffer = picture },
            new() { Name = "minutes.md", MimeType = "text/markdown", Buffer = "# Minutes"u8.ToArray() },
            new() { Name = "away.txt", MimeType = "text/plain", Buffer = "x"u8.ToArray() },
        ]);
        await Expect(page.Locator("#chosen li")).ToHaveCountAsync(3);
        await Expect(page.Locator("#chosen li[aria-busy=false]")).ToHaveCountAsync(3);
        await Expect(page.Locator("#send")).ToBeEnabledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = isChinese ? "移除 away.txt" : "Remove away.txt" }).ClickAsync();
        await Expect(page.Locator("#chosen li")).ToHaveCountAsync(2);
        await ChatFixture.PictureAsync(page, $"files-chosen-{language}");

        await ChatFixture.AskAsync(page, isChinese ? "这些讲了什么？" : "What do these say?");
        await Expect(page.Locator("#chosen")).ToBeHiddenAsync();
        await Expect(page.Locator("li.answer.finished .body")).ToContainTextAsync(isChinese ? "附 2 个文件" : "with 2 files");
        var shown = page.Locator("li.question .files img");
        await Expect(shown).ToHaveJSPropertyAsync("complete", true);
        Assert.True(await shown.EvaluateAsync<int>("i => i.naturalWidth") > 100);
        await Expect(page.Locator("li.question .files")).ToContainTextAsync("minutes.md");
        await ChatFixture.PictureAsync(page, $"files-sent-{language}");

        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("li.question .files a", new() { HasText = "minutes.md" }).ClickAsync());
        Assert.Equal("minutes.md", download.SuggestedFilename);

        await page.ReloadAsync();
        await ChatFixture.LiveAsync(page);
        await Expect(page.Locator("li.question .files img")).ToHaveJSPropertyAsync("complete", true);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_picture_alone_is_a_message_and_what_is_not_taken_is_said()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.ChatAsync(expectsErrors: true);
        await page.Locator("#file").SetInputFilesAsync((FilePayload[])[new() { Name = "tool.exe", MimeType = "application/octet-stream", Buffer = [77, 90, 0, 255, 254] }]);
        await Expect(page.Locator("#notice.warning")).ToHaveTextAsync("tool.exe is of a kind that is not taken here.");
        await Expect(page.Locator("#chosen")).ToBeHiddenAsync();
        await Expect(page.Locator("#send")).ToBeDisabledAsync();

        await page.Locator("#file").SetInputFilesAsync((FilePayload[])[new() { Name = "a.png", MimeType = "image/png", Buffer = await page.ScreenshotAsync() }]);
        await Expect(page.Locator("#send")).ToBeEnabledAsync();
        await page.Locator("#send").ClickAsync();
        await Expect(page.Locator("#messages")).ToContainTextAsync("Got the picture. What would you like to know about it?");
        await Expect(page.Locator("li.question .files img")).ToHaveCountAsync(1);
        await ChatFixture.PictureAsync(page, "files-waiting-en");
        await ChatFixture.AskAsync(page, "Whose is it?");
        await Expect(page.Locator("li.answer.finished .body")).ToContainTextAsync("(with 1 file)");
    }

    [Theory]
    [InlineData("en", "away.png waited too long and is no longer kept. Please add it again, and send once more.")]
    [InlineData("zh", "away.png 等待太久，已不再保留，请重新添加后再发送。")]
    public async Task A_file_that_is_forgotten_before_it_is_sent_is_said_and_the_words_are_not_lost(string language, string words)
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.ChatAsync(language, expectsErrors: true);
        await page.Locator("#file").SetInputFilesAsync((FilePayload[])[new() { Name = "away.png", MimeType = "image/png", Buffer = await page.ScreenshotAsync() }]);
        await Expect(page.Locator("#send")).ToBeEnabledAsync();
        // The same person in another window.
        var other = await fixture.TokenAsync();
        for (var i = 0; i < 20; i++) await fixture.UploadAsync(other, "more.txt", "x"u8.ToArray());
        await page.Locator("#file").SetInputFilesAsync((FilePayload[])[new() { Name = "kept.md", MimeType = "text/markdown", Buffer = "# Kept"u8.ToArray() }]);
        await Expect(page.Locator("#chosen li[aria-busy=false]")).ToHaveCountAsync(2);

        await ChatFixture.AskAsync(page, "What do these say?");
        await Expect(page.Locator("#notice.warning")).ToHaveTextAsync(words);
        await Expect(page.Locator("textarea")).ToHaveValueAsync("What do these say?");
        await Expect(page.Locator("#chosen li")).ToHaveCountAsync(1);
        await Expect(page.Locator("#messages li")).ToHaveCountAsync(0);
        await page.Locator("#send").ClickAsync();
        await Expect(page.Locator("li.answer.finished .body")).ToContainTextAsync("with 1 file");
        await Expect(page.Locator("#notice")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Pictures_are_fetched_as_they_come_near_and_downloaded_by_a_click()
    {
        await using var fixture = await ChatFixture.StartAsync(chromium);
        var page = await fixture.BrowserAsync();
        await page.GotoAsync((await fixture.BeginAsync())["address"]!.GetValue<string>());
        await ChatFixture.LiveAsync(page);
        var picture = await page.ScreenshotAsync();
        var other = await fixture.TokenAsync();
        for (var i = 0; i < 8; i++)
        {
            await fixture.SayAsync(other, $"Picture {i}", await fixture.UploadAsync(other, $"p{i}.png", picture));
            await Expect(page.Locator("li.answer.finished")).ToHaveCountAsync(i + 1);
        }

        var fetched = 0;
        page.Request += (_, request) =>
        {
            if (request.Url.Contains("/api/v1/files/", StringComparison.Ordinal)) Interlocked.Increment(ref fetched);
        };
        await page.ReloadAsync();
        await ChatFixture.LiveAsync(page);
        var shown = page.Locator("li.question .files img");
        await Expect(shown).ToHaveCountAsync(8);
        await Expect(shown.Last).ToHaveJSPropertyAsync("complete", true);
        Assert.True(await shown.Last.EvaluateAsync<int>("i => new Promise(done => { const look = () => i.naturalWidth ? done(i.naturalWidth) : setTimeout(look, 50); look(); })") > 100);
        Assert.InRange(Volatile.Read(ref fetched), 1, 6);

        // One that was never seen is downloaded all the same.
        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("li.question .files a").First.EvaluateAsync("a => a.click()"));
        Assert.Equal("p0.png", download.SuggestedFilename);
        await page.Locator("#scroll").EvaluateAsync("s => { s.scrollTop = 0; }");
        Assert.True(await shown.First.EvaluateAsync<int>("i => new Promise(done => { const look = () => i.naturalWidth ? done(i.naturalWidth) : setTimeout(look, 50); look(); })") > 100);
        Assert.Empty(fixture.PageErrors);
    }
}
