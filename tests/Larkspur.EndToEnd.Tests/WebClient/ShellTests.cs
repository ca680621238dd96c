using System.Net;
using System.Net.Http.Headers;
using Larkspur.Emulator.State;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class ShellTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Anybody_of_the_company_can_be_chosen_and_each_sees_their_own_chats()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice");
        await Expect(page.Locator(".people a")).ToHaveCountAsync(3);
        await Expect(page.Locator($"a[data-chat={SeededCompany.FinanceChat}]")).ToHaveCountAsync(0);
        await WebClientFixture.PictureAsync(page, "home-en");

        await page.Locator("[data-person=carol]").ClickAsync();
        await Expect(page.Locator(".list header b")).ToHaveTextAsync("Carol");
        await Expect(page.Locator($"a[data-chat={SeededCompany.FinanceChat}]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task The_language_follows_the_browser_until_it_is_switched_and_stays_switched()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice", language: "zh");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "zh-CN");
        await Expect(page.GetByText("选择一个会话开始")).ToBeVisibleAsync();
        await WebClientFixture.PictureAsync(page, "home-zh");

        await page.GetByLabel("切换为中文").Or(page.GetByLabel("Switch to English")).ClickAsync();
        await Expect(page.GetByText("Pick a chat to begin")).ToBeVisibleAsync();
        await page.GotoAsync(fixture.Address + "/?as=bob");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("lang", "en");
    }

    [Fact]
    public async Task On_a_phone_there_is_one_thing_at_a_time_with_a_way_back()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.BotSays(fixture.BotChatOf("alice"), "text", """{"text":"hi"}""");
        var page = await fixture.OpenAsync("alice", language: "zh", width: 390, height: 844);
        await Expect(page.Locator(".talk")).ToBeHiddenAsync();
        await WebClientFixture.PictureAsync(page, "home-zh-390");
        await page.Locator($"a[data-chat={fixture.BotChatOf("alice")}]").ClickAsync();
        await Expect(page.Locator("#draft")).ToBeVisibleAsync();
        await Expect(page.Locator(".list")).ToBeHiddenAsync();
        await page.GetByLabel("返回消息列表").ClickAsync();
        await Expect(page.Locator(".list")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_reset_of_the_world_is_seen_at_once()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.BotSays(fixture.BotChatOf("alice"), "text", """{"text":"soon gone"}""");
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"));
        await Expect(page.Locator(".msg .text")).ToHaveTextAsync("soon gone");
        var apps = fixture.State.Apps;
        fixture.State.Clear(world => SeededCompany.Fill(world, apps));
        await Expect(page.Locator(".msg .text")).ToHaveCountAsync(0);
        await Expect(page.Locator(".blank")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Assets_are_kept_by_their_version_and_compared_by_their_tag()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Address) };
        using var first = await http.GetAsync("/ui/assets/client.js", TestContext.Current.CancellationToken);
        Assert.Equal("text/javascript", first.Content.Headers.ContentType!.MediaType);
        Assert.NotNull(first.Headers.ETag);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/ui/assets/client.js");
        again.Headers.IfNoneMatch.Add(new EntityTagHeaderValue(first.Headers.ETag.Tag));
        using var second = await http.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        using var missing = await http.GetAsync("/ui/assets/../../secret", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
    }
}
