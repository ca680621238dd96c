using Larkspur.EndToEnd.Tests.WebClient;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebChat;

/// <summary>Pictures and files in the chat page.</summary>
[Collection(ChromiumCollection.Name)]
public sealed class ChatFileTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en", ColorScheme.Light, 1000)]
    [InlineData("zh", ColorScheme.Dark, 420)]
    public async Task Files_are_added_taken_back_sent_and_shown(string language, ColorScheme theme, int width)
    {
        await using var stage = await ChatStage.StartAsync(chromium);
        var page = await stage.ChatAsync(language, width, theme: theme);
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
        await ChatStage.PictureAsync(page, $"files-chosen-{language}");

        await ChatStage.AskAsync(page, isChinese ? "这些讲了什么？" : "What do these say?");
        await Expect(page.Locator("#chosen")).ToBeHiddenAsync();
        await Expect(page.Locator("li.answer.finished .body")).ToContainTextAsync(isChinese ? "附 2 个文件" : "with 2 files");
        var shown = page.Locator("li.question .files img");
        await Expect(shown).ToHaveJSPropertyAsync("complete", true);
        Assert.True(await shown.EvaluateAsync<int>("i => i.naturalWidth") > 100);
        await Expect(page.Locator("li.question .files")).ToContainTextAsync("minutes.md");
        await ChatStage.PictureAsync(page, $"files-sent-{language}");

        var download = await page.RunAndWaitForDownloadAsync(() => page.Locator("li.question .files a", new() { HasText = "minutes.md" }).ClickAsync());
        Assert.Equal("minutes.md", download.SuggestedFilename);

        await page.ReloadAsync();
        await ChatStage.LiveAsync(page);
        await Expect(page.Locator("li.question .files img")).ToHaveJSPropertyAsync("complete", true);
        Assert.Empty(stage.PageErrors);
    }

    [Fact]
    public async Task A_picture_alone_is_a_message_and_what_is_not_taken_is_said()
    {
        await using var stage = await ChatStage.StartAsync(chromium);
        var page = await stage.ChatAsync(expectsErrors: true);
        await page.Locator("#file").SetInputFilesAsync((FilePayload[])[new() { Name = "tool.exe", MimeType = "application/octet-stream", Buffer = [77, 90, 0, 255, 254] }]);
        await Expect(page.Locator("#notice.warning")).ToHaveTextAsync("tool.exe is of a kind that is not taken here.");
        await Expect(page.Locator("#chosen")).ToBeHiddenAsync();
        await Expect(page.Locator("#send")).ToBeDisabledAsync();

        await page.Locator("#file").SetInputFilesAsync((FilePayload[])[new() { Name = "a.png", MimeType = "image/png", Buffer = await page.ScreenshotAsync() }]);
        await Expect(page.Locator("#send")).ToBeEnabledAsync();
        await page.Locator("#send").ClickAsync();
        await Expect(page.Locator("li.answer.finished .body")).ToContainTextAsync("What is this?");
        await Expect(page.Locator("li.question .files img")).ToHaveCountAsync(1);
    }
}
