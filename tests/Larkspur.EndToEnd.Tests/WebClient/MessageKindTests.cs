using System.Text.Json;
using Larkspur.Emulator.State;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>Every kind of message and every mark on one, drawn and used in the browser.</summary>
public sealed class MessageKindTests(ChromiumFixture chromium)
{
    [Theory]
    [InlineData("en", 1280)]
    [InlineData("zh", 1280)]
    [InlineData("zh", 390)]
    public async Task All_kinds_and_marks_stay_in_shape(string language, int width)
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var chat = SeededCompany.PurchasingChat;
        Fill(fixture, chat);
        var page = await fixture.OpenAsync("alice", chat, language, width, 2900);
        await Expect(page.Locator(".thread .msg")).ToHaveCountAsync(3);
        await Expect(page.Locator(".group-notice")).ToBeVisibleAsync();
        await Expect(page.Locator(".badge-bot").Filter(new() { HasText = language == "zh" ? "自定义机器人" : "Custom bot" })).ToHaveCountAsync(1);
        await page.Locator(".forwarded summary").First.ClickAsync();
        await page.Locator("img.sticker").ScrollIntoViewIfNeededAsync();
        await Expect(page.Locator("img.sticker")).ToHaveJSPropertyAsync("complete", true);
        // Chromium loads a lazy picture only near the viewport, and how near depends on what it thinks of the network: a person scrolls to it.
        await page.Locator(".forwarded-all img").ScrollIntoViewIfNeededAsync();
        await Expect(page.Locator(".forwarded-all img")).ToHaveJSPropertyAsync("complete", true);
        await WebClientFixture.PictureAsync(page, $"kinds-{language}-{width}");
        Assert.Equal(width, await page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        // What a closed list holds is laid out but not shown.
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            [...document.querySelectorAll('.msg *')].filter(e => e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)
                .map(e => `${e.tagName}.${e.getAttribute("class")} in ${e.closest(".msg").innerText.slice(0, 40)}`)
            """));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_person_pins_answers_in_a_thread_and_takes_a_suggestion()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var chat = fixture.BotChatOf("alice");
        var asked = fixture.BotSays(chat, "text", """{"text":"What next?"}""");
        fixture.State.ChangeMessage(asked.MessageId, m => m with { FollowUps = [new FollowUp("Tell me more", System.Collections.Immutable.ImmutableDictionary<string, string>.Empty)] });
        var page = await fixture.OpenAsync("alice", chat);
        var message = page.Locator($"#m-{asked.MessageId}");
        await message.HoverAsync();
        await message.Locator("[data-act=pin]").ClickAsync();
        await Expect(message.Locator(".mark-pin")).ToHaveTextAsync("Pinned by Alice");
        await message.Locator("[data-act=thread]").First.ClickAsync();
        await page.Locator("#draft").FillAsync("about the price");
        await page.Keyboard.PressAsync("Enter");
        await Expect(message.Locator(".thread .bubble")).ToHaveTextAsync("about the price");
        await message.Locator(".follow-ups button").ClickAsync();
        await Expect(page.Locator(".msg.mine .bubble").Filter(new() { HasText = "Tell me more" })).ToBeVisibleAsync();
        Assert.StartsWith("omt_", fixture.State.Message(asked.MessageId)!.ThreadId, StringComparison.Ordinal);
        Assert.Empty(fixture.PageErrors);
    }

    private static void Fill(WebClientFixture fixture, string chat)
    {
        var people = fixture.People;
        var picture = TestPicture.Png();
        people.SendUpload("bob", chat, "audio", "voice.opus", new byte[20_000], 13_400);
        people.SendUpload("alice", chat, "audio", "voice.opus", new byte[20_000], 41_000);
        people.SendUpload("carol", chat, "media", "仓库到货现场录像-2026-03-warehouse-arrival.mp4", new byte[2_000_000], 73_000);
        people.SendUpload("bob", chat, "file", "采购合同.pdf", new byte[345_678]);
        people.SendUpload("carol", chat, "sticker", "cat.png", picture);
        people.SendContent("bob", chat, "share_user", """{"user_id":"carol"}""");
        people.SendContent("bob", chat, "share_chat", JsonSerializer.Serialize(new { chat_id = SeededCompany.FinanceChat }));
        people.SendContent("carol", chat, "location", """{"name":"上海市浦东新区张江高科技园区","longitude":"121.59","latitude":"31.20"}""");
        people.SendContent("bob", chat, "post", """{"zh_cn":{"title":"本周采购","content":[[{"tag":"text","text":"三件事：","style":["bold"]},{"tag":"at","user_id":"alice"}],[{"tag":"a","text":"清单","href":"https://mica.example/list"}],[{"tag":"hr"}],[{"tag":"code_block","language":"GO","text":"total := 42"}]]}}""");
        var (one, two) = (people.SendText("bob", SeededCompany.FinanceChat, "发票到了吗？").MessageId!, people.SendText("carol", SeededCompany.FinanceChat, "到了，金额 ¥12,800.00，明天付款。").MessageId!);
        people.SendUpload("carol", SeededCompany.FinanceChat, "image", "p.png", picture);
        var third = fixture.State.Messages(SeededCompany.FinanceChat, 1)[0].MessageId;
        fixture.State.ChangeChat(chat, c => c with { People = c.People.Contains("carol") ? c.People : c.People.Add("carol") });
        people.Forward("carol", [one, two, third], chat);
        var bot = fixture.State.CustomBot(SeededCompany.CustomBotToken)!;
        var now = fixture.State.Clock.GetUtcNow();
        fixture.State.AddMessage(new Message
        {
            MessageId = fixture.State.Ids.Next("om_"), ChatId = chat, SenderKind = SenderKind.App, SenderId = bot.SenderId, MsgType = "text",
            Content = """{"text":"库存告警：螺丝 M4 低于 200 件"}""", Rendered = """{"text":"库存告警：螺丝 M4 低于 200 件"}""", CreateTime = now, UpdateTime = now,
        });
        var urgent = fixture.BotSays(chat, "text", """{"text":"请在 18:00 前确认收货"}""");
        fixture.State.Urge(urgent.MessageId, UrgencyKind.App, ["alice", "bob"]);
        var root = people.SendText("bob", chat, "下周谁去供应商那里？").MessageId!;
        people.SendText("alice", chat, "我可以去，周三下午。", root, inThread: true);
        people.SendText("carol", chat, "带上报价单。", root, inThread: true);
        people.SendText("carol", chat, "还有样品！", root, inThread: true);
        people.React("bob", root, "DONE");
        people.SetPin("alice", root);
        var mine = people.SendText("alice", chat, "已改好的消息").MessageId!;
        people.Edit("alice", mine, "已改好的消息（第二版）");
        people.SetPin("bob", mine);
        people.SendText("bob", chat, "好的", mine);
        people.Recall("carol", people.SendText("carol", chat, "oops").MessageId!);
        fixture.State.ChangeChat(chat, c => c with { TopNotice = new TopNotice(root) });
        fixture.State.ChangeMessage(urgent.MessageId, m => m with { FollowUps = [new FollowUp("已收货", System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("en_us", "Received")), new FollowUp("稍后处理", System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("en_us", "Later"))] });
    }
}
