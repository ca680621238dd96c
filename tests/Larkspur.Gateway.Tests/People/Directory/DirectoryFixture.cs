using System.Text.Json;
using Larkspur.Gateway.Tests.Commands;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.People.Directory;

/// <summary>The company's directory on three emulated platforms, and a gateway that reads it.</summary>
internal sealed class DirectoryFixture(ThreePlatforms gateway) : IAsyncDisposable
{
    public ThreePlatforms Gateway => gateway;

    public static async Task<DirectoryFixture> StartAsync(params (string Name, string Value)[] settings) =>
        new(await ThreePlatforms.StartAsync([("WECOM_CONTACT_SECRET", "emulator-wecom-contact-secret"), .. settings]));

    /// <summary>Reads the directory of a platform, and gives the run as it ended.</summary>
    public async Task<JsonElement> SyncAsync(string platform = "feishu", bool dry = false)
    {
        var asked = await gateway.Gateway.PostRestAsync("/directory/sync", new { platform, dry_run = dry });
        Assert.True(asked.Status == 202, asked.ToString());
        return await EndAsync(asked.Body.GetProperty("runs")[0].GetProperty("id").GetInt64());
    }

    public async Task<JsonElement> EndAsync(long run)
    {
        JsonElement last = default;
        await gateway.HoldsAsync(async () =>
        {
            last = (await gateway.Gateway.GetRestAsync($"/directory/runs/{run}")).Body;
            return last.GetProperty("state").GetString() is not ("queued" or "running");
        }, $"the end of run {run}");
        return last;
    }

    public Task<JsonElement> CompleteAsync(string platform = "feishu") => StateAsync(platform, "complete");

    /// <summary>Reads the directory, and demands how the run ends.</summary>
    public async Task<JsonElement> StateAsync(string platform, string state, string? reason = null)
    {
        var run = await SyncAsync(platform);
        Assert.True((run.GetProperty("state").GetString(), run.GetProperty("reason").GetString()) == (state, reason), run.ToString());
        return run;
    }

    public static long Count(JsonElement run, string name) => run.GetProperty("counts").GetProperty(name).GetInt64();

    /// <summary>Whoever is found by a word.</summary>
    public async Task<JsonElement[]> PeopleAsync(string query) => (await gateway.Gateway.GetRestAsync("/people?" + query)).Items;

    /// <summary>The one person that a platform's directory has under a user id.</summary>
    public async Task<JsonElement> PersonAsync(string userId, string platform = "feishu") =>
        Assert.Single(await PeopleAsync($"platform={platform}&q={userId}"), p => p.GetProperty("accounts").EnumerateArray()
            .Any(a => a.TryGetProperty("directory", out var d) && d.GetProperty("fields").TryGetProperty("user_id", out var id) && id.GetString() == userId));

    /// <summary>Waits until a person is in a state.</summary>
    public Task UntilStateAsync(string id, string state) => gateway.HoldsAsync(async () =>
        (await gateway.Gateway.GetRestAsync("/people/" + id)).Text("state") == state, $"{id} to be {state}");

    public static string Field(JsonElement person, string name) => person.GetProperty("fields").EnumerateArray().First(f => f.GetProperty("name").GetString() == name)
        .GetProperty("value").GetString()!;

    public Task ControlAsync(HttpMethod method, string path, object? body = null) => gateway.Emulator.ControlAsync(method, path, body);

    public Task FillAsync(int people, int departments) => ControlAsync(HttpMethod.Post, "directory/fill", new { people, departments });

    /// <summary>What changed since the last look, of all tables of people: an unchanged run writes nothing.</summary>
    public async Task<string> RowsAsync() => string.Join('|', await gateway.RowsAsync("""
        SELECT (SELECT COUNT(*) FROM person), (SELECT COUNT(*) FROM person_account), (SELECT MAX(changed_at) FROM directory_member), (SELECT MAX(read_at) FROM directory_member),
          (SELECT COUNT(*) FROM directory_change), (SELECT MAX(changed_at) FROM directory_department)
        """, static row => string.Join(',', Enumerable.Range(0, 6).Select(i => row.IsDBNull(i) ? "" : row.GetInt64(i).ToString(System.Globalization.CultureInfo.InvariantCulture)))));

    public ValueTask DisposeAsync() => gateway.DisposeAsync();
}
