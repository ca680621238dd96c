using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Gateway.Tests.Cards;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>Another company has an <c>alice</c> too. In Feishu she writes to our bot and clicks on its cards, under an id that within our
/// company is our Alice's.</summary>
public sealed class ForeignCompanyTests
{
    private const string Globex = "globex1f2e3d4c5b";
    private const string Accounts = "SELECT person, is_external FROM person_account ORDER BY id";

    [Fact]
    public async Task Another_companys_alice_is_a_person_of_her_own_and_from_outside()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        await fixture.SayAsync("Our secret question");
        await fixture.AnswerAsync("Our secret question");
        var guest = await GuestAsync(fixture.Emulator);
        await fixture.SayAsync("hello from globex", guest);
        await fixture.AnswerAsync("hello from globex", guest);

        var accounts = await fixture.RowsAsync(Accounts, r => (Person: r.GetString(0), IsExternal: r.GetInt64(1)));
        Assert.Equal([0L, 1L], accounts.Select(a => a.IsExternal));
        Assert.NotEqual(accounts[0].Person, accounts[1].Person);
        const string Scopes = "SELECT scope FROM person_identity WHERE kind = 'user_id' AND value = 'alice' ORDER BY account";
        var scopes = await fixture.RowsAsync(Scopes, r => r.GetString(0));
        Assert.Equal([fixture.Emulator.State.App(EmulatorApp.AppId)!.TenantKey, Globex], scopes);
        // Who is from outside links nothing here.
        await fixture.SayAsync("/link", guest);
        await fixture.UntilAsync(m => m.Content.Contains("cannot be linked this way", StringComparison.Ordinal), guest);
        Assert.Empty(await fixture.RowsAsync("SELECT person FROM person_link", r => r.GetString(0)));
    }

    [Fact]
    public async Task Her_click_on_an_answer_is_not_our_alices()
    {
        await using var fixture = await AssistantFixture.StartAsync();
        var guest = await GuestAsync(fixture.Emulator);
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "add_person", chat = SeededCompany.PurchasingChat, person = guest });
        const string Text = "@Larkspur 助手 What is left of the budget?";
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "send", chat = SeededCompany.PurchasingChat, text = Text });
        Message? answer = null;
        await fixture.HoldsAsync(() => (answer = fixture.Emulator.State.Messages(SeededCompany.PurchasingChat)
            .LastOrDefault(m => m.Card?.Json.Contains("asst:again", StringComparison.Ordinal) == true)) is not null);

        // It is the first that is heard of her.
        var clicked = await fixture.ClickAsync(answer!.MessageId, "👍 Helpful", guest);
        Assert.Equal("warning", clicked["toast"]!["type"]!.GetValue<string>());
        Assert.Equal([-1L], await fixture.RowsAsync("SELECT COALESCE(verdict, -1) FROM assistant_turn", r => r.GetInt64(0)));
        Assert.Equal([0L, 1L], await fixture.RowsAsync(Accounts, r => r.GetInt64(1)));
        Assert.Equal("success", (await fixture.ClickAsync(answer!.MessageId, "👍 Helpful"))["toast"]!["type"]!.GetValue<string>());
        Assert.Equal([1L], await fixture.RowsAsync("SELECT verdict FROM assistant_turn", r => r.GetInt64(0)));
    }

    [Fact]
    public async Task A_decision_that_is_our_alices_is_not_hers()
    {
        await using var fixture = await CardFixture.StartAsync();
        var guest = await GuestAsync(fixture.Emulator);
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "add_person", chat = SeededCompany.PurchasingChat, person = guest });
        var approve = new { id = "approve", label = "Approve", allowed = new[] { "alice" } };
        var message = new { title = "Wire", actions = new[] { approve }, webhook = "erp" };
        var card = await fixture.SendAsync(new { to = new { chat_id = SeededCompany.PurchasingChat }, card_message = message });

        var clicked = await fixture.ClickAsync(card, "Approve", guest);
        Assert.Equal("warning", clicked["toast"]!["type"]!.GetValue<string>());
        Assert.Empty(fixture.Erp.Calls);
        Assert.Equal("success", (await fixture.ClickAsync(card, "Approve"))["toast"]!["type"]!.GetValue<string>());
        var told = (await fixture.NextCallbackAsync()).Json.GetProperty("data").GetProperty("person");
        Assert.Equal("alice", told.GetProperty("user_id").GetString());
    }

    [Fact]
    public async Task A_message_of_hers_that_was_found_in_the_history_makes_her_no_member()
    {
        KeyValuePair<string, string?>[] gaps = [new("Larkspur:Gaps:Enabled", "true"), new("Larkspur:Gaps:Settle", "00:00:00")];
        await using var fixture = await AssistantFixture.StartAsync(_ => gaps);
        var guest = await GuestAsync(fixture.Emulator);
        await fixture.Emulator.ActAsync(new { @as = "alice", @do = "add_person", chat = SeededCompany.PurchasingChat, person = guest });
        await fixture.Emulator.SetCallbackAsync("http://127.0.0.1:9/nobody");
        const string Text = "@Larkspur 助手 hello from globex";
        await fixture.Emulator.ActAsync(new { @as = guest, @do = "send", chat = SeededCompany.PurchasingChat, text = Text });
        var compare = new Uri("/api/v1/schedules/gap-filling/run", UriKind.Relative);
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        // History is asked for by the second: one that has just begun may be asked for again.
        while ((await fixture.RowsAsync(Accounts, r => r.GetInt64(1))).Count == 0)
        {
            using var asked = await fixture.Gateway.Http.PostAsync(compare, null, deadline.Token);
            await ticks.WaitForNextTickAsync(deadline.Token);
        }

        Assert.Equal([1L], await fixture.RowsAsync(Accounts, r => r.GetInt64(1)));
        Assert.Single(await fixture.RowsAsync("SELECT event_id FROM inbox WHERE event_id LIKE 'history-%'", r => r.GetString(0)));
    }

    private static async Task<string> GuestAsync(EmulatorApp emulator)
    {
        var guest = new { user_id = "alice", tenant_key = Globex, name = "Alice of Globex" };
        return (await emulator.ControlAsync(HttpMethod.Post, "guests", guest))["person"]!.GetValue<string>();
    }
}
