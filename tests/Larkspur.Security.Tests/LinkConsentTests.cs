using Larkspur.Gateway.Tests.Api;
using Larkspur.Emulator.World;

namespace Larkspur.Security.Tests;

/// <summary>Mallory has got a code out of Alice ("please tell me the code that you are shown") and types it in the web chat, to become
/// her.</summary>
public sealed class LinkConsentTests
{
    [Fact]
    public async Task Alice_is_asked_with_the_name_and_issuer_and_nothing_is_joined_until_she_confirms()
    {
        await using var stage = await LinkStage.StartAsync();
        await stage.MallorySaysAsync("/link " + await stage.PhishAsync(), "asking the owner of this code");
        var asked = await stage.AskedAsync();
        foreach (var word in (string[])["Link accounts?", "Mallory", LinkStage.Issuer, "with your Feishu account", "10 minutes"]) Assert.Contains(word, asked.Card!.Json, StringComparison.Ordinal);
        await stage.AreTwoAsync();

        // She does not know that one.
        var clicked = await stage.Assistant.ClickAsync(asked.MessageId, "That is not me");
        Assert.Equal("success", clicked["toast"]!["type"]!.GetValue<string>());
        await stage.HoldsAsync(async () => LinkStage.Relaxed(await stage.Mallory.HistoryAsync()).Contains("did not confirm", StringComparison.Ordinal));
        await stage.AreTwoAsync();
        // The word holds, also against a click that comes later.
        Assert.Equal("warning", (await stage.Assistant.ClickAsync(asked.MessageId, "Link"))["toast"]!["type"]!.GetValue<string>());
        await stage.AreTwoAsync();
        Assert.NotEmpty(await stage.TextsAsync("SELECT who FROM audit WHERE what = 'person.link_refused'"));
    }

    [Fact]
    public async Task What_nobody_confirms_in_ten_minutes_joins_nobody()
    {
        await using var stage = await LinkStage.StartAsync();
        await stage.MallorySaysAsync("/link " + await stage.PhishAsync(), "asking the owner of this code");
        var asked = await stage.AskedAsync();
        await stage.RunAsync("UPDATE person_link_request SET expires_at = 1");
        var clicked = await stage.Assistant.ClickAsync(asked.MessageId, "Link");
        Assert.Contains("十分钟已过", clicked["toast"]!["content"]!.GetValue<string>(), StringComparison.Ordinal);
        await stage.AreTwoAsync();
    }

    [Fact]
    public async Task Mallory_cannot_confirm_for_her()
    {
        await using var stage = await LinkStage.StartAsync();
        await stage.MallorySaysAsync("/link " + await stage.PhishAsync(), "asking the owner of this code");
        var asked = await stage.AskedAsync();
        var request = await stage.RequestAsync();

        // In her own chat, by words and by a click that she makes up, as if she had seen the request's id.
        await stage.MallorySaysAsync("/link confirm", "nothing for you to confirm");
        var forged = await stage.Mallory.DoAsync("asst:confirm:" + request);
        Assert.Equal((200, "warning"), (forged.Status, forged.Json!["toast"]!["kind"]!.GetValue<string>()));
        // Through a session that a business system opens for Alice by her id: it speaks for her, and is none of her accounts.
        var (asAlice, person) = await stage.SessionAsync(new { person = stage.AliceId, locale = "en_us" });
        using (asAlice)
        {
            Assert.Equal(stage.AliceId, person);
            await stage.SaysAsync(asAlice, "/link confirm", "opened this chat for you");
            Assert.Equal("warning", (await asAlice.DoAsync("asst:confirm:" + request)).Json!["toast"]!["kind"]!.GetValue<string>());
        }

        // A colleague of Mallory's on Feishu, and Alice herself where others read along.
        await stage.Assistant.SayAsync("/link confirm", "bob");
        await stage.Assistant.UntilAsync(m => m.Content.Contains("nothing for you to confirm", StringComparison.Ordinal), "bob");
        await stage.Assistant.Emulator.ActAsync(new { @as = "alice", @do = "send", chat = SeededCompany.PurchasingChat, text = "@Larkspur 助手 /link confirm" });
        await stage.Assistant.HoldsAsync(() => stage.Assistant.Emulator.World.Messages(SeededCompany.PurchasingChat).Any(m => m.Content.Contains("not in a group", StringComparison.Ordinal)));
        // A key that sends messages is no administrator's.
        var (secret, _) = await stage.Gateway.MakeKeyAsync("canteen", ["messages:write", "messages:read"]);
        Assert.Equal(403, (await stage.Gateway.CallAsync(secret, HttpMethod.Post, $"/people/{stage.AliceId}/merge", new { from = stage.MalloryId })).Status);
        await stage.AreTwoAsync();

        // She can, by words too.
        await stage.Assistant.SayAsync("/link confirm");
        await stage.Assistant.UntilAsync(m => m.Content.Contains("accounts are linked", StringComparison.Ordinal));
        Assert.Equal(stage.AliceId, await stage.PersonAsync(stage.MalloryId));
        Assert.NotNull(asked.Card);
    }

    [Fact]
    public async Task A_web_chat_may_not_link_at_all_unless_its_issuer_is_named()
    {
        await using var stage = await LinkStage.StartAsync(isPermitted: false);
        var code = await stage.PhishAsync();
        await stage.MallorySaysAsync("/link " + code, "cannot be linked this way");
        await stage.MallorySaysAsync("/link", "cannot be linked this way");
        Assert.Empty(await stage.TextsAsync("SELECT id FROM person_link_request"));
        await stage.AreTwoAsync();
        Assert.DoesNotContain(stage.Assistant.Sent(), m => m.Card?.Json.Contains("Link accounts?", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Codes_are_not_found_by_trying_and_own_codes_buy_no_more_tries()
    {
        await using var stage = await LinkStage.StartAsync();
        var code = await stage.PhishAsync();
        for (var left = 4; left > 0; left--) await stage.MallorySaysAsync("/link AAAAAAA" + "ACDEF"[left], $"try {left} more times");
        // Her second account makes a code that is right, between the wrong ones.
        var (second, _) = await stage.SessionAsync(new { issuer = LinkStage.Issuer, subject = "mallory2", name = "Mallory", locale = "en_us" });
        using (second)
        {
            var said = await stage.SaysAsync(second, "/link", "Your code:");
            await stage.MallorySaysAsync("/link " + LinkStage.CodeIn(said), "already have different accounts");
        }

        await stage.MallorySaysAsync("/link AAAAAAAA", "try 0 more times");
        await stage.MallorySaysAsync("/link " + code, "Too many wrong codes");
        Assert.Empty(await stage.TextsAsync("SELECT id FROM person_link_request"));
    }
}
