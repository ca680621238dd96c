using System.Buffers.Text;
using System.Security.Cryptography;
using Larkspur.Gateway.Platforms;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>Somebody has copied the key ring while it lay readable in the database. Sealing it later does not call that copy back: the
/// keys must go.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class KeyReplacementTests : IDisposable
{
    private const string Purpose = "wecom-response-url";
    private readonly string _data = Directory.CreateTempSubdirectory("larkspur-replaced-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task What_the_copied_key_opens_is_encrypted_anew_and_the_key_goes()
    {
        var (copied, cookie, before) = await LeaveReadableAsync();
        await using var gateway = await StartAsync();
        await GoneAsync(gateway, copied);
        Assert.All(await RowsAsync(gateway), row => Assert.DoesNotContain("<", row.Element, StringComparison.Ordinal));

        // What is owed to others is still there, under another key.
        var after = await StoredAsync(gateway);
        Assert.Equal(before.Count, after.Count);
        Assert.All(after, value => Assert.Equal((true, false), (KeyOf(value) is not null, KeyOf(value) == copied)));
        Assert.Equal("an app secret", gateway.Services.GetRequiredService<ISettings>().Now.Text("auth.feishu.app_secret"));
        Assert.Equal("active", (await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/webhooks/erp")).Text("state"));
        Assert.Equal("https://qyapi.weixin.qq.com/reply", gateway.Services.GetRequiredService<AddressSeals>().Open(Purpose, after[^1]));

        // What the thief could make with it is worth nothing.
        await gateway.UntilAsync(() => Task.FromResult(!Opens(gateway, cookie)));
        Assert.NotEqual(copied, KeyOf(Protector(gateway).Protect("x")));
    }

    [Fact]
    public async Task A_start_goes_on_where_the_last_one_was_killed()
    {
        var (copied, _, _) = await LeaveReadableAsync();
        // Killed after the seal and after the new key, before anything was encrypted anew.
        await using (var killed = await StartAsync(settle: "1.00:00:00"))
        {
            if (GatewayApp.IsPostgres) await killed.UntilAsync(async () => (await RowsAsync(killed)).Count == 2);
            else await GoneAsync(killed, copied);
        }

        await using var gateway = await StartAsync();
        await GoneAsync(gateway, copied);
        Assert.Single(await RowsAsync(gateway));
        Assert.Equal("an app secret", gateway.Services.GetRequiredService<ISettings>().Now.Text("auth.feishu.app_secret"));
    }

    [Fact]
    public async Task Two_processes_at_once_end_with_one_key_and_lose_nothing()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "One process has the file");
        var (copied, _, _) = await LeaveReadableAsync();
        var both = await Task.WhenAll(StartAsync(), StartAsync());
        await using var first = both[0];
        await using var second = both[1];
        await GoneAsync(first, copied);
        await GoneAsync(second, copied);
        Assert.Single(await RowsAsync(first));
        foreach (var gateway in both)
        {
            await gateway.UntilAsync(() => Task.FromResult(KeyOf(Protector(gateway).Protect("x")) != copied));
            Assert.Equal("an app secret", gateway.Services.GetRequiredService<ISettings>().Now.Text("auth.feishu.app_secret"));
        }

        Assert.Equal("x", Protector(second).Unprotect(Protector(first).Protect("x")));
    }

    /// <summary>A gateway's data as a version left it that stored the ring readable: the key's id, something it has made, and what it has
    /// encrypted in the tables.</summary>
    private async Task<(Guid Key, string Cookie, List<string> Stored)> LeaveReadableAsync()
    {
        await using var gateway = await StartAsync();
        var set = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, "/settings", new Dictionary<string,
            object> { ["auth.feishu.app_secret"] = "an app secret" });
        Assert.True(set.Status == 200, set.ToString());
        var put = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/webhooks/erp",
            new { url = "https://erp.example/hook", events = new[] { "approval.decided" } });
        Assert.True(put.Status == 201, put.ToString());
        var seal = gateway.Services.GetRequiredService<AddressSeals>().Seal(Purpose, "https://qyapi.weixin.qq.com/reply")!;
        var cookie = Protector(gateway).Protect("admin");
        var masters = gateway.Services.GetRequiredService<MasterKeys>();
        var row = Assert.Single(await RowsAsync(gateway));
        await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("INSERT INTO wecom_reply (app, stream_id, turn, relay, created_at, changed_at) VALUES ('gone', 'st_1', 'tu_1', $1, 1, 1)", $$"""{"response_seal":"{{seal}}"}""");
            await unit.ExecuteAsync("UPDATE data_protection_key SET element = $1, master = NULL",
                masters.Open(row.Name, row.Element, row.Master!));
        }, TestContext.Current.CancellationToken);
        return (row.KeyId!.Value, cookie, await StoredAsync(gateway));
    }

    private static Task GoneAsync(GatewayApp gateway, Guid key) => gateway.UntilAsync(async () =>
        await RowsAsync(gateway) is [_, ..] rows && rows.All(row => row.KeyId != key));

    private static Task<List<string>> StoredAsync(GatewayApp gateway) =>
        gateway.Services.GetRequiredService<IDatabase>().ReadAsync(async sql =>
    {
        List<string> all =
        [
            .. await sql.QueryAsync("SELECT value FROM setting WHERE name = 'auth.feishu.app_secret'", row => row.GetString(0)),
            .. (await sql.QueryAsync("SELECT url, secret FROM webhook", row => (string[])[row.GetString(0), row.GetString(1)]))
                .SelectMany(v => v),
            .. await sql.QueryAsync("SELECT relay FROM wecom_reply", row => row.GetString(0).Split('"')[3]),
        ];
        return all;
    }, TestContext.Current.CancellationToken);

    private static Guid? KeyOf(string stored) =>
        SealedText.KeyOf(Base64Url.DecodeFromChars(stored.TrimEnd('=').Replace('+', '-').Replace('/', '_')));

    private static bool Opens(GatewayApp gateway, string cookie)
    {
        try
        {
            return Protector(gateway).Unprotect(cookie).Length > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static IDataProtector Protector(GatewayApp gateway) =>
        gateway.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests");

    private static Task<List<StoredKey>> RowsAsync(GatewayApp gateway) =>
        gateway.Services.GetRequiredService<KeyStore>().AllAsync(TestContext.Current.CancellationToken);

    /// <summary>Without an app in the environment, so that its secret can be one of run time.</summary>
    private Task<GatewayApp> StartAsync(string settle = "00:00:00.5") =>
        GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string, string?>
    {
        ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null, ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null,
            ["Larkspur:KeyRing:Settle"] = settle,
    }, _data);
}
