using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.Directory;

/// <summary>Nobody is taken for gone because a platform misbehaves.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class SafeguardTests
{
    [Theory]
    [InlineData("feishu")]
    [InlineData("wecom")]
    [InlineData("dingtalk")]
    public async Task An_empty_answer_without_an_error_is_a_failure(string platform)
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync(platform);
        await directory.ControlAsync(HttpMethod.Post, "directory/faults", new { kind = "empty", of = "people", platform });
        await directory.StateAsync(platform, "failed", "empty");
        Assert.Equal(3, (await directory.PeopleAsync($"state=active&platform={platform}")).Length);
    }

    [Theory]
    [InlineData("feishu", 40004)]
    [InlineData("wecom", 60011)]
    [InlineData("dingtalk", 50004)]
    public async Task One_department_that_is_refused_fails_the_run_and_nobody_leaves(string platform, int code)
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync(platform);
        await directory.ControlAsync(HttpMethod.Post, "directory/faults", new { kind = "forbidden", department = "finance", code, platform });
        await directory.ControlAsync(HttpMethod.Post, "people", new { user_id = "dora", name = "多拉", departments = new[] { "purchasing" }, silent = true });
        var run = await directory.StateAsync(platform, "failed", "parts_refused");
        Assert.Equal((1, 0), (DirectoryFixture.Count(run, "joined"), DirectoryFixture.Count(run, "left")));
        Assert.Equal(4, (await directory.PeopleAsync($"state=active&platform={platform}")).Length);
        Assert.StartsWith("Some departments", run.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task More_leavers_than_usual_are_asked_about(bool yes)
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.FillAsync(40, 4);
        await directory.CompleteAsync("dingtalk");
        for (var i = 1; i <= 7; i++) await directory.ControlAsync(HttpMethod.Delete, $"people/fill{i}?silent=true");
        var run = await directory.StateAsync("dingtalk", "waiting", "many_missing");
        Assert.Equal(7, DirectoryFixture.Count(run, "left"));
        Assert.Equal(43, (await directory.PeopleAsync("state=active&limit=200")).Length);

        var answer = await directory.Gateway.Gateway.PostRestAsync($"/directory/runs/{run.GetProperty("id")}/{(yes ? "apply" : "discard")}", null);
        Assert.True(answer.Status == (yes ? 202 : 200), answer.ToString());
        if (yes) Assert.Equal(("complete", 7), ((await directory.EndAsync(answer.Id)).GetProperty("state").GetString(), DirectoryFixture.Count(await directory.EndAsync(answer.Id), "left")));
        Assert.Equal(yes ? 36 : 43, (await directory.PeopleAsync("state=active&limit=200")).Length);
        var twice = await directory.Gateway.Gateway.PostRestAsync($"/directory/runs/{run.GetProperty("id")}/apply", null);
        Assert.Equal((409, "run_not_waiting"), (twice.Status, twice.Error));
    }

    [Theory]
    [InlineData("feishu")]
    [InlineData("dingtalk")]
    public async Task A_range_that_shrank_is_asked_about_and_who_is_out_of_sight_has_not_left(string platform)
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync(platform);
        await directory.ControlAsync(HttpMethod.Post, "directory/range", new { platform, departments = new[] { "purchasing" }, silent = true });
        var run = await directory.StateAsync(platform, "waiting", "range_shrank");
        var applied = await directory.Gateway.Gateway.PostRestAsync($"/directory/runs/{run.GetProperty("id")}/apply", null);
        var end = await directory.EndAsync(applied.Id);
        Assert.Equal(("complete", 0, 1), (end.GetProperty("state").GetString(), DirectoryFixture.Count(end, "left"), DirectoryFixture.Count(end, "hidden")));
        var carol = await directory.PersonAsync("carol", platform);
        Assert.Equal(("active", "hidden"), (carol.GetProperty("state").GetString(), carol.GetProperty("accounts")[0].GetProperty("directory").GetProperty("status").GetString()));
        // Not asked again every night.
        await directory.CompleteAsync(platform);
    }

    [Fact]
    public async Task Accounts_that_are_stopped_all_at_once_are_asked_about()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.FillAsync(20, 2);
        await directory.CompleteAsync();
        for (var i = 1; i <= 8; i++) await directory.ControlAsync(HttpMethod.Patch, $"people/fill{i}", new { status = "frozen", silent = true });
        var run = await directory.StateAsync("feishu", "waiting", "many_missing");
        Assert.Equal(23, (await directory.PeopleAsync("state=active&limit=200")).Length);
        var applied = await directory.Gateway.Gateway.PostRestAsync($"/directory/runs/{run.GetProperty("id")}/apply", null);
        Assert.Equal("complete", (await directory.EndAsync(applied.Id)).GetProperty("state").GetString());
        Assert.Equal(8, (await directory.PeopleAsync("state=frozen&limit=200")).Length);
        await directory.CompleteAsync();
    }

    [Fact]
    public async Task Another_app_of_the_same_name_is_asked_about_and_leavers_leave_by_it()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        // As if the app that read it before had been another one.
        await directory.Gateway.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
            await unit.ExecuteAsync("UPDATE directory SET company = 'cli_other', credentials = 'of another app'"), TestContext.Current.CancellationToken);
        await directory.ControlAsync(HttpMethod.Delete, "people/carol?silent=true");
        var run = await directory.StateAsync("feishu", "waiting", "credentials_changed");
        Assert.Equal(3, (await directory.PeopleAsync("state=active&platform=feishu")).Length);
        var applied = await directory.Gateway.Gateway.PostRestAsync($"/directory/runs/{run.GetProperty("id")}/apply", null);
        Assert.Equal(1, DirectoryFixture.Count(await directory.EndAsync(applied.Id), "left"));
        Assert.Single(await directory.PeopleAsync("state=left"));
    }

    [Fact]
    public async Task After_a_change_of_credentials_the_differences_are_shown_first()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        await directory.Gateway.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(
            async unit => await unit.ExecuteAsync("UPDATE directory SET credentials = 'of another secret'"), TestContext.Current.CancellationToken);
        await directory.ControlAsync(HttpMethod.Post, "people", new { user_id = "dora", name = "多拉", departments = new[] { "finance" }, silent = true });
        var run = await directory.StateAsync("feishu", "waiting", "credentials_changed");
        Assert.Equal((1, 3), (DirectoryFixture.Count(run, "joined"), (await directory.PeopleAsync("state=active&platform=feishu")).Length));
        var applied = await directory.Gateway.Gateway.PostRestAsync($"/directory/runs/{run.GetProperty("id")}/apply", null);
        Assert.Equal("complete", (await directory.EndAsync(applied.Id)).GetProperty("state").GetString());
        Assert.Equal(4, (await directory.PeopleAsync("state=active&platform=feishu")).Length);
        await directory.CompleteAsync();
    }

    [Fact]
    public async Task A_page_that_shifts_loses_nobody()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.FillAsync(120, 1);
        await directory.CompleteAsync();
        await directory.ControlAsync(HttpMethod.Post, "directory/faults", new { kind = "leave_after_page", person = "fill3", platform = "feishu" });
        var run = await directory.CompleteAsync();
        // One has left in the middle; whom the shifted page left out was asked for by name.
        Assert.True(DirectoryFixture.Count(run, "left") <= 1, run.ToString());
        await directory.CompleteAsync();
        Assert.Equal("fill3", DirectoryFixture.Field(Assert.Single(await directory.PeopleAsync("state=left")), "user_id"));
        Assert.Equal(123, (await directory.PeopleAsync("limit=200")).Length);
    }

    [Fact]
    public async Task A_school_beside_the_company_is_left_out()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.ControlAsync(HttpMethod.Post, "directory/faults", new { kind = "school", platform = "dingtalk" });
        await directory.CompleteAsync("dingtalk");
        Assert.Equal(3, (await directory.PeopleAsync("platform=dingtalk")).Length);
    }

    [Fact]
    public async Task The_nightly_run_reads_what_nobody_told_of()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        await directory.ControlAsync(HttpMethod.Delete, "people/carol?silent=true");
        // 503 until the schedules have started.
        await directory.Gateway.HoldsAsync(async () => (await directory.Gateway.Gateway.PostRestAsync("/schedules/directory/run", null)).Status == 202, "the schedule");
        await directory.Gateway.HoldsAsync(async () => (await directory.PeopleAsync("state=left")).Length == 1, "carol to be gone");
        var run = (await directory.Gateway.Gateway.GetRestAsync("/directory/runs?limit=1")).Items[0];
        Assert.Equal("nightly", run.GetProperty("cause").GetString());
    }

    [Fact]
    public async Task A_field_that_is_withheld_later_stays_as_it_was_told()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync("dingtalk");
        await directory.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "dingtalk", fields = new[] { "name" }, silent = true });
        await directory.CompleteAsync("dingtalk");
        Assert.Equal("M1001", DirectoryFixture.Field(await directory.PersonAsync("alice", "dingtalk"), "employee_no"));
    }

    [Fact]
    public async Task Whoever_gets_the_user_id_of_a_leaver_is_somebody_else()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        var former = (await directory.PersonAsync("alice")).GetProperty("id").GetString();
        await directory.ControlAsync(HttpMethod.Patch, "people/alice", new { user_id = "alice.old", silent = true });
        await directory.ControlAsync(HttpMethod.Post, "people", new { user_id = "alice", name = "另一位", departments = new[] { "finance" }, silent = true });
        var run = await directory.CompleteAsync();
        Assert.Equal((1, 0), (DirectoryFixture.Count(run, "joined"), DirectoryFixture.Count(run, "left")));
        Assert.Equal(former, (await directory.PersonAsync("alice.old")).GetProperty("id").GetString());
        Assert.NotEqual(former, (await directory.PersonAsync("alice")).GetProperty("id").GetString());
    }
}
