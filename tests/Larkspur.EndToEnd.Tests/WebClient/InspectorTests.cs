using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class InspectorTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task Calls_and_pushes_appear_live_with_bodies_and_verdicts_and_can_be_filtered()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"), view: "inspector");
        await Expect(page.GetByText("Nothing yet")).ToBeVisibleAsync();

        // A call that is refused, made as an app would make it.
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Address) };
        using var refused = await http.PostAsJsonAsync("/open-apis/im/v1/messages?receive_id_type=chat_id", new { receive_id = "x" }, TestContext.Current.CancellationToken);
        var call = page.Locator("details[data-kind=call]");
        await Expect(call).ToHaveCountAsync(1);
        await Expect(call.Locator(".chip.bad")).ToBeVisibleAsync();

        // A message to the bot is a push that the bot accepts.
        await page.Locator("#draft").FillAsync("hello bot");
        await page.Keyboard.PressAsync("Enter");
        var push = page.Locator("details[data-kind=push]").Filter(new() { HasText = "im.message.receive_v1" }).First;
        await Expect(push.Locator(".chip.good")).ToHaveTextAsync("200");
        await push.Locator("summary").First.ClickAsync();
        await Expect(push.Locator(".payload").First).ToContainTextAsync("\"event_type\": \"im.message.receive_v1\"");
        await WebClientFixture.PictureAsync(page, "inspector-en");

        await page.Locator("#filters [name=failed]").CheckAsync();
        await Expect(push).ToBeHiddenAsync();
        await Expect(call).ToBeVisibleAsync();
        await page.Locator("#filters [name=q]").FillAsync("no such thing");
        await Expect(page.GetByText("Nothing matches the filter")).ToBeVisibleAsync();

        var phone = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"), "zh", 390, 844, "inspector");
        await Expect(phone.Locator(".inspector h2")).ToHaveTextAsync("检查器");
        await WebClientFixture.PictureAsync(phone, "inspector-zh-390");
        Assert.Empty(fixture.PageErrors);
    }
}
