using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>Settings are read and edited in the table <c>system_parameters</c> too: judged as over REST, and nothing is lost by a slip.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SystemParametersTests : IAsyncLifetime
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(3);

    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private FeishuStub _feishu = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>(SettingsFixture.NoApp) { ["LARKSPUR_BASE_URL"] = "https://gateway.example.com" }, clock: _clock);
        await UntilAsync(async () => (await RowsAsync()).Count >= _gateway.Settings().Now.All.Count);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task An_edit_counts_within_seconds_and_its_line_says_the_database()
    {
        Assert.Equal(("false", "default", null), await RowAsync(FeishuIntegration.NotifyOnPr));
        await EditAsync(FeishuIntegration.NotifyOnPr, " true ");
        await UntilAsync(() => Task.FromResult(_gateway.Settings().Now.IsOn(FeishuIntegration.NotifyOnPr)));
        await UntilAsync(async () => await RowAsync(FeishuIntegration.NotifyOnPr) == ("true", "stored", null));
        Assert.Equal("""database setting.changed auth.feishu.notify_on_pr {"from":null,"to":"true"}""", Assert.Single(await LinesAsync()));
        Assert.Equal("database", _gateway.Settings().Now[FeishuIntegration.NotifyOnPr].ChangedBy);

        // Emptied, its default counts and is shown.
        await EditAsync(FeishuIntegration.NotifyOnPr, null);
        await UntilAsync(async () => await RowAsync(FeishuIntegration.NotifyOnPr) == ("false", "default", null));
        Assert.False(_gateway.Settings().Now.IsOn(FeishuIntegration.NotifyOnPr));
        Assert.Equal(2, (await LinesAsync()).Length);
    }

    [Fact]
    public async Task What_is_changed_elsewhere_is_shown()
    {
        await _gateway.SetAsync(FeishuIntegration.ApprovalCode, "A-1");
        await UntilAsync(async () => await RowAsync(FeishuIntegration.ApprovalCode) == ("A-1", "stored", null));
        Assert.Equal("console:anna setting.changed auth.feishu.approval_code {\"from\":null,\"to\":\"A-1\"}", Assert.Single(await LinesAsync()));
    }

    [Fact]
    public async Task A_secret_is_taken_encrypted_and_hidden()
    {
        await EditAsync(FeishuIntegration.AppSecret, "typed-into-the-database");
        await UntilAsync(async () => await RowAsync(FeishuIntegration.AppSecret) == ("********", "stored", null));
        Assert.Equal("typed-into-the-database", _gateway.Settings().Now.Text(FeishuIntegration.AppSecret));
        var kept = await TextsAsync("SELECT value FROM setting WHERE name = $1", FeishuIntegration.AppSecret);
        Assert.DoesNotContain("typed", Assert.Single(kept), StringComparison.Ordinal);
        Assert.DoesNotContain("typed", string.Join('\n', await LinesAsync()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("auth.feishu.notify_on_pr", "yes", "false", "It is true or false / 只能是 true 或 false")]
    [InlineData("auth.feishu.app_secret", "********", "", "enter the secret itself")]
    [InlineData("auth.feishu.callback_domain", "https://other.example.com", "https://gateway.example.com", "LARKSPUR_BASE_URL")]
    public async Task What_does_not_fit_is_put_back_and_says_why(string name, string typed, string was, string problem)
    {
        await EditAsync(name, typed);
        await UntilAsync(async () => (await RowAsync(name)).Problem?.Contains(problem, StringComparison.Ordinal) == true);
        Assert.Equal(was, (await RowAsync(name)).Value);
        Assert.Empty(await LinesAsync());

        // A look later it still says so.
        _clock.Advance(Look);
        await EditAsync(FeishuIntegration.ApprovalCode, "A-2");
        await UntilAsync(() => Task.FromResult(_gateway.Settings().Now.Text(FeishuIntegration.ApprovalCode) == "A-2"));
        Assert.Contains(problem, (await RowAsync(name)).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_is_none_is_told_the_nearest_and_keeps_no_value()
    {
        await ExecuteAsync("INSERT INTO system_parameters (name, value) VALUES ($1, $2)", "auth.feishu.app_secrt", "a-secret-in-the-wrong-row");
        await UntilAsync(async () => (await RowAsync("auth.feishu.app_secrt")).Problem is not null);
        var row = await RowAsync("auth.feishu.app_secrt");
        Assert.Equal("", row.Value);
        Assert.Contains("did you mean auth.feishu.app_secret?", row.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edits_of_one_transaction_count_together_beside_one_that_is_refused()
    {
        var versions = new List<string>();
        using var listening = _gateway.Settings().OnChange(state => versions.Add($"{state.Text(FeishuIntegration.AppId)} {state.Text(FeishuIntegration.AppSecret)}"));
        await _gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            foreach (var (name, value) in new[] { (FeishuIntegration.AppId, "cli_4711"), (FeishuIntegration.AppSecret, "a-new-secret"), (FeishuIntegration.Enabled, "on") })
                await unit.ExecuteAsync("UPDATE system_parameters SET value = $2 WHERE name = $1", name, value);
        }, TestContext.Current.CancellationToken);
        await UntilAsync(async () => await RowAsync(FeishuIntegration.AppSecret) == ("********", "stored", null));
        Assert.Equal(["cli_4711 a-new-secret"], versions);
        Assert.Equal("false", (await RowAsync(FeishuIntegration.Enabled)).Value);
        Assert.NotNull((await RowAsync(FeishuIntegration.Enabled)).Problem);
    }

    [Fact]
    public async Task A_row_that_is_deleted_comes_back_beside_one_that_means_nothing()
    {
        await ExecuteAsync("INSERT INTO system_parameters (name, value) VALUES ($1, $2)", "a.note.of.mine", "x");
        await ExecuteAsync("DELETE FROM system_parameters WHERE name = $1", FeishuIntegration.Enabled);
        await UntilAsync(async () => (await RowsAsync()).Contains(FeishuIntegration.Enabled));
        Assert.Equal(("false", "default", null), await RowAsync(FeishuIntegration.Enabled));
    }

    [Fact]
    public async Task What_a_newer_process_wrote_stays()
    {
        await ExecuteAsync("UPDATE system_parameters SET value = 'theirs', written = 'theirs', version = 1000 WHERE name = $1", FeishuIntegration.ApprovalCode);
        await _gateway.SetAsync(FeishuIntegration.NotifyOnPr, "true");
        await UntilAsync(async () => (await RowAsync(FeishuIntegration.NotifyOnPr)).Value == "true");
        Assert.Equal("theirs", (await RowAsync(FeishuIntegration.ApprovalCode)).Value);
    }

    [Fact]
    public async Task Emptying_the_table_changes_nothing_and_it_fills_again()
    {
        await _gateway.SetAsync(FeishuIntegration.ApprovalCode, "A-1");
        await ExecuteAsync("DELETE FROM system_parameters");
        await UntilAsync(async () => (await RowsAsync()).Count == _gateway.Settings().Now.All.Count);
        Assert.Equal(("A-1", "stored", null), await RowAsync(FeishuIntegration.ApprovalCode));
        Assert.Equal("A-1", _gateway.Settings().Now.Text(FeishuIntegration.ApprovalCode));
        Assert.Single(await LinesAsync());
    }

    private Task UntilAsync(Func<Task<bool>> holds) => Webhooks.Passing.PassUntilAsync(_clock, Look, holds);

    private Task EditAsync(string name, string? value) => ExecuteAsync("UPDATE system_parameters SET value = $2 WHERE name = $1", name, value);

    private Task ExecuteAsync(string sql, params object?[] values) =>
        _gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => { await unit.ExecuteAsync(sql, values); }, TestContext.Current.CancellationToken);

    private Task<List<string>> TextsAsync(string sql, params object?[] values) =>
        _gateway.Services.GetRequiredService<IDatabase>().ReadAsync(s => s.QueryAsync(sql, row => row.GetString(0), values), TestContext.Current.CancellationToken);

    private Task<List<string>> RowsAsync() => TextsAsync("SELECT name FROM system_parameters");

    private async Task<(string? Value, string Source, string? Problem)> RowAsync(string name) => await _gateway.Services.GetRequiredService<IDatabase>()
        .ReadAsync(async s => (await s.QueryAsync("SELECT value, source, problem FROM system_parameters WHERE name = $1",
            row => (row.Text(0), row.GetString(1), row.Text(2)), name))[0], TestContext.Current.CancellationToken);

    private async Task<string[]> LinesAsync() =>
        [.. await TextsAsync("SELECT who || ' ' || what || ' ' || subject || ' ' || detail FROM audit WHERE what = 'setting.changed' ORDER BY id")];
}
