using Larkspur.Emulator.State;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Identities;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.Directory;

/// <summary>A run reads everybody on each platform, and an unchanged one writes nothing.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class DirectorySyncTests
{
    [Theory]
    [InlineData("feishu", "M1001")]
    [InlineData("wecom", null)]
    [InlineData("dingtalk", "M1001")]
    public async Task Everybody_is_known_with_departments_and_fields(string platform, string? number)
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var run = await directory.CompleteAsync(platform);
        Assert.Equal((3, 3, 0), (DirectoryFixture.Count(run, "members"), DirectoryFixture.Count(run, "joined"), DirectoryFixture.Count(run, "left")));

        var alice = await directory.PersonAsync("alice", platform);
        Assert.Equal("active", alice.GetProperty("state").GetString());
        Assert.Equal("艾丽丝", DirectoryFixture.Field(alice, "name"));
        if (number is not null) Assert.Equal(number, DirectoryFixture.Field(alice, "employee_no"));
        var entry = alice.GetProperty("accounts")[0].GetProperty("directory");
        var place = Assert.Single(entry.GetProperty("departments").EnumerateArray());
        Assert.Equal(("采购部", true), (place.GetProperty("name").GetString(), place.GetProperty("main").GetBoolean()));

        var departments = (await directory.Gateway.Gateway.GetRestAsync($"/departments?platform={platform}&q=采购")).Items;
        var purchasing = Assert.Single(departments);
        Assert.Equal(2, purchasing.GetProperty("members").GetInt64());
        var members = await directory.PeopleAsync($"department={purchasing.GetProperty("id")}");
        Assert.Equal(["艾丽丝", "鲍勃"], members.Select(m => m.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));

        var written = new WrittenRows(directory.Gateway.Gateway.Services.GetRequiredService<IDatabase>(), "person", "person_account",
            "person_identity", "directory_department", "directory_member", "directory_membership", "directory_change", "directory_match");
        await written.BeginAsync();
        var before = await directory.RowsAsync();
        var again = await directory.CompleteAsync(platform);
        Assert.Equal((3, 0, 0, 0), (DirectoryFixture.Count(again, "members"), DirectoryFixture.Count(again, "joined"), DirectoryFixture.Count(again, "changed"), DirectoryFixture.Count(again, "left")));
        Assert.Equal(before, await directory.RowsAsync());
        Assert.Equal("", await written.SaidAsync());
    }

    [Fact]
    public async Task A_dry_run_shows_what_would_change_and_changes_nothing()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var run = await directory.SyncAsync(dry: true);
        Assert.Equal(("complete", 3), (run.GetProperty("state").GetString(), DirectoryFixture.Count(run, "joined")));
        Assert.Empty(await directory.PeopleAsync("state=active"));
        var changes = (await directory.Gateway.Gateway.GetRestAsync($"/directory/runs/{run.GetProperty("id")}/changes?kind=joined")).Items;
        Assert.Equal(["卡罗尔", "艾丽丝", "鲍勃"], changes.Select(c => c.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_large_company_is_read_whole_and_what_changed_alone_is_written()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.FillAsync(600, 40);
        var first = await directory.CompleteAsync("dingtalk");
        Assert.Equal((603, 603), (DirectoryFixture.Count(first, "members"), DirectoryFixture.Count(first, "joined")));
        await directory.ControlAsync(HttpMethod.Patch, "people/fill7", new { job_title = "审计", silent = true });
        await directory.ControlAsync(HttpMethod.Delete, "people/fill8?silent=true");
        var second = await directory.CompleteAsync("dingtalk");
        Assert.Equal((602, 0, 1, 1), (DirectoryFixture.Count(second, "members"), DirectoryFixture.Count(second, "joined"), DirectoryFixture.Count(second, "changed"), DirectoryFixture.Count(second, "left")));
    }

    [Fact]
    public async Task Whoever_wrote_to_the_bot_before_keeps_their_id()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        var open = WireIds.OpenId(EmulatorApp.AppId, "alice");
        var before = (await directory.Gateway.Gateway.GetOrCreateAsync(IdentityFixture.OnFeishu(open, name: "艾丽丝"))).Id;
        await directory.CompleteAsync();
        Assert.Equal(before, (await directory.PersonAsync("alice")).GetProperty("id").GetString());
        Assert.Equal(3, (await directory.PeopleAsync("platform=feishu")).Length);
    }

    [Fact]
    public async Task What_an_administrator_writes_no_directory_changes()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        var alice = await directory.PersonAsync("alice");
        var id = alice.GetProperty("id").GetString();
        var changed = await directory.Gateway.Gateway.RestAsync(HttpMethod.Patch, "/people/" + id, new { fields = new { job_title = "Buyer", note = "Deputy" } });
        Assert.True(changed.Status == 200, $"{changed}\n{string.Join((char)10, directory.Gateway.Gateway.Logs.Lines.Where(l => l.Exception is not null).Select(l => l.Exception!.ToString()))}");
        await directory.ControlAsync(HttpMethod.Patch, "people/alice", new { job_title = "总监", city = "北京", silent = true });
        await directory.CompleteAsync();
        var now = await directory.PersonAsync("alice");
        Assert.Equal(("Buyer", "北京", "Deputy"), (DirectoryFixture.Field(now, "job_title"), DirectoryFixture.Field(now, "city"), DirectoryFixture.Field(now, "note")));
        var refused = await directory.Gateway.Gateway.RestAsync(HttpMethod.Patch, "/people/" + id, new { fields = new { salary = "1" } });
        Assert.Equal((422, "unknown_field"), (refused.Status, refused.Error));
        var history = (await directory.Gateway.Gateway.GetRestAsync($"/people/{id}/history")).Items;
        Assert.Equal(["changed", "joined"], history.Select(h => h.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task Two_directories_of_one_person_wait_for_an_administrator_to_say_so()
    {
        await using var directory = await DirectoryFixture.StartAsync();
        await directory.CompleteAsync();
        await directory.CompleteAsync("dingtalk");
        Assert.NotEqual((await directory.PersonAsync("alice")).GetProperty("id").GetString(), (await directory.PersonAsync("alice", "dingtalk")).GetProperty("id").GetString());
        var matches = (await directory.Gateway.Gateway.GetRestAsync("/directory/matches")).Items;
        Assert.Equal(["M1001", "M1002", "M1003"], matches.Select(m => m.GetProperty("value").GetString()!).Order(StringComparer.Ordinal));
        var (alice, bob) = (matches.First(m => m.GetProperty("value").GetString() == "M1001"), matches.First(m => m.GetProperty("value").GetString() == "M1002"));
        var decided = await directory.Gateway.Gateway.PostRestAsync("/directory/matches", new { join = new[] { alice.GetProperty("id").GetInt64() }, dismiss = new[] { bob.GetProperty("id").GetInt64() } });
        Assert.True(decided.Status == 200, decided.ToString());
        Assert.Equal((await directory.PersonAsync("alice")).GetProperty("id").GetString(), (await directory.PersonAsync("alice", "dingtalk")).GetProperty("id").GetString());
        Assert.Single((await directory.Gateway.Gateway.GetRestAsync("/directory/matches")).Items);
        await directory.CompleteAsync("dingtalk");
        Assert.Single((await directory.Gateway.Gateway.GetRestAsync("/directory/matches")).Items);
    }
}
