using Larkspur.Emulator.State;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

/// <summary>What a person has begun in a card outlives the page's looking again at the message.</summary>
public sealed class CardFormTests(ChromiumFixture chromium)
{
    private static readonly string Chat = SeededCompany.FinanceChat;

    [Fact]
    public async Task What_is_filled_in_before_the_pages_first_look_arrives_is_submitted()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.BotShows(Chat, SampleCards.Everything);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var page = await fixture.OpenAsync("bob", Chat, before: page => page.RouteAsync("**/ui/messages?*", async route =>
        {
            await release.Task;
            await route.ContinueAsync();
        }));
        var form = page.Locator("form[data-card-form=f]");
        await form.Locator("[data-name=reason]").FillAsync("x");
        await form.Locator("[data-name=hour]").FillAsync("");

        // The browser lives in Shanghai: where the machine does not, the first look differs in every message, as each shows a time.
        fixture.BotSays(Chat, "text", """{"text":"news"}""");
        release.SetResult();
        await Expect(page.Locator(".msg .text")).ToHaveTextAsync("news");

        await form.GetByText("Submit").ClickAsync();
        await fixture.ActionsAsync(1);
        var values = Assert.Single(fixture.Actions).GetProperty("action").GetProperty("form_value");
        Assert.Equal("x", values.GetProperty("reason").GetString());
        Assert.False(values.TryGetProperty("hour", out _));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_half_filled_form_its_open_list_and_the_caret_survive_a_change_of_its_own_message()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var card = fixture.BotShows(Chat, SampleCards.Everything);
        var page = await fixture.OpenAsync("bob", Chat, height: 2600);
        var form = page.Locator("form[data-card-form=f]");
        await form.Locator("[data-name=hour]").FillAsync("");
        await form.Locator("[data-name=kind]").SelectOptionAsync("o");
        await form.Locator("[data-name=agree]").CheckAsync();
        await form.Locator("[data-name=more]").FillAsync("two\nlines");
        await form.Locator("details.multi summary").ClickAsync();
        await form.GetByText("Red").ClickAsync();
        var reason = form.Locator("[data-name=reason]");
        await reason.PressSequentiallyAsync("New desks");
        await page.Keyboard.PressAsync("Home");
        await form.Locator("details.multi").EvaluateAsync("list => { list.open = true; }");

        Assert.Null(fixture.People.React("carol", card.MessageId, "SMILE").Refusal);
        await Expect(page.Locator(".reactions button")).ToHaveCountAsync(1);
        fixture.State.ChangeMessage(card.MessageId, m => m with { Card = m.Card! with { Json = SampleCards.Everything.Replace("Quarterly report", "Quarterly report, corrected", StringComparison.Ordinal) } });
        await Expect(page.Locator(".card-title")).ToContainTextAsync("Quarterly report, corrected");

        await page.Keyboard.TypeAsync("10 ");
        await Expect(reason).ToHaveValueAsync("10 New desks");
        await Expect(form.Locator("details.multi")).ToHaveAttributeAsync("open", "");
        await Expect(form.Locator(".chosen")).ToHaveTextAsync("Red");
        await form.GetByText("Submit").ClickAsync();
        await fixture.ActionsAsync(1);
        var values = Assert.Single(fixture.Actions).GetProperty("action").GetProperty("form_value");
        Assert.Equal("10 New desks", values.GetProperty("reason").GetString());
        Assert.False(values.TryGetProperty("hour", out _));
        Assert.Equal("o", values.GetProperty("kind").GetString());
        Assert.True(values.GetProperty("agree").GetBoolean());
        Assert.Equal("two\nlines", values.GetProperty("more").GetString());
        Assert.Equal(["r"], values.GetProperty("tags").EnumerateArray().Select(static v => v.GetString()));
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_form_that_was_sent_begins_anew_in_the_card_that_answers_it()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        fixture.Answer = static _ => Task.FromResult($$$"""{"card":{"type":"raw","data":{{{Note("Thank you")}}}}}""");
        fixture.BotShows(Chat, Note("Note"));
        var page = await fixture.OpenAsync("bob", Chat);
        var form = page.Locator("form[data-card-form=f]");
        await form.Locator("[data-name=text]").FillAsync("mine");
        await form.Locator("select").SelectOptionAsync("o");
        await form.Locator("details.multi summary").ClickAsync();
        await form.GetByText("Red").ClickAsync();
        await form.Locator("details.multi summary").ClickAsync();
        await form.GetByText("Submit").ClickAsync();
        await Expect(page.Locator(".card-title")).ToHaveTextAsync("Thank you");
        await Expect(form.Locator("[data-name=text]")).ToHaveValueAsync("");
        await Expect(form.Locator("select")).ToHaveValueAsync("");
        await Expect(form.Locator(".chosen")).ToHaveTextAsync("Tags");
        Assert.Empty(fixture.PageErrors);

        static string Note(string title) => $$$"""
            {"schema": "2.0", "header": {"title": {"tag": "plain_text", "content": "{{{title}}}"}}, "body": {"elements": [{"tag": "form", "name": "f", "elements": [
              {"tag": "input", "name": "text"},
              {"tag": "select_static", "name": "kind", "placeholder": {"tag": "plain_text", "content": "Kind"}, "options": [{"text": {"tag": "plain_text", "content": "Office"}, "value": "o"}]},
              {"tag": "multi_select_static", "name": "tags", "placeholder": {"tag": "plain_text", "content": "Tags"}, "options": [{"text": {"tag": "plain_text", "content": "Red"}, "value": "r"}]},
              {"tag": "button", "name": "ok", "form_action_type": "submit", "text": {"tag": "plain_text", "content": "Submit"}}]}]}}
            """;
    }

    [Fact]
    public async Task A_button_waits_on_when_its_message_changes_and_the_answer_ends_the_wait()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var release = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        fixture.Answer = _ => release.Task;
        var card = fixture.BotShows(Chat, SampleCards.PurchaseRequest);
        var page = await fixture.OpenAsync("bob", Chat);
        await page.Locator(".cb-primary").ClickAsync();
        await fixture.ActionsAsync(1);
        Assert.Null(fixture.People.React("carol", card.MessageId, "SMILE").Refusal);
        await Expect(page.Locator(".reactions button")).ToHaveCountAsync(1);
        await Expect(page.Locator(".cb-primary.waiting")).ToBeVisibleAsync();
        await page.Locator(".cb-primary").ClickAsync(new LocatorClickOptions { Force = true });
        release.SetResult("{}");
        await Expect(page.Locator(".waiting")).ToHaveCountAsync(0);
        Assert.Single(fixture.Actions);
    }

    [Fact]
    public async Task A_press_that_a_change_falls_into_is_still_a_click()
    {
        await using var fixture = await WebClientFixture.StartAsync(chromium);
        var card = fixture.BotShows(Chat, SampleCards.PurchaseRequest);
        var page = await fixture.OpenAsync("bob", Chat);
        await page.Locator(".cb-primary").HoverAsync();
        await page.Mouse.DownAsync();
        Assert.Null(fixture.People.React("carol", card.MessageId, "SMILE").Refusal);
        await Expect(page.Locator(".reactions button")).ToHaveCountAsync(1);
        await page.Mouse.UpAsync();
        await fixture.ActionsAsync(1);
    }
}
