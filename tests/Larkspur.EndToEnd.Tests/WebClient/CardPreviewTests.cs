using System.Text.RegularExpressions;
using Larkspur.Emulator.State;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class CardPreviewTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_pasted_card_is_drawn_and_judged_while_one_types()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await OpenAsync(fixture, "en");
        await page.FillAsync("#card-json", "{\n  \"schema\": \"2.0\",\n  \"body\": { \"elements\": [\n    { \"tag\": \"markdown\", \"content\": \"**Hello**\" },\n    { \"tag\": \"markdown\", \"content\": \"x\", \"colour\": \"red\" }\n  ] }\n}\n");
        await Expect(page.Locator(".frame")).ToHaveCountAsync(2);
        await Expect(page.Locator(".frame-desktop .card-md:has-text('Hello')")).ToHaveTextAsync("Hello");
        await Expect(page.Locator(".findings li")).ToHaveCountAsync(1);
        await Expect(page.Locator(".findings code")).ToHaveTextAsync("200621");
        await Expect(page.Locator(".findings small")).ToHaveTextAsync("line 5 · ROOT -> body -> elements -> [1](tag: markdown) -> colour");
        await Expect(page.Locator("json-editor .gutter b.error")).ToHaveTextAsync("5");
        await Expect(page.Locator("json-editor .key").First).ToHaveTextAsync("\"schema\"");
        await page.ClickAsync(".findings button");
        Assert.Contains("colour", await page.EvaluateAsync<string>("(() => { const e = document.querySelector('#card-json'); return e.value.slice(e.selectionStart, e.selectionEnd); })()"), StringComparison.Ordinal);

        await page.FillAsync("#card-json", "{\n  \"schema\": \"2.0\"\n  \"body\": {}\n}");
        await Expect(page.Locator(".findings small")).ToContainTextAsync("line 3");
        await WebClientFixture.PictureAsync(page, "card-preview-broken-en");
        Assert.Empty(fixture.PageErrors);
    }

    [Theory]
    [InlineData("notice")]
    [InlineData("approval")]
    [InlineData("form")]
    [InlineData("report")]
    [InlineData("streaming")]
    [InlineData("first-schema")]
    [InlineData("template")]
    public async Task Every_sample_is_what_the_platform_would_take(string sample)
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await OpenAsync(fixture, sample is "notice" or "report" ? "zh" : "en");
        await page.SelectOptionAsync("#sample", sample);
        await Expect(page.Locator(".lint-good")).ToBeVisibleAsync();
        await Expect(page.Locator(".frame .card")).ToHaveCountAsync(2);
        await Expect(page.Locator(".card-unknown, .card-broken")).ToHaveCountAsync(0);
        await WebClientFixture.PictureAsync(page, "card-preview-" + sample);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_card_is_shared_by_its_address_and_sent_to_a_chat()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await OpenAsync(fixture, "zh");
        await page.SelectOptionAsync("#sample", "form");
        await Expect(page.Locator(".lint-good")).ToBeVisibleAsync();
        await page.ClickAsync("[data-edit=share]");
        await Expect(page).ToHaveURLAsync(new Regex("#c="));
        var shared = page.Url;

        var other = await OpenAsync(fixture, "en", shared[shared.IndexOf('#', StringComparison.Ordinal)..]);
        await Expect(other.Locator(".frame-desktop .card-title")).ToContainTextAsync("Expense report");
        await other.CheckAsync("[name=card-lang][value=zh]", new PageCheckOptions { Force = true });
        await Expect(other.Locator(".frame-desktop .card-title")).ToContainTextAsync("报销登记");
        await other.SelectOptionAsync("#send-chat", SeededCompany.PurchasingChat);
        await other.ClickAsync("[data-edit=send]");
        await Expect(other.Locator(".toast-success")).ToBeVisibleAsync();
        Assert.Equal("interactive", fixture.State.Messages(SeededCompany.PurchasingChat).Single().MsgType);

        await other.FillAsync("#card-json", """{"schema":"2.0","body":{"elements":[{"tag":"hologram"}]}}""");
        await other.ClickAsync("[data-edit=send]");
        await Expect(other.Locator(".toast-error")).ToContainTextAsync("230099");
        Assert.Single(fixture.State.Messages(SeededCompany.PurchasingChat));

        var broken = await OpenAsync(fixture, "en", "#c=AAAA");
        await Expect(broken.Locator(".toast-error")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task In_the_preview_nothing_is_sent_and_forms_ask_for_what_is_missing()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await OpenAsync(fixture, "en");
        await page.SelectOptionAsync("#sample", "form");
        await page.Locator(".frame-desktop [data-act=submit]").ClickAsync();
        await Expect(page.Locator(".toast-warning")).ToBeVisibleAsync();
        await page.SelectOptionAsync("#sample", "approval");
        await page.Locator(".frame-desktop .cb-danger").ClickAsync();
        await page.ClickAsync("#confirm [value=yes]");
        await Expect(page.Locator(".toast-info")).ToContainTextAsync("nothing is sent");
        Assert.Empty(fixture.Actions);
    }

    [Fact]
    public async Task The_page_fits_a_phone()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await OpenAsync(fixture, "zh", width: 390, height: 844);
        await page.SelectOptionAsync("#sample", "report");
        await Expect(page.Locator(".lint-good")).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= 390"), "nothing may stick out on a phone");
        await ChromiumFixture.PictureAsync(page, "card-preview-390", fullPage: true);
    }

    private static async Task<IPage> OpenAsync(WebClientFixture fixture, string language, string hash = "", int width = 1440, int height = 900)
    {
        var page = await fixture.OpenAsync("alice", language: language, width: width, height: height);
        await page.GotoAsync("about:blank");
        await page.GotoAsync($"{fixture.Address}/cards?as=alice{hash}");
        await page.WaitForSelectorAsync("body[data-live]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        return page;
    }
}
