using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Cards;

/// <summary>Templates that administrators write in the console: kept for all processes, sent by their name, never lost to another writer.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class StoredTemplateTests : IAsyncLifetime
{
    private static readonly Actor Admin = Actor.Console("admin", "127.0.0.1");

    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-stored-templates-").FullName;
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;

    private StoredTemplates Stored => _gateway.Services.GetRequiredService<StoredTemplates>();

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString(), new Dictionary<string, string?> { ["Larkspur:Cards:Folder"] = _folder });
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_written_is_sent_by_its_name_until_it_is_deleted()
    {
        await SaveAsync(Text("order", "Order ${number}"), null);
        var sent = await _gateway.PostRestAsync("/messages?wait=20", new { to = new { user_id = "alice" }, template = "order", variables = new { number = "PO-7" } });
        Assert.True(sent.Status == 200 && sent.Text("state") == "sent", sent + _gateway.Logs.Text);
        await _emulator.WaitForMessageAsync("from=app&contains=PO-7");

        var listed = (await _gateway.GetRestAsync("/cards/templates")).Body.GetProperty("items")[0];
        Assert.Equal(("order", null), (listed.GetProperty("name").GetString(), listed.GetProperty("file").GetString()));
        var audited = (await _gateway.GetRestAsync("/audit?what=card_template.created")).Body;
        Assert.Contains("\"order\"", audited.GetRawText(), StringComparison.Ordinal);

        Assert.True(await Stored.DeleteAsync(Admin, "order", TestContext.Current.CancellationToken));
        Assert.False(await Stored.DeleteAsync(Admin, "order", TestContext.Current.CancellationToken));
        var refused = await _gateway.PostRestAsync("/messages", new { to = new { user_id = "alice" }, template = "order", variables = new { number = "PO-8" } });
        Assert.Equal((422, "unknown_template"), (refused.Status, refused.Error));
    }

    [Fact]
    public async Task Two_who_write_one_template_do_not_overwrite_each_other()
    {
        var first = await SaveAsync(Text("order", "First"), null);
        await AssertRefusedAsync(Text("order", "Another new one"), null);
        var second = await SaveAsync(Text("order", "Second"), first.ChangedAt);
        Assert.True(second.ChangedAt > first.ChangedAt);
        await AssertRefusedAsync(Text("order", "From what the first was"), first.ChangedAt);
        await Stored.DeleteAsync(Admin, "order", TestContext.Current.CancellationToken);
        await AssertRefusedAsync(Text("order", "It was deleted"), second.ChangedAt);
        Assert.Empty(Stored.All);
    }

    [Fact]
    public async Task A_file_of_the_same_name_counts_and_both_are_known()
    {
        await SaveAsync(Text("order", "Written"), null);
        await File.WriteAllTextAsync(Path.Combine(_folder, "order.card.json"), Text("order", "Of the file"), TestContext.Current.CancellationToken);
        var templates = _gateway.Services.GetRequiredService<CardTemplates>();
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (templates.Now().Templates["order"].File is null) await ticks.WaitForNextTickAsync(bound.Token);
        var rendered = await _gateway.PostRestAsync("/cards/render", new { template = "order", variables = new { number = "1" } });
        Assert.Contains("Of the file", rendered.Body.GetRawText(), StringComparison.Ordinal);
        Assert.NotNull(Assert.Single(Stored.All).Template);
    }

    [Fact]
    public async Task What_an_older_version_kept_and_this_one_cannot_read_is_listed_with_its_problems()
    {
        await SaveAsync(Text("order", "Fine"), null);
        await _gateway.Services.GetRequiredService<IDatabase>().TransactAsync(
            async unit => await unit.ExecuteAsync("UPDATE card_template SET definition = $1", """{"name":"order","message":{"title":"${nobody}"}}"""),
            TestContext.Current.CancellationToken);
        await SaveAsync(Text("other", "Fine"), null);
        var listed = (await _gateway.GetRestAsync("/cards/templates")).Body;
        Assert.Equal("other", Assert.Single(listed.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        var refused = Assert.Single(listed.GetProperty("refused").EnumerateArray());
        Assert.Equal(("order", null), (refused.GetProperty("name").GetString(), refused.GetProperty("file").GetString()));
        Assert.Contains("nobody", refused.GetProperty("problems").GetRawText(), StringComparison.Ordinal);
    }

    private static string Text(string name, string title) =>
        $$$"""{"name":"{{{name}}}","variables":{"number":{"type":"text"}},"message":{"title":"{{{title}}}","markdown":"${number}"}}""";

    private async Task<StoredTemplate> SaveAsync(string text, DateTimeOffset? known) =>
        await Stored.SaveAsync(Admin, StoredTemplates.Judge(text, [])!, text, known, TestContext.Current.CancellationToken);

    private async Task AssertRefusedAsync(string text, DateTimeOffset? known) =>
        Assert.Equal(StoredTemplates.ChangedMeanwhile, (await Assert.ThrowsAsync<RequestRefusedException>(() => SaveAsync(text, known))).Word);
}
