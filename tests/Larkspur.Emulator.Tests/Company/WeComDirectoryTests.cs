using System.Text.Json.Nodes;
using Larkspur.Emulator.Tests.WeCom;

namespace Larkspur.Emulator.Tests.Company;

/// <summary>What the two secrets of a WeCom corp read, and what is told of the console's changes.</summary>
public sealed class WeComDirectoryTests : WeComTest
{
    private async Task<JsonObject> SyncAsync(string path, object? body = null)
    {
        var mark = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        var address = $"/cgi-bin/{path}{mark}access_token={await TokenAsync(Corp.ContactSecret)}";
        return body is null ? await GetAsync(address) : await PostAsync(address, body);
    }

    [Fact]
    public async Task The_sync_secret_reads_ids_alone()
    {
        foreach (var path in (string[])["user/get?userid=bob", "user/list?department_id=2", "user/simplelist?department_id=2",
            "department/list", "department/get?id=2"])
            Assert.Equal(48009, Code(await SyncAsync(path)));
        Assert.Equal(3, (await SyncAsync("department/simplelist"))["department_id"]!.AsArray().Count);
        var first = await SyncAsync("user/list_id", new { limit = 2 });
        Assert.Equal(["alice", "bob"], first["dept_user"]!.AsArray().Select(r => Text(r!.AsObject(), "userid")));
        await Emulator.ControlAsync(HttpMethod.Delete, "people/alice?silent=true");
        // Everybody behind the one who left moved up: carol is never seen.
        var second = await SyncAsync("user/list_id", new { limit = 2, cursor = Text(first, "next_cursor") });
        Assert.Equal(("", 0), (Text(second, "next_cursor"), second["dept_user"]!.AsArray().Count));
    }

    [Fact]
    public async Task The_console_s_changes_are_told_by_ids_alone()
    {
        await using var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url });
        await receiver.NextAsync();
        var made = await Emulator.ControlAsync(HttpMethod.Post, "departments", new { name = "法务部", parent = "finance" });
        var party = await receiver.NextAsync();
        Assert.Equal(("create_party", made["wecom_id"]!.ToString(), "3", ""),
            (party.Element("ChangeType"), party.Element("Id"), party.Element("ParentId"), party.Element("Name")));
        await Emulator.ControlAsync(HttpMethod.Post, "people", new { user_id = "dave", name = "戴夫", departments = new[] { "finance" } });
        var created = await receiver.NextAsync();
        Assert.Equal(("create_user", "dave", "3", ""),
            (created.Element("ChangeType"), created.Element("UserID"), created.Element("Department"), created.Element("Name")));
        await Emulator.ControlAsync(HttpMethod.Patch, "people/dave", new { name = "改名不说" });
        await Emulator.ControlAsync(HttpMethod.Patch, "people/dave", new { user_id = "david" });
        var renamed = await receiver.NextAsync();
        Assert.Equal(("update_user", "dave", "david"),
            (renamed.Element("ChangeType"), renamed.Element("UserID"), renamed.Element("NewUserID")));
        await Emulator.ControlAsync(HttpMethod.Delete, "people/david");
        Assert.Equal(("delete_user", "david"),
            ((await receiver.NextAsync()) is var gone ? gone.Element("ChangeType") : "", gone.Element("UserID")));
        await Emulator.ControlAsync(HttpMethod.Delete, $"departments/{made["open_department_id"]}");
        Assert.Equal(("delete_party", made["wecom_id"]!.ToString()),
            ((await receiver.NextAsync()) is var left ? left.Element("ChangeType") : "", left.Element("Id")));
    }

    [Fact]
    public async Task An_application_reads_its_visible_range()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "wecom", departments = new[] { "finance" } });
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/user/get?userid=carol")));
        Assert.Equal(60011, Code(await CallAsync("/cgi-bin/user/get?userid=alice")));
        Assert.Equal(60111, Code(await CallAsync("/cgi-bin/user/get?userid=nobody")));
        Assert.Equal(60011, Code(await CallAsync("/cgi-bin/user/list?department_id=2")));
        Assert.Equal([3], (await CallAsync("/cgi-bin/department/list"))["department"]!.AsArray().Select(d => d!["id"]!.GetValue<int>()));
        await Emulator.ControlAsync(HttpMethod.Patch, "people/carol",
            new { departments = new[] { "finance", "purchasing" }, status = "frozen" });
        var carol = await CallAsync("/cgi-bin/user/get?userid=carol");
        Assert.Equal(("[3]", 2, null), (carol["department"]!.ToJsonString(), carol["status"]!.GetValue<int>(), carol["mobile"]));
        await Emulator.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "wecom" });
        Assert.Equal(0, Code(await CallAsync("/cgi-bin/user/get?userid=alice")));
    }

    [Fact]
    public async Task Guests_are_in_no_directory()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "guests", new { user_id = "gina", tenant_key = "other" });
        Assert.Equal(3, (await SyncAsync("user/list_id", new { }))["dept_user"]!.AsArray().Count);
        Assert.Empty((await CallAsync("/cgi-bin/user/simplelist?department_id=1"))["userlist"]!.AsArray());
    }
}
