using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Larkspur.EndToEnd.Tests.WebClient;

public sealed class PlatformWeComTests(ChromiumFixture chromium)
{
    [Fact]
    public async Task What_a_person_writes_reaches_the_application_and_its_answer_appears_live()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await fixture.WeComAsync("alice", PlatformFixture.AppChat("alice"));
        await page.Locator("#draft").FillAsync("How much leave is left?");
        await page.Keyboard.PressAsync("Enter");
        await fixture.PushedAsync("text", "How much leave is left?", "alice");
        await Expect(page.Locator(".msg.mine .text")).ToHaveTextAsync("How much leave is left?");
        await Expect(page.Locator("#draft")).ToHaveValueAsync("");

        await fixture.WeComSaysAsync("markdown", new { content = "**12 days**, <font color=\"info\">all yours</font>\n- no list here" });
        await Expect(page.Locator(".card-md b")).ToHaveTextAsync("12 days");
        await Expect(page.Locator(".card-md .ink-green")).ToHaveTextAsync("all yours");
        await Expect(page.Locator(".card-md")).ToContainTextAsync("- no list here");
        await Expect(page.Locator(".card-md li")).ToHaveCountAsync(0);
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task An_ai_bots_answer_grows_and_can_be_rated_once_it_is_whole()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        await using var bot = await PlatformBot.ConnectAsync(fixture);
        var page = await fixture.WeComAsync("alice", "aibot_alice");
        await page.Locator("#draft").FillAsync("Who approves?");
        await page.Keyboard.PressAsync("Enter");
        var question = await bot.QuestionAsync("Who approves?");

        await bot.AnswerAsync(question, "<think>The amount is small</think>Bob");
        await Expect(page.Locator(".msg.growing .typing")).ToHaveTextAsync("Bob");
        await Expect(page.Locator(".thought")).ToContainTextAsync("The amount is small");
        await Expect(page.Locator(".rating")).ToHaveCountAsync(0);
        await bot.AnswerAsync(question, "<think>The amount is small</think>Bob **approves**", finish: true);
        await Expect(page.Locator(".card-md b")).ToHaveTextAsync("approves");
        await Expect(page.Locator(".msg.growing")).ToHaveCountAsync(0);

        var good = page.GetByRole(AriaRole.Button, new() { Name = "Good answer" });
        await good.ClickAsync();
        await Expect(good).ToHaveAttributeAsync("aria-pressed", "true");
        await good.ClickAsync();
        await Expect(good).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task A_press_on_a_card_is_told_with_what_was_chosen_and_the_card_turns_grey()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await fixture.WeComAsync("alice", PlatformFixture.AppChat("alice"));
        var sent = await fixture.WeComSaysAsync("template_card", PlatformCards.Buttons);
        await page.Locator(".tcard select").SelectOptionAsync("b");
        await page.Locator(".tcard button:has-text('Approve')").ClickAsync();
        await fixture.PushedAsync("template_card_event", "approve", "OptionId", "<![CDATA[b]]>");

        await fixture.WeComApiAsync("/cgi-bin/message/update_template_card", new { userids = new[] { "alice" }, agentid = PlatformFixture.Corp.AgentId, response_code = sent["response_code"]!.GetValue<string>(), button = new { replace_name = "Approved" } });
        await Expect(page.Locator(".tcard-buttons button:disabled")).ToHaveTextAsync("Approved");
        await Expect(page.Locator(".tcard-buttons button")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_vote_reports_all_that_is_ticked()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        var page = await fixture.WeComAsync("alice", PlatformFixture.AppChat("alice"));
        await fixture.WeComSaysAsync("template_card", PlatformCards.Vote);
        await page.GetByLabel("Tea").CheckAsync();
        await page.GetByLabel("Coffee").CheckAsync();
        await page.Locator(".tcard-buttons button").ClickAsync();
        await fixture.PushedAsync("template_card_event", "<![CDATA[tea]]>", "<![CDATA[coffee]]>");
    }

    [Fact]
    public async Task What_is_ticked_before_the_pages_first_look_arrives_stays_ticked()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        await fixture.WeComSaysAsync("template_card", PlatformCards.Vote);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var page = await fixture.WeComAsync("alice", PlatformFixture.AppChat("alice"), before: page => page.RouteAsync("**/ui/platforms/wecom/messages?*", async route =>
        {
            await release.Task;
            await route.ContinueAsync();
        }));
        await page.GetByLabel("Tea").CheckAsync();
        await fixture.WeComSaysAsync("text", new { content = "news" });
        release.SetResult();
        await Expect(page.Locator(".msg .text")).ToHaveTextAsync("news");
        await Expect(page.GetByLabel("Tea")).ToBeCheckedAsync();
        await page.Locator(".tcard-buttons button").ClickAsync();
        await fixture.PushedAsync("template_card_event", "<![CDATA[tea]]>");
        Assert.Empty(fixture.PageErrors);
    }

    [Fact]
    public async Task In_a_group_the_bot_hears_what_mentions_it_and_a_refusal_is_shown()
    {
        await using var fixture = await PlatformFixture.StartAsync(chromium);
        await using var bot = await PlatformBot.ConnectAsync(fixture);
        var page = await fixture.WeComAsync("alice", "wrLarkspurPurchasing0000000000001");
        await page.Locator("#mention-bot").UncheckAsync();
        await page.Locator("#draft").FillAsync("only for people");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".msg.mine .text")).ToHaveTextAsync("only for people");
        await page.Locator("#mention-bot").CheckAsync();
        await page.Locator("#draft").FillAsync("for the bot");
        await page.Keyboard.PressAsync("Enter");
        Assert.DoesNotContain("only for people", (await bot.QuestionAsync("for the bot")).ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(bot.Heard, f => f.ToJsonString().Contains("only for people", StringComparison.Ordinal));

        var app = await fixture.WeComAsync("alice", PlatformFixture.AppChat("alice"));
        await app.Locator("#attach").SetInputFilesAsync(new FilePayload { Name = "notes.txt", MimeType = "text/plain", Buffer = "notes"u8.ToArray() });
        await Expect(app.Locator(".toast-error")).ToContainTextAsync("carries no file");
    }
}
