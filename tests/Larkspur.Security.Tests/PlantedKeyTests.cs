using System.Text.Json;
using System.Xml.Linq;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Operations;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>Somebody who can write the database, and has not the master key, puts a key that he knows into the ring.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PlantedKeyTests : IDisposable
{
    private const string Secret = "an app secret";
    private readonly string _data = Directory.CreateTempSubdirectory("larkspur-planted-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task It_is_not_used_by_a_running_process_nor_by_a_later_one_and_the_doctor_names_it()
    {
        string before;
        await using (var gateway = await StartAsync())
        {
            var set = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Patch, "/settings",
                new Dictionary<string, object> { ["auth.feishu.app_secret"] = Secret });
            Assert.True(set.Status == 200, set.ToString());
            before = Protector(gateway).Protect("x");
            await PlantAsync(gateway);
            gateway.Services.GetRequiredService<FollowedKeyManager>().Expire();
            Assert.Equal("x", Protector(gateway).Unprotect(before));
            Assert.Equal(KeyOf(before), KeyOf(Protector(gateway).Protect("y")));
        }

        await using var next = await StartAsync();
        await next.UntilAsync(() => Task.FromResult(next.Logs.Text.Contains("readable elements beside sealed ones", StringComparison.Ordinal)));
        Assert.Equal(KeyOf(before), KeyOf(Protector(next).Protect("z")));
        Assert.Equal(Secret, next.Services.GetRequiredService<ISettings>().Now.Text("auth.feishu.app_secret"));
        // Not taken into the ring by the seal either.
        var rows = await next.Services.GetRequiredService<KeyStore>().AllAsync(TestContext.Current.CancellationToken);
        Assert.Single(rows, row => row.Master is null);
        Assert.Equal("failed", await CheckAsync(next));

        await next.DamageAsync("DELETE FROM data_protection_key WHERE master IS NULL");
        Assert.Equal("ok", await CheckAsync(next));
    }

    /// <summary>A copy of the newest key under another id and with other bytes, good for longer than all others.</summary>
    private static async Task PlantAsync(GatewayApp gateway)
    {
        var store = gateway.Services.GetRequiredService<KeyStore>();
        var row = Assert.Single(await store.AllAsync(TestContext.Current.CancellationToken));
        var key = XElement.Parse(gateway.Services.GetRequiredService<MasterKeys>().Open(row.Name, row.Element, row.Master!));
        var id = Guid.NewGuid();
        key.SetAttributeValue("id", id);
        key.Element("activationDate")!.Value = DateTimeOffset.UtcNow.AddMinutes(-1).ToString("o");
        key.Element("expirationDate")!.Value = DateTimeOffset.UtcNow.AddYears(9).ToString("o");
        key.Descendants("value").Single().Value = Convert.ToBase64String(new byte[64]);
        await gateway.DamageAsync("INSERT INTO data_protection_key (name, element, master, created_at) VALUES ($1, $2, NULL, 1)",
            $"key-{id}", key.ToString(SaveOptions.DisableFormatting));
    }

    private static async Task<string?> CheckAsync(GatewayApp gateway) =>
        (await gateway.TellAsync("/doctor/run", JsonSerializer.Serialize(new { checks = new[] { "key_ring" } }))).Body
            .GetProperty("checks")[0].GetProperty("status").GetString();

    private static Guid? KeyOf(string sealedText) => SealedText.KeyOf(System.Buffers.Text.Base64Url.DecodeFromChars(sealedText));

    private static IDataProtector Protector(GatewayApp gateway) =>
        gateway.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests");

    private Task<GatewayApp> StartAsync() => GatewayApp.StartAsync("http://127.0.0.1:1", new Dictionary<string, string?>
    {
        ["FEISHU_APP_ID"] = null, ["FEISHU_APP_SECRET"] = null, ["FEISHU_ENCRYPT_KEY"] = null, ["FEISHU_VERIFICATION_TOKEN"] = null,
    }, _data);
}
