using Larkspur.Emulator.State;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class CardRenderingTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_first_schema_card_shows_header_fields_actions_and_note_in_both_languages()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var chatId = fixture.BotChatOf("alice");
        fixture.BotShows(chatId, SampleCards.PurchaseRequest);

        var page = await fixture.OpenAsync("alice", chatId);
        var card = page.Locator(".card");
        await Expect(card).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("tint-blue"));
        await Expect(card.Locator(".card-title > span").First).ToHaveTextAsync("Purchase request PR-2031");
        await Expect(card.Locator(".card-header .text-tag")).ToHaveTextAsync("Pending");
        await Expect(card.Locator(".field-short")).ToHaveCountAsync(4);
        await Expect(card.Locator(".ink-red")).ToHaveTextAsync("¥ 12,800.00");
        await Expect(card.Locator(".card-actions .cb")).ToHaveTextAsync(["同意", "拒绝"]);
        await Expect(card.Locator(".card-note")).ToContainTextAsync("30 天内可操作");
        await WebClientFixture.PictureAsync(page, "card-first-schema-en");

        var chinese = await fixture.OpenAsync("alice", chatId, "zh");
        await Expect(chinese.Locator(".card-title > span").First).ToHaveTextAsync("采购申请 PR-2031");
        await Expect(chinese.Locator("#draft")).ToHaveAttributeAsync("placeholder", new System.Text.RegularExpressions.Regex("^发送给 "));
        await WebClientFixture.PictureAsync(chinese, "card-first-schema-zh");

        var phone = await fixture.OpenAsync("alice", chatId, "zh", 390, 844);
        await Expect(phone.Locator(".card")).ToBeVisibleAsync();
        Assert.True(await phone.EvaluateAsync<bool>("document.documentElement.scrollWidth <= 390 && document.querySelector('#scroll').scrollWidth <= 390"), "nothing may stick out on a phone");
        await WebClientFixture.PictureAsync(phone, "card-first-schema-zh-390");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Every_component_of_the_second_schema_is_drawn()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.State.Put(TestPicture.Stored("img_seed"));
        fixture.BotShows(SeededCompany.FinanceChat, SampleCards.Everything);
        var page = await fixture.OpenAsync("bob", SeededCompany.FinanceChat, height: 3000);
        var card = page.Locator(".card");

        (string Selector, int Count)[] expected =
        [
            (".md-h1", 1), (".md-list li", 5), (".md-quote", 1), (".md-code[data-language=csharp]", 1), (".md-inline", 1), (".mention", 2),
            ("a.lk[href='https://example.com/a?b=1&c=2']", 1), (".card-md s", 1), (".number-tag", 1), (".columns .column.grow2", 1), (".fill-blue-50", 1),
            (".card-plain.ink-grey", 1), (".card-img img", 1), (".card-imgs > *", 3), (".card-imgs .img-missing", 1), (".persons .person", 3),
            (".card-table tbody tr", 3), (".card-table tbody tr[hidden]", 1), (".chart figcaption", 1), ("details.panel[open]", 1),
            (".container > button.card-link", 1), (".checker input:checked", 1), (".cb-primary", 1), (".cb-laser", 1), (".cb-danger_filled", 1),
            (".cb:disabled", 1), ("a.cb[href='https://example.com/'][rel='noopener noreferrer nofollow']", 1), ("form[data-card-form=f]", 1),
            ("select", 2), ("details.multi", 1), ("input[type=date]", 1), ("input[type=time][value='09:30']", 1), ("input[type=datetime-local]", 1),
            ("textarea", 1), (".select-img label", 2), (".card-audio", 1),
        ];
        foreach (var (selector, count) in expected) await Expect(card.Locator(selector)).ToHaveCountAsync(count);

        await Expect(card.Locator(".card-unknown")).ToHaveTextAsync("Unsupported component <hologram>");
        await Expect(card.Locator("select[data-name=who] option")).ToHaveTextAsync(["Approver", "Bob", "Carol"]);
        await Expect(card.Locator(".chart svg rect")).ToHaveCountAsync(3);
        await WebClientFixture.PictureAsync(page, "card-second-schema-en");

        await card.Locator("[data-page='1']").ClickAsync();
        await Expect(card.Locator(".card-table tbody tr:visible")).ToHaveCountAsync(1);
        await Expect(card.Locator(".card-table tbody tr:visible")).ToContainTextAsync("¥45.00");

        var chinese = await fixture.OpenAsync("bob", SeededCompany.FinanceChat, "zh", 390, 3200);
        await Expect(chinese.Locator(".card-title > span").First).ToHaveTextAsync("季度报告");
        await Expect(chinese.Locator(".card-unknown")).ToHaveTextAsync("暂不支持的组件 <hologram>");
        await WebClientFixture.PictureAsync(chinese, "card-second-schema-zh-390");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task Rare_parts_are_drawn_in_both_languages()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.State.Put(TestPicture.Stored("img_seed"));
        fixture.State.Put(new StoredFile { Key = "file_voice", IsImage = false, Name = "v.opus", Type = "opus", ContentType = "audio/ogg", Bytes = new byte[] { 1 }, OwnerId = fixture.Bot.AppId, DurationMs = 83_000 });
        fixture.BotShows(SeededCompany.FinanceChat, SampleCards.Rarities);
        var page = await fixture.OpenAsync("bob", SeededCompany.FinanceChat, height: 2600);
        var card = page.Locator(".card");
        await Expect(card.Locator(".checker-buttons .cb")).ToHaveTextAsync(["Open", "Drop"]);
        await Expect(card.Locator(".checker input:disabled")).ToHaveCountAsync(1);
        await Expect(card.Locator(".audio-time")).ToHaveTextAsync("0:00 / 1:23");
        await Expect(card.Locator(".chart .chart-line")).ToHaveCountAsync(2);
        await Expect(card.Locator(".chart path[class^=chart-c]")).ToHaveCountAsync(3);
        await Expect(card.Locator(".chart").Nth(2)).ToContainTextAsync("does not draw this kind");
        await Expect(card.Locator(".select-img label.off")).ToHaveCountAsync(1);
        await Expect(card.Locator("details.multi .chosen")).ToHaveTextAsync("Bob");
        await card.Locator("[data-act=submit]").ClickAsync();
        await Expect(card.Locator(".missing")).ToHaveCountAsync(1);
        await WebClientFixture.PictureAsync(page, "card-rarities-en");
        Assert.Empty(fixture.Actions);

        var chinese = await fixture.OpenAsync("bob", SeededCompany.FinanceChat, "zh", 390, 2800);
        await Expect(chinese.Locator(".card-title")).ToContainTextAsync("少见的组件");
        await WebClientFixture.PictureAsync(chinese, "card-rarities-zh-390");
        Assert.Empty(fixture.PageErrors);
    }

    [Theory]
    [InlineData("""{"type":"template","data":{"template_id":"AAqCard1"}}""", "Template card AAqCard1")]
    [InlineData("{}", "Empty card")]
    [InlineData("[1,2]", "This card cannot be read")]
    public async Task A_card_that_cannot_be_drawn_says_so(string json, string words)
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.BotShows(fixture.BotChatOf("alice"), "{}");
        var message = fixture.State.Messages(fixture.BotChatOf("alice"))[0];
        fixture.State.ChangeMessage(message.MessageId, m => m with { Card = m.Card! with { Json = json } });
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"));
        await Expect(page.Locator(".card")).ToContainTextAsync(words);
    }

    [Fact]
    public async Task A_card_nested_absurdly_deep_is_cut_off_and_the_page_lives()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var elements = """{"tag":"markdown","content":"core"}""";
        for (var i = 0; i < 24; i++) elements = $$"""{"tag":"interactive_container","elements":[{{elements}}]}""";
        fixture.BotShows(fixture.BotChatOf("alice"), """{"schema":"2.0","body":{"elements":[""" + elements + $$""",{"tag":"markdown","content":"{{new string('>', 3000)}} x"}""" + "]}}");
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"));
        await Expect(page.Locator(".card-unknown")).ToHaveTextAsync("Nested too deeply to show");
    }
}
