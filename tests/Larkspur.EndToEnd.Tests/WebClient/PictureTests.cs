using Larkspur.Emulator.State;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>Situations that are best judged by eye: each leaves a picture, and checks that nothing sticks out of the page.</summary>
public sealed class PictureTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task The_newest_message_stays_in_sight_when_a_scroll_is_told_only_after_something_grew_unless_the_reader_scrolled_up()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        for (var i = 0; i < 30; i++) fixture.People.SendText("bob", SeededCompany.PurchasingChat, $"line {i}");
        var page = await fixture.OpenAsync("alice", SeededCompany.PurchasingChat);
        const string Grow = "(() => { const scroll = document.querySelector('#scroll'); const tall = document.createElement('canvas'); tall.height = 900; scroll.append(tall); ";
        const string Told = "scroll.dispatchEvent(new Event('scroll')); tall.dispatchEvent(new Event('load')); })()";
        await page.EvaluateAsync(Grow + Told);
        await WebClientFixture.HoldsAsync(page, "(s => s.scrollHeight - s.scrollTop - s.clientHeight < 3)(document.querySelector('#scroll'))");
        await page.Locator("#scroll").HoverAsync();
        await page.Mouse.WheelAsync(0, -100_000);
        await WebClientFixture.HoldsAsync(page, "document.querySelector('#scroll').scrollTop === 0");
        await page.EvaluateAsync(Grow + Told);
        Assert.Equal(0, await page.EvaluateAsync<int>("document.querySelector('#scroll').scrollTop"));
    }

    [Fact]
    public async Task What_shrinks_before_something_grows_is_no_scroll_of_the_readers()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        for (var i = 0; i < 30; i++) fixture.People.SendText("bob", SeededCompany.PurchasingChat, $"line {i}");
        var page = await fixture.OpenAsync("alice", SeededCompany.PurchasingChat);
        await WebClientFixture.HoldsAsync(page, "(s => s.scrollTop > 300)(document.querySelector('#scroll'))");
        await page.EvaluateAsync("document.querySelector('#scroll').dispatchEvent(new Event('scroll'))");
        await page.EvaluateAsync("""
            (() => {
              const scroll = document.querySelector('#scroll');
              [...document.querySelectorAll('.msg')].slice(0, 5).forEach((message) => { message.hidden = true; message.style.display = 'none'; });
              const clamped = scroll.scrollTop;
              const tall = document.createElement('canvas');
              tall.height = 900 + clamped - clamped;
              scroll.append(tall);
              scroll.dispatchEvent(new Event('scroll'));
              tall.dispatchEvent(new Event('load'));
            })()
            """);
        await WebClientFixture.HoldsAsync(page, "(s => s.scrollHeight - s.scrollTop - s.clientHeight < 3)(document.querySelector('#scroll'))");
    }

    [Theory]
    [InlineData("en", 1280)]
    [InlineData("zh", 1280)]
    [InlineData("zh", 390)]
    [InlineData("en", 390)]
    public async Task A_busy_group_stays_in_shape(string language, int width)
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var people = fixture.People;
        var chat = SeededCompany.PurchasingChat;
        for (var i = 0; i < 30; i++) people.SendText(i % 2 == 0 ? "bob" : "alice", chat, $"第 {i} 条 line {i}");
        var asked = people.SendText("bob", chat, "@Alice 请看一下 https://example.com/a/very/long/address/that/does/not/break/anywhere/because/it/has/no/spaces/in/it/at/all/0123456789 @bot").MessageId!;
        people.SendText("alice", chat, "好的，马上看。" + new string('长', 120) + " " + new string('w', 150), asked);
        var edited = people.SendText("alice", chat, "typo").MessageId!;
        people.Edit("alice", edited, "no typo any more");
        people.Recall("bob", people.SendText("bob", chat, "regretted").MessageId!);
        people.React("bob", edited, "THUMBSUP");
        people.React("carol", edited, "SMILE");
        people.SendFile("carol", chat, "2026 年第三季度采购合同（最终版）-with-a-rather-long-file-name-that-goes-on.pdf", new byte[123_456]);
        people.SendImage("carol", chat, "p.png", TestPicture.Png());
        fixture.BotSays(fixture.BotChatOf("alice"), "text", """{"text":"unread for Alice"}""");
        var page = await fixture.OpenAsync("alice", chat, language, width, width == 390 ? 844 : 800);
        await Expect(page.Locator(".msg")).Not.ToHaveCountAsync(0);
        await WebClientFixture.HoldsAsync(page, "[...document.querySelectorAll('.msg img')].every(i => i.complete && i.naturalWidth)");
        await WebClientFixture.HoldsAsync(page, "(s => s.scrollHeight - s.scrollTop - s.clientHeight < 3)(document.querySelector('#scroll'))");
        await WebClientFixture.PictureAsync(page, $"busy-group-{language}-{width}");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        var wide = await page.EvaluateAsync<int>("[...document.querySelectorAll('.msg *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).length");
        Assert.Equal(0, wide);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_group_with_unread_messages_and_a_form_with_an_error_in_chinese()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.BotShows(fixture.BotChatOf("bob"), """
            {"schema":"2.0","header":{"template":"blue","title":{"tag":"plain_text","content":"报销单"}},"body":{"elements":[{"tag":"form","name":"f","elements":[
              {"tag":"input","name":"why","required":true,"label":{"tag":"plain_text","content":"事由"}},
              {"tag":"select_static","name":"kind","required":true,"placeholder":{"tag":"plain_text","content":"类别"},"options":[{"text":{"tag":"plain_text","content":"差旅"},"value":"t"}]},
              {"tag":"date_picker","name":"day","required":true},
              {"tag":"multi_select_static","name":"tags","required":true,"options":[{"text":{"tag":"plain_text","content":"急"},"value":"t"}]},
              {"tag":"button","type":"primary_filled","name":"ok","form_action_type":"submit","text":{"tag":"plain_text","content":"提交"}}]}]}}
            """);
        for (var i = 0; i < 120; i++) fixture.BotSays(SeededCompany.FinanceChat, "text", """{"text":"新消息"}""");
        fixture.People.SendText("carol", SeededCompany.FinanceChat, "@bob 看一下");
        var page = await fixture.OpenAsync("bob", fixture.BotChatOf("bob"), "zh");
        await page.GetByRole(AriaRole.Button, new() { Name = "提交" }).ClickAsync();
        await Expect(page.Locator(".toast")).ToHaveTextAsync("请填写必填项");
        await Expect(page.Locator(".missing")).ToHaveCountAsync(4);
        await Expect(page.Locator("[aria-invalid=true]")).ToHaveCountAsync(4);
        await WebClientFixture.PictureAsync(page, "form-errors-zh");
    }

    [Theory]
    [InlineData("zh")]
    [InlineData("en")]
    public async Task The_inspector_opens_calls_and_pushes_that_failed(string language)
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Address) };
        using var refused = await http.GetAsync("/open-apis/im/v1/chats", TestContext.Current.CancellationToken);
        fixture.State.Change(fixture.Bot.AppId, static a => a with { CallbackUrl = "http://127.0.0.1:1/" });
        fixture.People.SendText("alice", null, "hi");
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"), language, 1440, 900, "inspector");
        var push = page.Locator("details[data-kind=push]").First;
        await push.Locator("summary").First.ClickAsync();
        await Expect(push.Locator(".payload").First).ToBeVisibleAsync();
        await WebClientFixture.PictureAsync(page, $"inspector-failed-push-{language}");
        await push.Locator("summary").First.ClickAsync();
        var call = page.Locator("details[data-kind=call]").First;
        await call.Locator("summary").First.ClickAsync();
        await Expect(call.Locator(".payload").First).ToBeVisibleAsync();
        await WebClientFixture.PictureAsync(page, $"inspector-refused-call-{language}");
        Assert.Empty(fixture.PageErrors);
    }
}
