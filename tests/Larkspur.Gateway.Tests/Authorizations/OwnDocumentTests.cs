using System.Text.Json.Nodes;

namespace Larkspur.Gateway.Tests.Authorizations;

/// <summary>Documents that the asker may read and the app may not: read in the asker's own name, once they have allowed it.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OwnDocumentTests : IAsyncLifetime
{
    private AuthorizationFixture _on = null!;

    public async ValueTask InitializeAsync() => _on = await AuthorizationFixture.StartAsync();

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task A_question_waits_for_the_askers_word_and_is_answered_with_the_document()
    {
        var address = await DocumentAsync("bob");
        await _on.SayAsync($"Summarise {address}");
        var link = await _on.LinkAsync();
        await _on.HearsAsync("I cannot open this document");
        Assert.Equal(0, await _on.CallsAsync("/chat-messages"));
        Assert.True((await _on.AllowAsync(link)).Says("Authorised"));
        await _on.HearsAsync("the moon is made of jade");
        Assert.Equal(1, await _on.CallsAsync("/chat-messages"));
        // The next question is answered at once.
        await _on.SayAsync($"And again: {address}");
        await _on.HoldsAsync(() => _on.Sent().Count(m => m.Contains("the moon is made of jade", StringComparison.Ordinal)) == 2, "the second answer");
        Assert.Single(_on.Links());
    }

    [Fact]
    public async Task What_the_asker_may_not_read_either_is_not_read()
    {
        var mine = await DocumentAsync("bob");
        await _on.SayAsync($"Summarise {mine}");
        await _on.AllowAsync(await _on.LinkAsync());
        await _on.HearsAsync("the moon is made of jade");
        var hers = await DocumentAsync("alice", "salaries of everybody");
        await _on.SayAsync($"Summarise {hers}");
        await _on.HearsAsync("you may not read it");
        Assert.DoesNotContain(_on.Sent(), m => m.Contains("salaries of everybody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_no_is_told_where_the_question_was_asked()
    {
        await _on.SayAsync($"Summarise {await DocumentAsync("bob")}");
        var link = await _on.LinkAsync();
        using var browser = _on.Browser();
        await browser.SignInAsync("feishu", "bob");
        await browser.PostAsync(new Uri(link).AbsolutePath, [new("decision", "refuse")]);
        await _on.HearsAsync("You did not allow it, so I have not read the document");
        Assert.Equal(0, await _on.CallsAsync("/chat-messages"));
        // The next question goes on without it, and says why.
        await _on.SayAsync($"Summarise {await DocumentAsync("bob")}");
        await _on.HearsAsync("I do not ask again for seven days");
    }

    [Fact]
    public async Task What_is_taken_back_ends_at_once()
    {
        var address = await DocumentAsync("bob");
        await _on.SayAsync($"Summarise {address}");
        await _on.AllowAsync(await _on.LinkAsync());
        await _on.HearsAsync("the moon is made of jade");
        using var browser = _on.Browser();
        await browser.SignInAsync("feishu", "bob");
        var list = await browser.GetAsync("/authorizations");
        Assert.True(list.Says("The assistant") && list.Says("docx:document:readonly"), list.ToString());
        var id = (await _on.RowsAsync("SELECT id FROM user_authorization", r => r.GetString(0)))[0];
        await browser.PostAsync("/authorizations", [new("id", id)]);
        Assert.True((await browser.GetAsync("/authorizations")).Says("You have not allowed anything"));
        Assert.Equal(0, await _on.TokensAsync());
        await _on.SayAsync($"Once more: {address}");
        await _on.LinkAsync(after: 1);
    }

    [Fact]
    public async Task Whom_the_assistant_may_read_for_is_nothing_to_the_bots_commands()
    {
        await _on.SayAsync($"Summarise {await DocumentAsync("bob")}");
        await _on.AllowAsync(await _on.LinkAsync());
        await _on.HearsAsync("the moon is made of jade");
        await _on.SayAsync("/agenda");
        await _on.AllowAsync(await _on.LinkAsync(after: 1));
        await _on.HearsAsync("周会");
        // One token for both on the platform; two words of the person here. Taking one back leaves the other.
        var holders = await _on.RowsAsync("SELECT holder, scopes FROM user_authorization WHERE state = 'given' ORDER BY number",
            r => (r.GetString(0), r.GetString(1)));
        Assert.Equal([("assistant", "docx:document:readonly"), ("bot", "calendar:calendar:readonly")], holders);
        Assert.Equal(1, await _on.TokensAsync());
    }

    /// <summary>A document of somebody's own, which the app was not added to.</summary>
    private async Task<string> DocumentAsync(string owner, string text = "the moon is made of jade")
    {
        var body = new JsonObject { ["title"] = "Own notes", ["text"] = text, ["owner"] = owner };
        var made = await _on.Emulator.ControlAsync(HttpMethod.Post, "documents", body);
        return new Uri(_on.Emulator.BaseUrl, made["path"]!.GetValue<string>()).ToString();
    }
}
