using System.Security.Cryptography;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Testing;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Gateway.Tests;

/// <summary>Data Protection's keys in the database.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class KeyRingTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>, IDisposable
{
    private static readonly string Key = NewKey();
    private static readonly string OtherKey = NewKey();

    private readonly string _feishu = fixture.Feishu.Address;
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-keys-").FullName;

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        File.Delete(_folder + ".key");
    }

    [Fact]
    public async Task What_one_process_encrypts_the_others_and_later_ones_decrypt()
    {
        string early, late;
        if (GatewayApp.IsPostgres)
        {
            await using (var before = await StartAsync(Key))
            {
                await before.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
                {
                    await unit.ExecuteAsync("DELETE FROM data_protection_key");
                    await unit.ExecuteAsync("UPDATE audit_chain SET chain_key = NULL, ready = 0, tip = ''");
                }, TestContext.Current.CancellationToken);
            }

            // Both find the ring empty at once, and must not end up with a key each.
            var both = await Task.WhenAll(StartAsync(Key), StartAsync(Key));
            Assert.Equal("one", Protector(both[1]).Unprotect(Protector(both[0]).Protect("one")));
            Assert.Equal("two", Protector(both[0]).Unprotect(Protector(both[1]).Protect("two")));
            Assert.Equal(1, await KeysAsync(both[0]));
            foreach (var one in both) await one.DisposeAsync();
        }

        await using (var first = await StartAsync(Key))
        {
            // The audit log's key is encrypted by it, before anything is written.
            Assert.Equal(1, await KeysAsync(first));
            early = Protector(first).Protect("a secret");
            late = await Task.Run(() => Protector(first).Protect("another"));
            Assert.Equal(1, await KeysAsync(first));
        }

        await using var next = await StartAsync(Key);
        Assert.Equal("a secret", Protector(next).Unprotect(early));
        Assert.Equal("another", Protector(next).Unprotect(late));
        Assert.Equal(1, await KeysAsync(next));
        Assert.DoesNotContain(next.Logs.Lines, l => l.Level >= LogLevel.Warning && l.Category.Contains("DataProtection", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_a_master_key_the_database_tells_nothing()
    {
        await using var gateway = await StartAsync(Key);
        Protector(gateway).Protect("x");
        var stored = Assert.Single(await RowsAsync(gateway));
        Assert.DoesNotContain("<", stored.Element, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", System.Text.Encoding.Latin1.GetString(Convert.FromBase64String(stored.Element)), StringComparison.Ordinal);
        Assert.DoesNotContain(Key, gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_wrong_master_key_is_named_and_no_second_ring_begins()
    {
        string secret;
        await using (var gateway = await StartAsync(Key)) secret = Protector(gateway).Protect("a secret");
        foreach (var wrong in new[] { OtherKey, null })
        {
            await using var gateway = await StartAsync(wrong);
            Assert.Contains("LARKSPUR_MASTER_KEY", Assert.Throws<MasterKeyException>(() => Protector(gateway).Unprotect(secret)).Message, StringComparison.Ordinal);
            Assert.Throws<MasterKeyException>(() => Protector(gateway).Protect("x"));
            await gateway.UntilAsync(() => Task.FromResult(gateway.Logs.Lines.Any(l => l.Level == LogLevel.Error && l.Message.StartsWith("LARKSPUR_MASTER_KEY is not", StringComparison.Ordinal))));
            Assert.Equal(1, await KeysAsync(gateway));
            Assert.DoesNotContain(OtherKey, gateway.Logs.Text, StringComparison.Ordinal);
        }

        await using var right = await StartAsync(Key);
        Assert.Equal("a secret", Protector(right).Unprotect(secret));
    }

    [Fact]
    public async Task The_master_key_can_be_replaced()
    {
        string secret;
        await using (var first = await StartAsync(Key)) secret = Protector(first).Protect("a secret");
        await using (var replaced = await StartAsync(OtherKey, Key))
        {
            await SealedAsync(replaced);
            Assert.Equal("a secret", Protector(replaced).Unprotect(secret));
        }

        await using var alone = await StartAsync(OtherKey);
        Assert.Equal("a secret", Protector(alone).Unprotect(secret));
    }

    [Fact]
    public async Task An_element_that_was_changed_in_the_database_is_refused()
    {
        await using (var gateway = await StartAsync(Key))
        {
            await gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
            {
                var row = (await unit.QueryAsync("SELECT element FROM data_protection_key", static row => row.GetString(0)))[0];
                var bytes = Convert.FromBase64String(row);
                bytes[^1] ^= 1;
                await unit.ExecuteAsync("UPDATE data_protection_key SET element = $1", Convert.ToBase64String(bytes));
            }, TestContext.Current.CancellationToken);
        }

        await using var next = await StartAsync(Key);
        Assert.Contains("changed or damaged", Assert.Throws<MasterKeyException>(() => Protector(next).Protect("x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("c2hvcnQ=")]
    [InlineData("MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz")]
    public async Task A_master_key_of_the_wrong_form_is_refused_at_start_and_not_repeated(string value)
    {
        var refused = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(value));
        Assert.Contains("LARKSPUR_MASTER_KEY: must be 32 random bytes", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(value, refused.Message, StringComparison.Ordinal);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private static IDataProtector Protector(GatewayApp gateway) => gateway.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests");

    private static Task<List<StoredKey>> RowsAsync(GatewayApp gateway) => gateway.Services.GetRequiredService<KeyStore>().AllAsync(TestContext.Current.CancellationToken);

    private static async Task<int> KeysAsync(GatewayApp gateway) => (await RowsAsync(gateway)).Count;

    private static Task SealedAsync(GatewayApp gateway) => gateway.UntilAsync(async () =>
        (await RowsAsync(gateway)).All(r => r.Master == gateway.Services.GetRequiredService<MasterKeys>().Current));

    private Task<GatewayApp> StartAsync(string? key, string? previous = null) => GatewayApp.StartAsync(_feishu,
        new Dictionary<string, string?> { ["LARKSPUR_MASTER_KEY"] = key, ["LARKSPUR_MASTER_KEY_PREVIOUS"] = previous, ["LARKSPUR_MASTER_KEY_FILE"] = key is null ? _folder + ".key" : null }, _folder);
}
