using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.Directory;

/// <summary>A run outlives its process, and a process that stood still writes nothing into a run that another one has.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class TakenRunTests
{
    [Fact]
    public async Task A_run_whose_process_died_is_gone_on_with()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var id = await WriteAsync(directory, unit => unit.NumberAsync("""
            INSERT INTO directory_run (platform, app, cause, asked_by, dry, state, token, lease_until, created_at)
            VALUES ('feishu', 'default', 'manual', 'system', 0, 'running', 1, 0, 0) RETURNING id
            """));
        directory.Gateway.Gateway.Services.GetRequiredService<DirectorySignal>().Wake();
        var run = await directory.EndAsync(id!.Value);
        Assert.Equal(("complete", 3), (run.GetProperty("state").GetString(), DirectoryFixture.Count(run, "joined")));
    }

    [Fact]
    public async Task A_process_that_lost_its_run_writes_nothing_more()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.Gateway.FaultAsync(new { path = "/open-apis/contact/v3/users/find_by_department", delay_ms = 1500, count = 30 });
        var asked = await directory.Gateway.Gateway.PostRestAsync("/directory/sync", new { platform = "feishu" });
        var id = asked.Body.GetProperty("runs")[0].GetProperty("id").GetInt64();
        await directory.Gateway.HoldsAsync(async () => (await directory.Gateway.RowsAsync("SELECT COUNT(*) FROM directory_department",
            static row => row.GetInt64(0)))[0] == 2, "the departments");

        // As if this process had stood still for longer than its lease: another one has the run.
        await WriteAsync(directory, unit => unit.NumberAsync(
            "UPDATE directory_run SET token = token + 1, lease_until = $2 WHERE id = $1 RETURNING id", id, long.MaxValue));
        await directory.Gateway.HoldsAsync(() => directory.Gateway.Gateway.Logs.Text.Contains("another process's by now", StringComparison.Ordinal), "the loss");
        Assert.Empty(await directory.PeopleAsync("platform=feishu"));
        Assert.Equal("running", (await directory.Gateway.Gateway.GetRestAsync($"/directory/runs/{id}")).Text("state"));

        await WriteAsync(directory, unit => unit.NumberAsync("UPDATE directory_run SET lease_until = 0 WHERE id = $1 RETURNING id", id));
        Assert.Equal("complete", (await directory.EndAsync(id)).GetProperty("state").GetString());
        Assert.Equal(3, (await directory.PeopleAsync("platform=feishu&state=active")).Length);
    }

    private static Task<T> WriteAsync<T>(DirectoryFixture directory, Func<IUnitOfWork, ValueTask<T>> work) =>
        directory.Gateway.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(work, TestContext.Current.CancellationToken);
}
