using System.Collections.Concurrent;
using System.Text.Json;
using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.Directory;

/// <summary>Why a run fails or asks is said, and what a platform shows of outsiders makes nobody a member.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class DirectoryReasonTests
{
    private const string OtherApp = "cli_other000000000000";

    [Theory]
    [InlineData("feishu")]
    [InlineData("dingtalk")]
    public async Task An_app_that_may_not_read_the_directory_is_told_so(string platform)
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync(platform);
        if (platform == "feishu") await directory.ControlAsync(HttpMethod.Patch, "apps/" + EmulatorApp.AppId, new { granted_scopes = new[] { "im:message" } });
        else await directory.Gateway.Emulator.ActAsync(new { platform, @do = "configure", denied_permissions = new[] { "qyapi_get_department_list" } });
        var run = await directory.StateAsync(platform, "failed", "no_permission");
        Assert.StartsWith("The app may not read the directory", run.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(3, (await directory.PeopleAsync($"state=active&platform={platform}")).Length);
    }

    [Fact]
    public async Task A_run_that_no_process_survives_is_given_up()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var id = await directory.Gateway.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(unit => unit.NumberAsync("""
            INSERT INTO directory_run (platform, app, cause, asked_by, dry, state, token, lease_until, created_at)
            VALUES ('feishu', 'default', 'manual', 'system', 0, 'running', 20, 0, 0) RETURNING id
            """), TestContext.Current.CancellationToken);
        directory.Gateway.Gateway.Services.GetRequiredService<DirectorySignal>().Wake();
        var run = await directory.EndAsync(id!.Value);
        Assert.Equal(("failed", "gave_up"), (run.GetProperty("state").GetString(), run.GetProperty("reason").GetString()));
        Assert.Empty(await directory.PeopleAsync("platform=feishu&state=active"));
        await directory.CompleteAsync();
    }

    [Fact]
    public async Task A_range_of_wecom_that_shrank_takes_nobody_whose_id_is_still_listed()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync("wecom");
        await directory.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "wecom", departments = new[] { "purchasing" }, silent = true });
        var run = await directory.CompleteAsync("wecom");
        Assert.Equal((3, 0, 0), (DirectoryFixture.Count(run, "members"), DirectoryFixture.Count(run, "left"), DirectoryFixture.Count(run, "hidden")));
        // The list of ids says that she is there; what was told of her before stays.
        Assert.Equal("卡罗尔", DirectoryFixture.Field(await directory.PersonAsync("carol", "wecom"), "name"));
    }

    [Fact]
    public async Task A_range_of_wecom_that_shrank_is_asked_about_where_nothing_else_tells_of_people()
    {
        await using var directory = new DirectoryFixture(await ThreePlatforms.StartAsync());
        await directory.CompleteAsync("wecom");
        await directory.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "wecom", departments = new[] { "purchasing" }, silent = true });
        var run = await directory.StateAsync("wecom", "waiting", "range_shrank");
        Assert.Equal(3, (await directory.PeopleAsync("state=active&platform=wecom")).Length);
        var applied = await directory.Gateway.Gateway.PostRestAsync($"/directory/runs/{run.GetProperty("id")}/apply", null);
        var end = await directory.EndAsync(applied.Id);
        Assert.Equal(("complete", 0, 1), (end.GetProperty("state").GetString(), DirectoryFixture.Count(end, "left"), DirectoryFixture.Count(end, "hidden")));
        Assert.Equal("active", (await directory.PersonAsync("carol", "wecom")).GetProperty("state").GetString());
        await directory.CompleteAsync("wecom");
    }

    [Fact]
    public async Task An_app_that_takes_the_place_of_another_in_the_settings_is_asked_about()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        await directory.ControlAsync(HttpMethod.Post, "apps", new { app_id = OtherApp, app_secret = "another-secret" });
        await directory.Gateway.RestartWithAsync(("FEISHU_APP_ID", OtherApp), ("FEISHU_APP_SECRET", "another-secret"));
        await directory.ControlAsync(HttpMethod.Delete, "people/carol?silent=true");
        var run = await directory.StateAsync("feishu", "waiting", "credentials_changed");
        Assert.Equal(3, (await directory.PeopleAsync("state=active&platform=feishu")).Length);
        var applied = await directory.Gateway.Gateway.PostRestAsync($"/directory/runs/{run.GetProperty("id")}/apply", null);
        Assert.Equal(1, DirectoryFixture.Count(await directory.EndAsync(applied.Id), "left"));
        Assert.Equal(0, DirectoryFixture.Count(await directory.CompleteAsync(), "left"));
    }

    [Fact]
    public async Task A_secret_that_is_taken_away_in_the_settings_is_another_view_and_asked_about()
    {
        await using var directory = new DirectoryFixture(await ThreePlatforms.StartAsync());
        await directory.CompleteAsync("wecom");
        await directory.Gateway.RestartWithAsync(("WECOM_CONTACT_SECRET", "emulator-wecom-contact-secret"));
        // Nothing differs: nobody is asked.
        await directory.CompleteAsync("wecom");
        await directory.Gateway.RestartWithAsync();
        await directory.ControlAsync(HttpMethod.Delete, "people/carol?silent=true");
        await directory.StateAsync("wecom", "waiting", "credentials_changed");
        Assert.Equal(3, (await directory.PeopleAsync("state=active&platform=wecom")).Length);
    }

    [Fact]
    public async Task A_guest_with_the_user_id_of_a_member_stays_a_guest()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.ControlAsync(HttpMethod.Post, "guests", new { person = "alice", tenant_key = "other_tenant", name = "Guest" });
        var guest = (await directory.Gateway.Gateway.GetOrCreateAsync(IdentityFixture.OnFeishu(
            Larkspur.Emulator.State.WireIds.OpenId(EmulatorApp.AppId, "alice@other_tenant"), name: "Guest"))).Id;
        foreach (var platform in new[] { "feishu", "wecom", "dingtalk" })
        {
            var run = await directory.CompleteAsync(platform);
            Assert.Equal((3, 3), (DirectoryFixture.Count(run, "members"), DirectoryFixture.Count(run, "joined")));
            Assert.NotEqual(guest, (await directory.PersonAsync("alice", platform)).GetProperty("id").GetString());
        }

        var again = await directory.CompleteAsync();
        Assert.Equal(0, DirectoryFixture.Count(again, "left"));
        var shown = (await directory.Gateway.Gateway.GetRestAsync("/people/" + guest)).Body;
        Assert.All(shown.GetProperty("accounts").EnumerateArray(), a => Assert.False(a.TryGetProperty("directory", out var entry) && entry.ValueKind == JsonValueKind.Object));
    }

    [Fact]
    public async Task Business_systems_are_told_of_departments()
    {
        await using var directory = await DirectoryFixture.StartAsync(("LARKSPUR_ALLOW_PRIVATE_ADDRESSES", "127.0.0.0/8"));
        var bodies = new ConcurrentQueue<JsonElement>();
        await using var erp = await HookServer.StartAsync((_, body) =>
        {
            bodies.Enqueue(JsonDocument.Parse(body).RootElement);
            return (body, 200, "{}");
        });
        string[] events = ["department.created", "department.changed", "department.removed"];
        var put = await directory.Gateway.Gateway.RestAsync(HttpMethod.Put, "/webhooks/erp", new { url = erp.Url, events });
        Assert.True(put.Status is 200 or 201, put.ToString());
        await directory.CompleteAsync();
        await ToldAsync(events[0], 2);
        await directory.ControlAsync(HttpMethod.Post, "departments", new { department_id = "audit", name = "审计部", parent = "finance", silent = true });
        await directory.CompleteAsync();
        Assert.Equal("审计部", Assert.Single(await ToldAsync(events[0], 3), d => Name(d) is not ("采购部" or "财务部")).GetProperty("name").GetString());
        await directory.ControlAsync(HttpMethod.Patch, "departments/audit", new { name = "内审部", silent = true });
        await directory.CompleteAsync();
        var change = Assert.Single((await ToldAsync(events[1], 1))[0].GetProperty("changes").EnumerateArray(), c => c.GetProperty("field").GetString() == "name");
        Assert.Equal(("审计部", "内审部"), (change.GetProperty("from").GetString(), change.GetProperty("to").GetString()));
        await directory.ControlAsync(HttpMethod.Delete, "departments/audit?silent=true");
        await directory.CompleteAsync();
        Assert.Equal("内审部", Name((await ToldAsync(events[2], 1))[0]));
        // A run in which nothing changed tells nothing.
        await directory.CompleteAsync();
        Assert.Equal(5, bodies.Count);

        static string? Name(JsonElement told) => told.GetProperty("name").GetString();

        async Task<JsonElement[]> ToldAsync(string type, int count)
        {
            JsonElement[] told = [];
            await directory.Gateway.HoldsAsync(() => (told = [.. bodies.Where(b => b.GetProperty("type").GetString() == type)
                .Select(b => b.GetProperty("data"))]).Length == count, $"{count} times {type}");
            return told;
        }
    }

    [Fact]
    public async Task Leavers_are_kept_for_thirty_days_at_least()
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => DirectoryFixture.StartAsync(("Larkspur:Directory:KeepLeavers", "29.00:00:00")));
        Assert.Contains("Larkspur:Directory:KeepLeavers: at least 30.00:00:00", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_told_of_a_leaver_is_kept_for_its_time_and_not_longer()
    {
        var clock = new ShiftingClock();
        await using var directory = new DirectoryFixture(await ThreePlatforms.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(clock),
            ("Larkspur:Directory:KeepLeavers", "30.00:00:00"), ("Larkspur:Schedules:Enabled", "false")));
        await directory.CompleteAsync();
        var carol = (await directory.PersonAsync("carol")).GetProperty("id").GetString()!;
        await directory.ControlAsync(HttpMethod.Delete, "people/carol?silent=true");
        await directory.CompleteAsync();
        clock.Shift(TimeSpan.FromDays(29));
        Assert.True(await ForgetAsync());
        clock.Shift(TimeSpan.FromDays(2));
        Assert.False(await ForgetAsync());
        Assert.Equal("left", (await directory.Gateway.Gateway.GetRestAsync("/people/" + carol)).Text("state"));

        async Task<bool> ForgetAsync()
        {
            await directory.Gateway.Gateway.Services.GetRequiredService<Retention>().RunAsync(TestContext.Current.CancellationToken);
            return (await directory.Gateway.Gateway.GetRestAsync("/people/" + carol)).ToString().Contains("M1003", StringComparison.Ordinal);
        }
    }
}
