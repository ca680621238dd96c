using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Api;

namespace Larkspur.Security.Tests;

/// <summary>Mallory has got a code out of Alice ("please tell me the code that you are shown") and types it in the web chat, to become
/// her.</summary>
public sealed class LinkConsentTests
{
    [Fact]
    public async Task Alice_is_asked_with_the_name_and_issuer_and_nothing_is_joined_until_she_confirms()
    {
        await using var fixture = await LinkFixture.StartAsync();
        await fixture.MallorySaysAsync("/link " + await fixture.PhishAsync(), "asking the owner of this code");
        var asked = await fixture.AskedAsync();
        foreach (var word in (string[])["Link accounts?", "Mallory", LinkFixture.Issuer, "with your Feishu account", "10 minutes"]) Assert.Contains(word, asked.Card!.Json, StringComparison.Ordinal);
        await fixture.AreTwoAsync();

        // She does not know that one.
        var clicked = await fixture.Assistant.ClickAsync(asked.MessageId, "That is not me");
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        await fixture.HoldsAsync(async () => LinkFixture.Relaxed(await fixture.Mallory.HistoryAsync()).Contains("did not confirm", StringComparison.Ordinal));
        await fixture.AreTwoAsync();
        // The word holds, also against a click that comes later.
        Assert.Equal("warning", (await fixture.Assistant.ClickAsync(asked.MessageId, "Link"))["toast"]!["type"]!.GetValue<string>());
        await fixture.AreTwoAsync();
        Assert.NotEmpty(await fixture.TextsAsync("SELECT who FROM audit WHERE what = 'person.link_refused'"));
    }

    [Fact]
    public async Task What_nobody_confirms_in_ten_minutes_joins_nobody()
    {
        await using var fixture = await LinkFixture.StartAsync();
        await fixture.MallorySaysAsync("/link " + await fixture.PhishAsync(), "asking the owner of this code");
        var asked = await fixture.AskedAsync();
        await fixture.RunAsync("UPDATE person_link_request SET expires_at = 1");
        var clicked = await fixture.Assistant.ClickAsync(asked.MessageId, "Link");
        Assert.Contains("十分钟已过", clicked["toast"]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
        await fixture.AreTwoAsync();
    }

    [Fact]
    public async Task Mallory_cannot_confirm_for_her()
    {
        await using var fixture = await LinkFixture.StartAsync();
        await fixture.MallorySaysAsync("/link " + await fixture.PhishAsync(), "asking the owner of this code");
        var asked = await fixture.AskedAsync();
        var request = await fixture.RequestAsync();

        // In her own chat, by words and by a click that she makes up, as if she had seen the request's id.
        await fixture.MallorySaysAsync("/link confirm", "nothing for you to confirm");
        var forged = await fixture.Mallory.DoAsync("asst:confirm:" + request);
        Assert.Equal((200, "warning"), (forged.Status, forged.Json!["toast"]!["kind"]!.GetValue<string>()));
        // Through a session that a business system opens for Alice by her id: it speaks for her, and is none of her accounts.
        var (asAlice, person) = await fixture.SessionAsync(new { person = fixture.AliceId, locale = "en_us" });
        using (asAlice)
        {
            Assert.Equal(fixture.AliceId, person);
            await fixture.SaysAsync(asAlice, "/link confirm", "opened this chat for you");
            Assert.Equal("warning", (await asAlice.DoAsync("asst:confirm:" + request)).Json!["toast"]!["kind"]!.GetValue<string>());
        }

        // A colleague of Mallory's on Feishu, and Alice herself where others read along.
        await fixture.Assistant.SayAsync("/link confirm", "bob");
        await fixture.Assistant.UntilAsync(m => m.Content.Contains("nothing for you to confirm", StringComparison.Ordinal), "bob");
        await fixture.Assistant.Emulator.ActAsync(new { @as = "alice", @do = "send", chat = SeededCompany.PurchasingChat, text = "@Larkspur 助手 /link confirm" });
        await fixture.Assistant.HoldsAsync(() => fixture.Assistant.Emulator.State.Messages(SeededCompany.PurchasingChat).Any(m => m.Content.Contains("not in a group", StringComparison.Ordinal)));
        // A key that sends messages is no administrator's.
        var (secret, _) = await fixture.Gateway.MakeKeyAsync("canteen", ["messages:write", "messages:read"]);
        Assert.Equal(403, (await fixture.Gateway.CallAsync(secret, HttpMethod.Post, $"/people/{fixture.AliceId}/merge", new { from = fixture.MalloryId })).Status);
        await fixture.AreTwoAsync();

        // She can, by words too.
        await fixture.Assistant.SayAsync("/link confirm");
        await fixture.Assistant.UntilAsync(m => m.Content.Contains("accounts are linked", StringComparison.Ordinal));
        Assert.Equal(fixture.AliceId, await fixture.PersonAsync(fixture.MalloryId));
        Assert.NotNull(asked.Card);
    }

    [Fact]
    public async Task A_web_chat_may_not_link_at_all_unless_its_issuer_is_named()
    {
        await using var fixture = await LinkFixture.StartAsync(isPermitted: false);
        var code = await fixture.PhishAsync();
        await fixture.MallorySaysAsync("/link " + code, "cannot be linked this way");
        await fixture.MallorySaysAsync("/link", "cannot be linked this way");
        Assert.Empty(await fixture.TextsAsync("SELECT id FROM person_link_request"));
        await fixture.AreTwoAsync();
        Assert.DoesNotContain(fixture.Assistant.Sent(), m => m.Card?.Json.Contains("Link accounts?", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Codes_are_not_found_by_trying_and_own_codes_buy_no_more_tries()
    {
        await using var fixture = await LinkFixture.StartAsync();
        var code = await fixture.PhishAsync();
        for (var left = 4; left > 0; left--) await fixture.MallorySaysAsync("/link AAAAAAA" + "ACDEF"[left], left == 1 ? "try once more" : $"try {left} more times");
        // Her second account makes a code that is right, between the wrong ones.
        var (second, _) = await fixture.SessionAsync(new { issuer = LinkFixture.Issuer, subject = "mallory2", name = "Mallory", locale = "en_us" });
        using (second)
        {
            var said = await fixture.SaysAsync(second, "/link", "Your code:");
            await fixture.MallorySaysAsync("/link " + LinkFixture.CodeIn(said), "already have different accounts");
        }

        await fixture.MallorySaysAsync("/link AAAAAAAA", "try 0 more times");
        await fixture.MallorySaysAsync("/link " + code, "Too many wrong codes");
        Assert.Empty(await fixture.TextsAsync("SELECT id FROM person_link_request"));
    }
}
