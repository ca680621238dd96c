using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Emulator.State;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class CardActionTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task A_toast_from_a_click_by_control_shows_once_on_the_persons_open_page_and_on_nobody_elses()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.Answer = static _ => Task.FromResult("""{"toast":{"type":"success","content":"Done <b>","i18n":{"en_us":"Done <b>","zh_cn":"好了"}}}""");
        fixture.BotShows(SeededCompany.FinanceChat, """{"elements":[{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"Go"},"value":{"a":1}}]}]}""");
        var bob = await fixture.OpenAsync("bob", SeededCompany.FinanceChat);
        var carol = await fixture.OpenAsync("carol", SeededCompany.FinanceChat);
        using var http = new HttpClient { BaseAddress = new Uri(fixture.Address) };
        using var answer = await http.PostAsJsonAsync("/_emulator/act", new { @as = "bob", @do = "click", chat = SeededCompany.FinanceChat, text = "Go", locale = "en_us" },
            TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode);
        await Expect(bob.Locator(".toast")).ToHaveTextAsync("Done <b>");
        await Expect(carol.Locator(".toast")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_refusal_is_in_the_language_of_the_page()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var page = await fixture.OpenAsync("alice", SeededCompany.PurchasingChat, "zh");
        await Expect(page.Locator(".talk-name h1")).ToHaveTextAsync("采购协作群");
        fixture.State.ChangeChat(SeededCompany.PurchasingChat, static c => c with { People = c.People.Remove("alice") });
        await page.Locator("#draft").FillAsync("hi");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".toast")).ToHaveTextAsync("艾丽丝不在这个会话里。");
        var english = await fixture.OpenAsync("bob", SeededCompany.PurchasingChat);
        await Expect(english.Locator(".talk-name h1")).ToHaveTextAsync("Purchasing team");
    }

    [Fact]
    public async Task A_click_reaches_the_bot_shows_its_toast_and_changes_the_card_for_everybody()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.Answer = static _ => Task.FromResult("""
            {"toast":{"type":"success","content":"ok","i18n":{"zh_cn":"已同意","en_us":"Approved"}},
             "card":{"type":"raw","data":{"config":{"update_multi":true},"header":{"template":"green","title":{"tag":"plain_text","content":"Approved by Bob"}},"elements":[{"tag":"hr"}]}}}
            """);
        fixture.BotShows(SeededCompany.PurchasingChat, SampleCards.PurchaseRequest);
        var bob = await fixture.OpenAsync("bob", SeededCompany.PurchasingChat);
        var alice = await fixture.OpenAsync("alice", SeededCompany.PurchasingChat);

        await bob.Locator(".cb-primary").ClickAsync();

        await Expect(bob.Locator(".toast-success")).ToHaveTextAsync("Approved");
        await Expect(bob.Locator(".card-title").First).ToHaveTextAsync("Approved by Bob");
        await Expect(alice.Locator(".card-title").First).ToHaveTextAsync("Approved by Bob");
        await Expect(alice.Locator(".card")).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("tint-green"));
        await WebClientFixture.PictureAsync(bob, "card-clicked");

        var action = Assert.Single(fixture.Actions);
        Assert.Equal("button", action.GetProperty("action").GetProperty("tag").GetString());
        Assert.Equal("ok", action.GetProperty("action").GetProperty("value").GetProperty("a").GetString());
        Assert.Equal("bob", action.GetProperty("operator").GetProperty("user_id").GetString());
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_button_waits_visibly_and_asks_first_when_the_card_says_so()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var release = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Answer = _ => release.Task;
        fixture.BotShows(SeededCompany.PurchasingChat, SampleCards.PurchaseRequest);
        var page = await fixture.OpenAsync("bob", SeededCompany.PurchasingChat);
        var reject = page.Locator(".cb-danger");

        await reject.ClickAsync();
        await Expect(page.Locator("#confirm-title")).ToHaveTextAsync("确认拒绝？");
        await page.Locator("#confirm button[value=no]").ClickAsync();
        Assert.Empty(fixture.Actions);

        await reject.ClickAsync();
        await WebClientFixture.PictureAsync(page, "confirm");
        await page.Locator("#confirm button[value=yes]").ClickAsync();
        await Expect(page.Locator(".cb-danger.waiting")).ToBeVisibleAsync();
        release.SetResult("{}");
        await Expect(page.Locator(".waiting")).ToHaveCountAsync(0);
        Assert.Single(fixture.Actions);
    }

    [Theory]
    [InlineData("en", "Something went wrong, please try again later code:200672")]
    [InlineData("zh", "出错了，请稍后重试 code:200672")]
    public async Task A_bad_answer_is_shown_with_the_clients_error_code(string language, string words)
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.Answer = static _ => Task.FromResult("this is no JSON");
        fixture.BotShows(SeededCompany.PurchasingChat, SampleCards.PurchaseRequest);
        var page = await fixture.OpenAsync("bob", SeededCompany.PurchasingChat, language);
        await page.Locator(".cb-primary").ClickAsync();
        await Expect(page.Locator(".toast-error")).ToHaveTextAsync(words);
    }

    [Fact]
    public async Task A_form_is_collected_checked_for_required_fields_and_submitted_as_the_platform_writes_it()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.State.Put(TestPicture.Stored("img_seed"));
        fixture.BotShows(SeededCompany.FinanceChat, SampleCards.Everything);
        var page = await fixture.OpenAsync("bob", SeededCompany.FinanceChat, height: 2600);
        var form = page.Locator("form[data-card-form=f]");

        await form.GetByText("Submit").ClickAsync();
        await Expect(page.Locator(".toast-warning")).ToHaveTextAsync("Fill in the required fields first");
        Assert.Empty(fixture.Actions);

        await form.Locator("[data-name=reason]").FillAsync("New desks");
        await form.Locator("[data-name=kind]").SelectOptionAsync("o");
        await form.Locator("details.multi summary").ClickAsync();
        await form.GetByText("Red").ClickAsync();
        await form.GetByText("Blue").ClickAsync();
        await Expect(form.Locator(".chosen")).ToHaveTextAsync("Red, Blue");
        await form.Locator("[data-name=who]").SelectOptionAsync(new SelectOptionValue { Label = "Carol" });
        await form.Locator("[data-name=day]").FillAsync("2026-04-01");
        await form.Locator("[data-name=when]").FillAsync("2026-04-01T09:30");
        await form.Locator("[data-name=agree]").CheckAsync();
        await WebClientFixture.PictureAsync(page, "form-filled");
        await form.GetByText("Submit").ClickAsync();
        await fixture.ActionsAsync(1);

        var values = Assert.Single(fixture.Actions).GetProperty("action").GetProperty("form_value");
        Assert.Equal("New desks", values.GetProperty("reason").GetString());
        Assert.Equal("o", values.GetProperty("kind").GetString());
        Assert.Equal(["r", "b"], values.GetProperty("tags").EnumerateArray().Select(static v => v.GetString()));
        Assert.Equal(WireIds.OpenId(fixture.Bot.AppId, "carol"), values.GetProperty("who").GetString());
        Assert.Equal("2026-04-01 +0800", values.GetProperty("day").GetString());
        Assert.Equal("09:30 +0800", values.GetProperty("hour").GetString());
        Assert.Equal("2026-04-01 09:30 +0800", values.GetProperty("when").GetString());
        Assert.True(values.GetProperty("agree").GetBoolean());
    }

    [Fact]
    public async Task What_a_person_clears_in_a_form_is_not_submitted_as_the_cards_own_preset()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.BotShows(SeededCompany.FinanceChat, SampleCards.Everything);
        var page = await fixture.OpenAsync("bob", SeededCompany.FinanceChat);
        var form = page.Locator("form[data-card-form=f]");
        await form.Locator("[data-name=reason]").FillAsync("x");
        await form.Locator("[data-name=hour]").FillAsync("");
        await form.GetByText("Submit").ClickAsync();
        await fixture.ActionsAsync(1);
        var values = Assert.Single(fixture.Actions).GetProperty("action").GetProperty("form_value");
        Assert.False(values.TryGetProperty("hour", out _));
        Assert.False(values.TryGetProperty("tags", out _));
        Assert.Equal("", values.GetProperty("more").GetString());
    }

    [Fact]
    public async Task Parts_outside_a_form_answer_at_once_each_with_its_own_field()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var chatId = fixture.BotChatOf("alice");
        fixture.BotShows(chatId, SampleCards.LooseControls);
        var page = await fixture.OpenAsync("alice", chatId);

        await page.Locator("select").SelectOptionAsync("two");
        await Seen(fixture, 1);
        await page.Locator("input[type=date]").FillAsync("2026-05-02");
        await Seen(fixture, 2);
        await page.Locator("[data-control=input]").FillAsync("typed");
        await page.Keyboard.PressAsync("Enter");
        await Seen(fixture, 3);
        await page.Locator("[data-control=checker]").CheckAsync();
        await Seen(fixture, 4);
        await page.Locator("details.overflow summary").ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Hand over" }).ClickAsync();
        await Seen(fixture, 5);
        await page.Locator(".container > button").ClickAsync();
        await Seen(fixture, 6);

        var actions = fixture.Actions.Select(static a => a.GetProperty("action")).ToArray();
        Assert.Equal("two", actions[0].GetProperty("option").GetString());
        Assert.Equal("2026-05-02 +0800", actions[1].GetProperty("option").GetString());
        Assert.Equal("typed", actions[2].GetProperty("input_value").GetString());
        Assert.True(actions[3].GetProperty("checked").GetBoolean());
        Assert.Equal("hand", actions[4].GetProperty("option").GetString());
        Assert.Equal("interactive_container", actions[5].GetProperty("tag").GetString());
        Assert.Empty(fixture.PageErrors);

        static async Task Seen(WebClientFixture fixture, int count)
        {
            await fixture.ActionsAsync(count);
            Assert.Equal(count, fixture.Actions.Count);
        }
    }

    [Theory]
    [InlineData("en", "Agree", "en")]
    [InlineData("zh", "同意", "zh")]
    public async Task Each_language_has_its_own_elements_and_the_click_finds_the_one_that_was_seen(string language, string words, string value)
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.BotShows(fixture.BotChatOf("alice"), """
            {"i18n_elements":{"en_us":[{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"Agree"},"value":{"k":"en"}}]}],
             "zh_cn":[{"tag":"hr"},{"tag":"action","actions":[{"tag":"button","text":{"tag":"plain_text","content":"同意"},"value":{"k":"zh"}}]}]}}
            """);
        var page = await fixture.OpenAsync("alice", fixture.BotChatOf("alice"), language);
        await page.GetByText(words).ClickAsync();
        await fixture.ActionsAsync(1);
        Assert.Equal(value, Assert.Single(fixture.Actions).GetProperty("action").GetProperty("value").GetProperty("k").GetString());
    }

    [Fact]
    public async Task A_bot_that_is_not_there_is_told_to_the_person()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.State.Change(fixture.Bot.AppId, static app => app with { CallbackUrl = "" });
        fixture.BotShows(SeededCompany.PurchasingChat, SampleCards.PurchaseRequest);
        var page = await fixture.OpenAsync("bob", SeededCompany.PurchasingChat, "zh");
        await page.Locator(".cb-primary").ClickAsync();
        await Expect(page.Locator(".toast-error")).ToHaveTextAsync("出错了，请稍后重试 code:200340");
    }

    [Fact]
    public async Task A_half_filled_form_survives_what_happens_elsewhere_in_the_chat()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.BotShows(SeededCompany.FinanceChat, SampleCards.Everything);
        var page = await fixture.OpenAsync("bob", SeededCompany.FinanceChat);
        await page.Locator("[data-name=reason]").FillAsync("half");
        fixture.BotSays(SeededCompany.FinanceChat, "text", """{"text":"news"}""");
        await Expect(page.Locator(".msg .text")).ToHaveTextAsync("news");
        await Expect(page.Locator("[data-name=reason]")).ToHaveValueAsync("half");
    }
}
