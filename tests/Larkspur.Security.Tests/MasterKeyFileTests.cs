using Larkspur.Gateway.Common;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Tests;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests;

/// <summary>Somebody has a copy of the data folder, or of the database: nothing in it opens the secrets that are stored there.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class MasterKeyFileTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("larkspur-key-file-").FullName;

    private string Data => Path.Combine(_root, "data");

    private string KeyFile => Path.Combine(_root, "keys", "master.key");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Without_a_setting_a_key_is_made_outside_the_data_folder_and_the_ring_is_sealed_from_its_first_key_on()
    {
        string secret;
        await using (var first = await StartAsync(KeyFile))
        {
            secret = Protector(first).Protect("a secret");
            var row = Assert.Single(await RowsAsync(first));
            Assert.DoesNotContain("<", row.Element, StringComparison.Ordinal);
            Assert.NotNull(row.Master);
            Assert.Contains(first.Logs.Lines, l => l.Message.Contains(KeyFile, StringComparison.Ordinal));
        }

        var key = (await File.ReadAllTextAsync(KeyFile, TestContext.Current.CancellationToken)).TrimEnd();
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        foreach (var file in Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories))
            Assert.DoesNotContain(key,
                System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)),
                StringComparison.Ordinal);

        await using var second = await StartAsync(KeyFile);
        Assert.Equal("a secret", Protector(second).Unprotect(secret));
        Assert.DoesNotContain(key, second.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_users_configuration_folder_has_it_where_no_setting_names_a_place()
    {
        var home = Path.Combine(_root, "config");
        await using var gateway = await StartAsync(null, new() { ["XDG_CONFIG_HOME"] = home });
        Protector(gateway).Protect("x");
        var made = Assert.Single(Directory.EnumerateFiles(Path.Combine(home, "larkspur")));
        Assert.StartsWith("master-", Path.GetFileName(made), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(made));
    }

    [Fact]
    public async Task A_key_that_is_lost_is_not_replaced_by_one_that_opens_nothing()
    {
        await using (var first = await StartAsync(KeyFile)) Protector(first).Protect("x");
        File.Delete(KeyFile);
        await using var second = await StartAsync(KeyFile);
        Assert.False(File.Exists(KeyFile));
        Assert.Contains("LARKSPUR_MASTER_KEY_FILE", Assert.Throws<MasterKeyException>(() => Protector(second).Protect("x"))
            .Message, StringComparison.Ordinal);
        await second.UntilAsync(() =>
            Task.FromResult(second.Logs.Lines.Any(l => l.Level == Microsoft.Extensions.Logging.LogLevel.Error
            && l.Message.Contains("LARKSPUR_MASTER_KEY_FILE", StringComparison.Ordinal))));
        Assert.Single(await RowsAsync(second));
    }

    [Fact]
    public async Task A_second_process_on_another_machine_makes_no_key_of_its_own()
    {
        Assert.SkipUnless(GatewayApp.IsPostgres, "One process has the file");
        await using var first = await StartAsync(KeyFile);
        var other = Path.Combine(_root, "elsewhere", "master.key");
        // The first has not made a key of the ring yet: that it will is known all the same.
        await using var second = await StartAsync(other);
        Assert.False(File.Exists(other));
        Assert.Contains("LARKSPUR_MASTER_KEY", Assert.Throws<MasterKeyException>(() => Protector(second).Protect("x"))
            .Message, StringComparison.Ordinal);
        var secret = Protector(first).Protect("a secret");
        await using var third = await StartAsync(KeyFile);
        Assert.Equal("a secret", Protector(third).Unprotect(secret));
        Assert.DoesNotContain(await RowsAsync(first), r => r.Master is null);
    }

    [Fact]
    public async Task Where_no_key_can_be_written_the_start_says_which_setting_helps()
    {
        await File.WriteAllTextAsync(Path.Combine(_root, "file"), "", TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(Path.Combine(_root, "file", "master.key")));
        Assert.Contains("LARKSPUR_MASTER_KEY_FILE", Assert.Single(failure.Problems), StringComparison.Ordinal);
    }

    private static IDataProtector Protector(GatewayApp gateway) =>
        gateway.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("tests");

    private static Task<List<StoredKey>> RowsAsync(GatewayApp gateway) =>
        gateway.Services.GetRequiredService<KeyStore>().AllAsync(TestContext.Current.CancellationToken);

    private Task<GatewayApp> StartAsync(string? keyFile, Dictionary<string, string?>? more = null)
    {
        Directory.CreateDirectory(Data);
        return GatewayApp.StartAsync("http://127.0.0.1:1",
            new Dictionary<string, string?>(more ?? []) { ["LARKSPUR_MASTER_KEY"] = null, ["LARKSPUR_MASTER_KEY_FILE"] = keyFile }, Data);
    }
}
