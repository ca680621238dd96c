using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>A gateway that knows nobody yet, and accounts as platforms tell of them.</summary>
internal static class IdentityFixture
{
    public static Task<GatewayApp> StartAsync(Dictionary<string, string?>? settings = null, TimeProvider? clock = null, Action<WebApplicationBuilder>? configure = null) =>
        GatewayApp.StartAsync("http://127.0.0.1:1", settings, clock: clock, configure: configure);

    public static IIdentities Identities(this GatewayApp gateway) => gateway.Services.GetRequiredService<IIdentities>();

    public static PersonAdministration People(this GatewayApp gateway) => gateway.Services.GetRequiredService<PersonAdministration>();

    public static IPermissions Permissions(this GatewayApp gateway) => gateway.Services.GetRequiredService<IPermissions>();

    public static IDatabase Database(this GatewayApp gateway) => gateway.Services.GetRequiredService<IDatabase>();

    public static async Task<KnownPerson> GetOrCreateAsync(this GatewayApp gateway, PlatformAccount account) => await gateway.Identities().GetOrCreateAsync(account, TestContext.Current.CancellationToken);

    public static async Task<KnownPerson?> FindAsync(this GatewayApp gateway, string id) => await gateway.Identities().FindAsync(id, TestContext.Current.CancellationToken);

    public static async Task<KnownPerson?> FindAsync(this GatewayApp gateway, PlatformIdentity id) => await gateway.Identities().FindAsync(id, TestContext.Current.CancellationToken);

    public static async Task<LinkCode> BeginAsync(this GatewayApp gateway, PlatformAccount by) =>
        (await gateway.Identities().BeginLinkAsync(by, ContactOf(by), TestContext.Current.CancellationToken)).Code ?? throw new InvalidOperationException("There is no code.");

    /// <summary>Types a code, which joins nobody.</summary>
    public static async Task<LinkResult> LinkAsync(this GatewayApp gateway, PlatformAccount by, string code) =>
        await gateway.Identities().LinkAsync(by, ContactOf(by), code, TestContext.Current.CancellationToken);

    /// <summary>What an account decides that is asked.</summary>
    public static async Task<LinkResult> DecideAsync(this GatewayApp gateway, PlatformAccount by, bool confirms = true, string? request = null) =>
        await gateway.Identities().DecideLinkAsync(by, request, null, confirms, TestContext.Current.CancellationToken);

    public static async Task<LinkResult> UndoAsync(this GatewayApp gateway, PlatformAccount by, string? join = null) =>
        await gateway.Identities().UndoLinkAsync(by, join, TestContext.Current.CancellationToken);

    /// <summary>The one makes a code, the other types it, and the one confirms.</summary>
    public static async Task<LinkResult> JoinAsync(this GatewayApp gateway, PlatformAccount one, PlatformAccount other)
    {
        var asked = await gateway.LinkAsync(other, (await gateway.BeginAsync(one)).Code);
        Assert.Equal(LinkOutcome.Asked, asked.Outcome);
        return await gateway.DecideAsync(one);
    }

    /// <summary>The newest request.</summary>
    public static async Task<string> RequestAsync(this GatewayApp gateway) => (await gateway.Database().ReadAsync(sql =>
        sql.QueryAsync("SELECT id FROM person_link_request ORDER BY created_at DESC LIMIT 1", row => row.GetString(0)), TestContext.Current.CancellationToken)).Single();

    public static LinkContact ContactOf(PlatformAccount by) =>
        new(by.Platform, by.App, "chat", System.Text.Json.JsonSerializer.Serialize(new ReplyAddress("lane", "open_id", by.Ids[0].Value)), "en_us", "7QX4-M0RT");

    public static Task<long?> CountAsync(this GatewayApp gateway, string table) => gateway.Database().ReadAsync(sql => sql.NumberAsync($"SELECT COUNT(*) FROM {table}"), TestContext.Current.CancellationToken);

    public static Task<List<AuditLine>> LinesAsync(this GatewayApp gateway, string what) =>
        gateway.Services.GetRequiredService<AuditTrail>().ReadAsync(new AuditFilter(What: what), null, 100, TestContext.Current.CancellationToken);

    public static PlatformAccount OnFeishu(string? open, string? union = null, string? user = null, string? name = null, string? email = null, string app = "default") => new()
    {
        Platform = "feishu", App = app, Name = name, VerifiedEmail = email, IsExternal = false,
        Ids = [.. new[] { Id("feishu", app, "open_id", open), Id("feishu", "", "union_id", union), Id("feishu", "t1", "user_id", user) }.OfType<PlatformIdentity>()],
    };

    public static PlatformAccount OnWeCom(string user, string? name = null, string? email = null, string corp = "ww1") =>
        new()
        {
            Platform = "wecom", App = "default", Name = name, VerifiedEmail = email, IsExternal = false,
            Ids = [new("wecom", corp, "userid", user)],
        };

    public static PlatformAccount OnDingTalk(string user, string? union = null, string? name = null, string? email = null) => new()
    {
        Platform = "dingtalk", App = "default", Name = name, VerifiedEmail = email, IsExternal = false,
        Ids = [.. new[] { Id("dingtalk", "ding1", "userid", user), Id("dingtalk", "", "unionid", union) }.OfType<PlatformIdentity>()],
    };

    public static PlatformAccount OnWeb(string subject, string issuer = "https://x.example.com", string? name = null) =>
        new() { Platform = "web", App = "default", Name = name, Ids = [new("web", issuer, "subject", subject)] };

    private static PlatformIdentity? Id(string platform, string scope, string kind, string? value) => value is null ? null : new PlatformIdentity(platform, scope, kind, value);
}
