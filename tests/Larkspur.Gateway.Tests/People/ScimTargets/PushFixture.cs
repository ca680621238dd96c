using System.Text.Json;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.People.Scim;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.ScimTargets;

/// <summary>A gateway whose people an upstream tells of, and a system that they are pushed to.</summary>
internal sealed class PushFixture : IAsyncDisposable
{
    /// <summary>Nothing is under way, nothing waits to be seen, and nothing is due.</summary>
    private const string Busy = """
        SELECT COUNT(*) FROM scim_target t WHERE t.paused IS NULL AND (t.lease_until IS NOT NULL OR (t.away IS NULL AND (t.phase IS NOT NULL
          OR EXISTS (SELECT 1 FROM scim_change c WHERE c.no > t.seen))))
        """;

    private readonly FeishuStub _feishu;

    private readonly Dictionary<string, string?> _settings;

    private PushFixture(FeishuStub feishu, GatewayApp gateway, FakeTarget target, ScimClient upstream, Dictionary<string, string?> settings) =>
        (_feishu, Gateway, Target, Upstream, _settings) = (feishu, gateway, target, upstream, settings);

    public GatewayApp Gateway { get; private set; }

    public FakeTarget Target { get; }

    /// <summary>Tells of people, as Entra does.</summary>
    public ScimClient Upstream { get; }

    public IDatabase Database => Gateway.Services.GetRequiredService<IDatabase>();

    public static async Task<PushFixture> StartAsync(params (string Name, string Value)[] settings)
    {
        var feishu = await FeishuStub.StartAsync();
        var values = new Dictionary<string, string?> { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" };
        foreach (var (name, value) in settings) values[name] = value;
        var gateway = await GatewayApp.StartAsync(feishu.Address, values);
        return new(feishu, gateway, await FakeTarget.StartAsync(), await ScimClient.MakeAsync(gateway), values);
    }

    /// <summary>The gateway stops, and another process goes on where it left.</summary>
    public async Task RestartAsync()
    {
        await Gateway.StopAsync();
        Gateway = await GatewayApp.StartAsync(_feishu.Address, _settings, Gateway.DataFolder);
    }

    /// <summary>Pushes people to the target, and waits until that is done.</summary>
    public async Task<JsonElement> PutAsync(string userName = "email", string groups = "none")
    {
        var put = await Gateway.RestAsync(HttpMethod.Put, "/scim-targets/tool",
            new { url = Target.Url, token = FakeTarget.Token, user_name = userName, groups });
        Assert.True(put.Status is 200 or 201, put.ToString());
        return await SettledAsync();
    }

    /// <summary>Waits until there is nothing to do, and gives the target as REST shows it.</summary>
    public async Task<JsonElement> SettledAsync()
    {
        await HoldsAsync(async () => await NumberAsync(Busy) == 0);
        return await ShowAsync();
    }

    public async Task<JsonElement> ShowAsync() => (await Gateway.GetRestAsync("/scim-targets/tool")).Body;

    public async Task<RestAnswer> SyncAsync(object? body = null) => await Gateway.PostRestAsync("/scim-targets/tool/sync", body);

    public async Task<JsonElement> DryRunAsync()
    {
        var answer = await SyncAsync(new { dry_run = true });
        Assert.True(answer.Status == 200, answer.ToString());
        return answer.Body.GetProperty("difference");
    }

    public async Task HoldsAsync(Func<Task<bool>> holds) => await Gateway.UntilAsync(async () =>
    {
        Gateway.Services.GetRequiredService<TargetSignal>().Wake();
        return await holds();
    });

    public async Task<long> NumberAsync(string sql, params object?[] values) =>
        await Database.ReadAsync(async s => await s.NumberAsync(sql, values)) ?? 0;

    public Task WriteAsync(string sql) => Database.TransactAsync(async unit => { await unit.ExecuteAsync(sql); }, TestContext.Current.CancellationToken);

    public async Task PatchUserAsync(string id, string operation)
    {
        var patched = await Upstream.PatchAsync("/Users/" + id, operation);
        Assert.True(patched.Status is 200 or 204, patched.ToString());
    }

    /// <summary>What the upstream told until now is as if a platform's own directory had told it.</summary>
    public async Task TellAsPlatformAsync()
    {
        await WriteAsync("UPDATE directory SET platform = 'feishu' WHERE platform = 'scim'");
        await WriteAsync("DELETE FROM person_identity WHERE platform = 'scim'");
        await WriteAsync("UPDATE person_account SET platform = 'feishu' WHERE platform = 'scim'");
    }

    /// <summary>Somebody who only wrote to the bot; their id.</summary>
    public async Task<string> VisitorAsync() => (await Gateway.Services.GetRequiredService<IIdentities>().GetOrCreateAsync(
        new PlatformAccount
        {
            Platform = "feishu", App = "default", Name = "Visitor", IsExternal = false,
            Ids = [new("feishu", "default", "open_id", "ou_visitor")],
        }, TestContext.Current.CancellationToken)).Id;

    public Task FreezeAsync(string id) => PatchUserAsync(id, """{"op":"replace","path":"active","value":false}""");

    /// <summary>What is said of somebody who failed or is left out.</summary>
    public static JsonElement FailureOf(JsonElement target, string id) =>
        target.GetProperty("failures").EnumerateArray().Single(f => f.GetProperty("id").GetString() == id);

    public static long Count(JsonElement json, string name) => json.GetProperty(name).GetInt64();

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        await Target.DisposeAsync();
        await _feishu.DisposeAsync();
    }
}
