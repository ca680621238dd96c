using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Tables.Syncs;

/// <summary>A business system syncs its own bases with its own connections; it opens nothing by itself, and learns nothing of others.
/// </summary>
public sealed class SyncReachTests : IAsyncLifetime
{
    private static readonly string[] Usual = ["syncs:read", "syncs:write", "tables:read"];

    private SyncFixture _on = null!;

    public async ValueTask InitializeAsync() => _on = await SyncFixture.StartAsync(connect: false);

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task Another_systems_sync_is_not_there()
    {
        var (erp, _) = await _on.Gateway.MakeKeyAsync("erp", Usual);
        var (canteen, _) = await _on.Gateway.MakeKeyAsync("canteen", Usual);
        await _on.OpenBaseAsync("erp");
        await _on.ConnectAsync("erp", "erp");
        Assert.Equal(201, (await _on.Gateway.CallAsync(erp, HttpMethod.Put, SyncFixture.Path, SyncFixture.Spec())).Status);
        foreach (var (method, path, body) in ((HttpMethod, string, object?)[])
            [
                (HttpMethod.Get, "", null), (HttpMethod.Delete, "", null), (HttpMethod.Post, "/plan", null),
                (HttpMethod.Post, "/start", null),
                (HttpMethod.Post, "/pause", null), (HttpMethod.Post, "/resume", null), (HttpMethod.Post, "/run", null),
                (HttpMethod.Post, "/deletions", new { decision = "delete" }), (HttpMethod.Get, "/conflicts", null),
                (HttpMethod.Post, "/conflicts", new { decision = "table", ids = new[] { 1 } }),
                (HttpMethod.Post, "/conflicts/1", new { decision = "table" }), (HttpMethod.Get, "/problems", null),
                (HttpMethod.Post, "/problems/retry", null), (HttpMethod.Get, "/runs", null), (HttpMethod.Get, "/rows/x/history", null),
                (HttpMethod.Post, "/runs/1/undo", null),
            ])
        {
            var other = await _on.Gateway.CallAsync(canteen, method, SyncFixture.Path + path, body);
            var none = await _on.Gateway.CallAsync(canteen, method, "/syncs/nobody" + path, body);
            Assert.True((404, none.Body.GetRawText()) == (other.Status, other.Body.GetRawText()), $"{method} {path}: {other.Body}");
        }

        Assert.Empty((await _on.Gateway.CallAsync(canteen, HttpMethod.Get, "/syncs")).Body.GetProperty("items").EnumerateArray());
        var taken = await _on.Gateway.CallAsync(canteen, HttpMethod.Put, SyncFixture.Path, SyncFixture.Spec());
        Assert.Equal((409, "name_in_use"), (taken.Status, taken.Error));
        var own = await _on.Gateway.CallAsync(canteen, HttpMethod.Put, "/syncs/own", SyncFixture.Spec());
        Assert.Equal((422, "unknown_base", "/table/base"), (own.Status, own.Error, own.Text("pointer")));
        Assert.Equal(404, (await _on.Gateway.CallAsync(canteen, HttpMethod.Get, "/sync-connections/erp/probe")).Status);
    }

    [Fact]
    public async Task A_system_connects_nothing_and_uses_no_connection_of_another()
    {
        var (erp, _) = await _on.Gateway.MakeKeyAsync("erp", Usual);
        var put = await _on.Gateway.CallAsync(
            erp, HttpMethod.Put, "/sync-connections/own", new { kind = "sqlite", address = "/etc/passwd" });
        Assert.Equal((403, "missing_scope", "settings:write"), (put.Status, put.Error, put.Text("scope")));
        await _on.OpenBaseAsync("erp");
        await _on.ConnectAsync("erp", "canteen");
        var sync = await _on.Gateway.CallAsync(erp, HttpMethod.Put, SyncFixture.Path, SyncFixture.Spec());
        Assert.Equal((422, "unknown_connection", "/source/connection"), (sync.Status, sync.Error, sync.Text("pointer")));
        var given = await _on.Gateway.CallAsync(erp, HttpMethod.Put, "/syncs/theirs", new
        {
            table = new { @base = "ledger", table = "x" }, source = new { connection = "erp", table = "orders" }, key = new[] { "no" },
            fields = new[] { new { field = "a", column = "no" } }, system = "canteen",
        });
        Assert.Equal((403, "system_not_held", "/system"), (given.Status, given.Error, given.Text("pointer")));
    }

    [Fact]
    public async Task A_connections_address_stands_in_no_answer_and_in_no_log()
    {
        await _on.OpenBaseAsync(null);
        await _on.ConnectAsync("erp", null);
        await _on.LiveAsync(SyncFixture.Spec());
        var folder = Path.GetDirectoryName(_on.File)!;
        foreach (var path in (string[])["/sync-connections", "/sync-connections/erp", "/sync-connections/erp/probe?table=orders",
            "/sync-connections/erp/probe?table=none", "/syncs", SyncFixture.Path, SyncFixture.Path + "/runs", "/audit"])
            Assert.DoesNotContain(folder, (await _on.Gateway.GetRestAsync(path)).ToString(), StringComparison.Ordinal);
        Assert.Equal("erp-9f3c1.db", (await _on.Gateway.GetRestAsync("/sync-connections/erp")).Text("shown"));
        var postgres = await _on.Gateway.RestAsync(HttpMethod.Put, "/sync-connections/pg", new
        {
            kind = "postgresql", address = "Host=127.0.0.1;Port=1;Database=erp;Username=u;Password=hunter-2-hunter",
        });
        Assert.Equal((503, "side_away", "/address"), (postgres.Status, postgres.Error, postgres.Pointer));
        Assert.DoesNotContain("hunter-2", postgres.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_on.Gateway.Logs.Lines, line => line.ToString().Contains("hunter-2", StringComparison.Ordinal)
            || line.ToString().Contains(folder, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_is_probed_kept_while_a_sync_uses_it_and_refused_where_it_is_wrong()
    {
        await _on.OpenBaseAsync(null);
        await _on.ConnectAsync("erp", null);
        var probe = SyncFixture.Done(await _on.Gateway.GetRestAsync("/sync-connections/erp/probe?table=orders"));
        Assert.Equal(("triggers", "no", true), (probe.Text("capture"), probe.Body.GetProperty("columns")[0].GetProperty("name").GetString(),
            probe.Body.GetProperty("columns")[0].GetProperty("key").GetBoolean()));
        var unknown = await _on.Gateway.GetRestAsync("/sync-connections/erp/probe?table=ordrs");
        Assert.Equal((422, "side_refused", "?table"), (unknown.Status, unknown.Error, unknown.Pointer));
        await _on.SurveyedAsync(SyncFixture.Spec());
        var used = await _on.Gateway.RestAsync(HttpMethod.Delete, "/sync-connections/erp");
        Assert.Equal((409, "connection_in_use"), (used.Status, used.Error));
        Assert.Contains("orders", used.Text("message"), StringComparison.Ordinal);
        Assert.Equal(204, (await _on.Gateway.RestAsync(HttpMethod.Delete, SyncFixture.Path)).Status);
        Assert.Equal(204, (await _on.Gateway.RestAsync(HttpMethod.Delete, "/sync-connections/erp")).Status);
        Assert.Equal(404, (await _on.Gateway.RestAsync(HttpMethod.Delete, "/sync-connections/erp")).Status);

        foreach (var (body, status, word, pointer) in ((object, int, string, string)[])
            [
                (new { kind = "sqlite" }, 400, "missing", "/address"), (new { address = "/x.db" }, 400, "missing", "/kind"),
                (new { kind = "sqlit", address = "/x.db" }, 422, "bad_kind", "/kind"),
                (new { kind = "sqlite", address = "x.db" }, 422, "bad_source", "/address"),
                (new { kind = "sqlite", address = "/no/such/file.db" }, 422, "side_refused", "/address"),
                (new { kind = "sqlite", adress = "/x.db" }, 400, "unknown_field", "/adress"),
            ])
        {
            var put = await _on.Gateway.RestAsync(HttpMethod.Put, "/sync-connections/new", body);
            Assert.True((put.Status, put.Error, put.Pointer) == (status, word, pointer), put.ToString());
        }
    }
}
