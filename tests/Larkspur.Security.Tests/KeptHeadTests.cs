using System.Text.Json;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Operations;

namespace Larkspur.Security.Tests;

/// <summary>Somebody who can write the database makes the audit log begin anew, or puts it back, while no process looks: the head that was
/// kept outside of the database tells.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class KeptHeadTests : IAsyncLifetime
{
    /// <summary>As the migration leaves it.</summary>
    private const string Empty =
        "UPDATE audit_chain SET chain_key = NULL, ready = 0, handed = 0, pruned = 0, anchor = '', last = 0, head = '', tip = ''";

    private readonly string _data = Directory.CreateTempSubdirectory("larkspur-head-").FullName;

    public async ValueTask InitializeAsync()
    {
        await using var gateway = await StartAsync();
        for (var i = 1; i <= 6; i++) await gateway.MakeKeyAsync("system " + i, ["status:read"]);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_data, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_log_that_nobody_touched_fits_after_any_number_of_starts()
    {
        for (var start = 0; start < 3; start++)
        {
            await using var gateway = await StartAsync();
            Assert.Null(await FlawAsync(gateway));
            Assert.DoesNotContain("No head of the audit log was kept", gateway.Logs.Text, StringComparison.Ordinal);
            await gateway.MakeKeyAsync("start " + start, ["status:read"]);
        }
    }

    [Theory]
    [InlineData("begun_anew", "UPDATE audit SET who = 'somebody else', seal = NULL", Empty)]
    [InlineData("begun_anew", "DELETE FROM audit", Empty)]
    [InlineData("no_chain", "UPDATE audit SET who = 'somebody else' WHERE id = 3", Empty)]
    [InlineData("missing", "DELETE FROM audit WHERE id > 4", "UPDATE audit_chain SET last = 4, handed = 4, head = (SELECT seal FROM audit WHERE id = 4)")]
    public async Task A_log_that_was_made_anew_is_named_at_each_later_start(string word, params string[] statements)
    {
        await using (var gateway = await StartAsync())
        {
            foreach (var sql in statements) await gateway.DamageAsync(sql);
        }

        for (var start = 0; start < 2; start++)
        {
            await using var gateway = await StartAsync();
            Assert.Equal(word, await FlawAsync(gateway));
            Assert.Equal("failed", await CheckAsync(gateway, "audit_log"));
            await gateway.MakeKeyAsync("later " + start, ["status:read"]);
        }
    }

    [Fact]
    public async Task A_whole_log_put_back_to_an_earlier_state_is_named_until_somebody_has_looked_into_it()
    {
        // The state that is put back: six lines and their chain.
        const string Kept = "CREATE TABLE kept AS SELECT * FROM audit_chain";
        await using (var gateway = await StartAsync())
        {
            await gateway.DamageAsync(Kept);
            await gateway.MakeKeyAsync("what shall not be seen", ["status:read"]);
        }

        await using (var gateway = await StartAsync())
        {
            await gateway.DamageAsync("DELETE FROM audit WHERE id > (SELECT last FROM kept)");
            await gateway.DamageAsync("UPDATE audit_chain SET handed = (SELECT handed FROM kept), last = (SELECT last FROM kept), "
                + "head = (SELECT head FROM kept), tip = (SELECT tip FROM kept)");
        }

        await using (var gateway = await StartAsync())
        {
            Assert.Equal("missing", await FlawAsync(gateway));
            // A line in the place of the one that is gone makes nothing good.
            await gateway.MakeKeyAsync("in its place", ["status:read"]);
            Assert.Equal("other_head", await FlawAsync(gateway));
        }

        File.Delete(Assert.Single(Heads()));
        await using var accepted = await StartAsync();
        Assert.Null(await FlawAsync(accepted));
        Assert.Contains("No head of the audit log was kept", accepted.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kept_head_that_was_changed_is_named_and_stays()
    {
        var file = Assert.Single(Heads());
        var text = (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim();
        foreach (var other in new[] { "", "nonsense", text[..^8] + "AAAAAAA=", text[..16] + " AAAA" })
        {
            await File.WriteAllTextAsync(file, other, TestContext.Current.CancellationToken);
            await using var gateway = await StartAsync();
            Assert.Equal("kept_head", await FlawAsync(gateway));
        }

        Assert.Equal(text[..16] + " AAAA", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_head_follows_the_master_key_though_nothing_was_written_meanwhile()
    {
        const string Other = "YW5vdGhlci1tYXN0ZXIta2V5LTAxMjM0NTY3ODkwMTI=";
        await using (var rotating = await StartAsync(("LARKSPUR_MASTER_KEY", Other), ("LARKSPUR_MASTER_KEY_PREVIOUS", GatewayApp.MasterKey)))
        {
            Assert.Null(await FlawAsync(rotating));
            await rotating.UntilAsync(() => Task.FromResult(rotating.Logs.Text.Contains("now sealed with the current", StringComparison.Ordinal)));
        }

        await using var alone = await StartAsync(("LARKSPUR_MASTER_KEY", Other));
        Assert.Null(await FlawAsync(alone));
    }

    [Fact]
    public async Task What_a_killed_process_left_half_written_goes()
    {
        var half = Assert.Single(Heads()) + ".0123456789abcdef";
        await File.WriteAllTextAsync(half, "half", TestContext.Current.CancellationToken);
        await using var gateway = await StartAsync();
        Assert.False(File.Exists(half));
        Assert.Null(await FlawAsync(gateway));
    }

    [Fact]
    public async Task Lines_that_were_forgotten_after_their_time_are_not_missed()
    {
        await using (var gateway = await StartAsync())
        {
            Assert.Equal(6, await gateway.ForgetLinesAsync());
        }

        await using var next = await StartAsync();
        Assert.Null(await FlawAsync(next));
    }

    [Fact]
    public async Task It_tells_nothing_and_is_its_owners_alone()
    {
        var file = Assert.Single(Heads());
        Assert.DoesNotContain("audit", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    private string[] Heads() => Directory.GetFiles(_data, "audit-head-*");

    private Task<GatewayApp> StartAsync(params (string Name, string Value)[] settings) =>
        GatewayApp.StartAsync("http://127.0.0.1:1", settings.ToDictionary(s => s.Name, s => (string?)s.Value), _data);

    private static async Task<string?> FlawAsync(GatewayApp gateway)
    {
        var (status, body) = await gateway.AskAsync("/audit/verify");
        Assert.Equal(200, status);
        return body.GetProperty("ok").GetBoolean() ? null : body.GetProperty("flaw").GetProperty("error").GetString();
    }

    private static async Task<string?> CheckAsync(GatewayApp gateway, string check) =>
        (await gateway.TellAsync("/doctor/run", JsonSerializer.Serialize(new { checks = new[] { check } }))).Body
            .GetProperty("checks")[0].GetProperty("status").GetString();
}
