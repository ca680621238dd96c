using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Authorizations;

/// <summary>The card that asks says how it stands, once that is known.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class AuthorizationCardTests : IAsyncLifetime
{
    private AuthorizationFixture _on = null!;

    public async ValueTask InitializeAsync() => _on = await AuthorizationFixture.StartAsync();

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task It_says_what_is_allowed_and_that_it_ended()
    {
        await _on.SayAsync("/agenda");
        using var browser = _on.Browser();
        await AuthorizationFixture.AllowAsync(browser, await _on.LinkAsync(), "bob");
        var card = await _on.HearsAsync("may use Feishu in your name");
        Assert.Contains("\"已授权\"", card, StringComparison.Ordinal);
        Assert.DoesNotContain("Authorise once", card, StringComparison.Ordinal);
        // It is the card that asked, and no second one.
        await _on.HearsAsync("周会");
        Assert.Equal(2, _on.Sent().Count);

        await _on.Emulator.ControlAsync(HttpMethod.Delete, "tokens");
        card = await _on.HearsAsync("may not use Feishu in your name any more");
        Assert.Contains("已结束", card, StringComparison.Ordinal);
        Assert.Equal(2, _on.Sent().Count);
    }

    [Fact]
    public async Task Refused_it_still_leads_to_the_page_that_allows_it_after_all()
    {
        await _on.SayAsync("/agenda");
        var link = await _on.LinkAsync();
        using var browser = _on.Browser();
        await browser.SignInAsync("feishu", "bob");
        await browser.PostAsync(new Uri(link).AbsolutePath, [new("decision", "refuse")]);
        var card = await _on.HearsAsync("You did not let");
        Assert.Contains("Allow it after all", card, StringComparison.Ordinal);
        Assert.Contains(link, card, StringComparison.Ordinal);
        await AuthorizationFixture.AllowAsync(browser, link, "bob");
        await _on.HearsAsync("may use Feishu in your name");
        Assert.DoesNotContain(_on.Sent(), m => m.Contains("Allow it after all", StringComparison.Ordinal));
    }

    [Fact]
    public async Task One_that_is_on_its_way_when_it_is_answered_changes_once_it_is_there()
    {
        await _on.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages", delay_ms = 3000, count = 1 });
        var asked = await AskAsync("calendar:calendar:readonly");
        await _on.AllowAsync(asked.Text("url")!);
        Assert.Equal(["given"], await _on.StatesAsync());
        await _on.HearsAsync("may use Feishu in your name");
        Assert.Single(_on.Sent());
    }

    [Fact]
    public async Task One_that_a_wider_one_replaces_says_so()
    {
        await AskAsync("calendar:calendar:readonly");
        await _on.AllowAsync(await _on.LinkAsync());
        await AskAsync("calendar:calendar:readonly", "calendar:calendar.event:create");
        await _on.AllowAsync(await _on.LinkAsync(after: 1));
        await _on.HearsAsync("took the place of this one");
        Assert.DoesNotContain(_on.Sent(), m => m.Contains("may not use Feishu", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_late_no_can_be_undone_as_long_as_it_holds()
    {
        await AskAsync("calendar:calendar:readonly");
        var link = await _on.LinkAsync();
        var soon = DateTimeOffset.UtcNow.AddMinutes(5).ToUnixTimeMilliseconds();
        await _on.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(
            async unit => { await unit.ExecuteAsync("UPDATE user_authorization SET expires_at = $1", soon); }, TestContext.Current.CancellationToken);
        using var browser = _on.Browser();
        await browser.SignInAsync("feishu", "bob");
        await browser.PostAsync(new Uri(link).AbsolutePath, [new("decision", "refuse")]);
        await _on.HearsAsync("Allow it after all");
        var until = (await _on.RowsAsync("SELECT expires_at FROM user_authorization", r => r.GetInt64(0))).Single();
        Assert.True(until > DateTimeOffset.UtcNow.AddDays(6).ToUnixTimeMilliseconds());
    }

    private async Task<RestAnswer> AskAsync(params string[] scopes)
    {
        var asked = await _on.Gateway.PostRestAsync("/authorizations", new { to = new { email = "bob@mica.example" }, scopes, reason = "x" });
        Assert.Equal(201, asked.Status);
        return asked;
    }
}
