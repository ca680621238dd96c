using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Company;

/// <summary>What a Feishu app hears and reads when the company's directory changes.</summary>
public sealed class FeishuDirectoryTests : IAsyncLifetime
{
    private const string Contact = "/open-apis/contact/v3/";
    private EmulatorApp _emulator = null!;
    private EventReceiver _receiver = null!;
    private string _token = null!;

    public async ValueTask InitializeAsync()
    {
        _receiver = await EventReceiver.StartAsync();
        var app = EmulatorApp.DefaultApp with { CallbackUrl = _receiver.Url };
        _emulator = await EmulatorApp.StartAsync(s => s with { RateLimitFactor = 0, RealTime = new ManualTimeProvider(), Apps = [app] });
        _token = await _emulator.TenantTokenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Somebody_comes_moves_and_leaves()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "people",
            new { user_id = "dave", name = "戴夫", mobile = "+8613800000009", departments = new[] { "finance" } });
        var created = (await _receiver.NextAsync("contact.user.created_v3")).Event["object"]!;
        Assert.Equal(("戴夫", SeededCompany.FinanceDepartment),
            (created["name"]!.GetValue<string>(), created["department_ids"]![0]!.GetValue<string>()));

        await _emulator.ControlAsync(HttpMethod.Patch, "people/dave", new { status = "frozen", departments = new[] { "purchasing" } });
        var updated = (await _receiver.NextAsync("contact.user.updated_v3")).Event;
        Assert.Empty(updated["object"]!["department_ids"]!.AsArray());
        Assert.True(updated["object"]!["status"]!["is_frozen"]!.GetValue<bool>());
        Assert.Equal(["status", "department_ids", "orders"], updated["old_object"]!.AsObject().Select(f => f.Key));
        Assert.Equal(SeededCompany.FinanceDepartment, updated["old_object"]!["department_ids"]![0]!.GetValue<string>());

        await _emulator.ControlAsync(HttpMethod.Delete, "people/dave");
        var deleted = (await _receiver.NextAsync("contact.user.deleted_v3")).Event;
        Assert.Empty(deleted["object"]!["department_ids"]!.AsArray());
        Assert.Equal(SeededCompany.PurchasingDepartment, deleted["old_object"]!["department_ids"]![0]!.GetValue<string>());
        Assert.Equal(2, (await GetAsync($"users/find_by_department?department_id={SeededCompany.PurchasingDepartment}"))
            .Data["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_mobile_is_told_apart_and_fields_need_their_scope()
    {
        await _emulator.ControlAsync(HttpMethod.Patch, "people/bob", new { mobile = "+8613911111111", name = "鲍伯" });
        Assert.Equal(["mobile"], (await _receiver.NextAsync("contact.user.updated_v3")).Event["old_object"]!.AsObject().Select(f => f.Key));
        Assert.Equal(["name"], (await _receiver.NextAsync("contact.user.updated_v3")).Event["old_object"]!.AsObject().Select(f => f.Key));
        await _emulator.ControlAsync(HttpMethod.Post, $"apps/{EmulatorApp.AppId}/scopes",
            new { revoke = new[] { "contact:user.phone:readonly" } });
        await _emulator.ControlAsync(HttpMethod.Patch, "people/bob", new { mobile = "+8613922222222" });
        await _emulator.ControlAsync(HttpMethod.Patch, "people/bob", new { name = "无声", silent = true });
        await _emulator.ControlAsync(HttpMethod.Patch, "people/bob", new { name = "鲍勃" });
        var heard = (await _receiver.NextAsync("contact.user.updated_v3")).Event;
        Assert.Equal("无声", heard["old_object"]!["name"]!.GetValue<string>());
        Assert.Null(heard["object"]!["mobile"]);
    }

    [Fact]
    public async Task Departments_are_made_changed_and_removed()
    {
        var made = await _emulator.ControlAsync(HttpMethod.Post, "departments",
            new { department_id = "legal", name = "法务部", parent = "finance", order = 5 });
        var created = (await _receiver.NextAsync("contact.department.created_v3")).Event["object"]!;
        Assert.Equal((SeededCompany.FinanceDepartment, 5),
            (created["parent_department_id"]!.GetValue<string>(), created["order"]!.GetValue<int>()));
        await _emulator.ControlAsync(HttpMethod.Patch, "departments/legal", new { department_id = "law", leader = "carol", parent = "0" });
        var old = (await _receiver.NextAsync("contact.department.updated_v3")).Event["old_object"]!.AsObject();
        Assert.Equal("legal", old["department_id"]!.GetValue<string>());
        Assert.False(old.ContainsKey("name"));
        await _emulator.ControlAsync(HttpMethod.Delete, "departments/law");
        var gone = (await _receiver.NextAsync("contact.department.deleted_v3")).Event;
        Assert.True(gone["object"]!["status"]!["is_deleted"]!.GetValue<bool>());
        Assert.Equal(made["open_department_id"]!.GetValue<string>(), gone["old_object"]!["open_department_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_range_is_told_and_kept()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "departments", new { department_id = "tax", name = "税务组", parent = "finance" });
        await _emulator.ControlAsync(HttpMethod.Post, "directory/range",
            new { departments = new[] { "finance" }, people = new[] { "alice" } });
        var told = (await _receiver.NextAsync("contact.scope.updated_v3")).Event;
        Assert.Equal("alice", told["added"]!["users"]![0]!["user_id"]!.GetValue<string>());
        Assert.Equal(SeededCompany.PurchasingDepartment, told["removed"]!["departments"]![0]!["open_department_id"]!.GetValue<string>());

        var scopes = (await GetAsync("scopes?user_id_type=user_id&department_id_type=department_id")).Data;
        Assert.Equal(("[\"finance\"]", "[\"alice\"]"), (scopes["department_ids"]!.ToJsonString(), scopes["user_ids"]!.ToJsonString()));
        Assert.Equal(0, (await GetAsync("users/find_by_department?department_id=tax&department_id_type=department_id")).Code);
        Assert.Equal(40004, (await GetAsync("users/find_by_department?department_id=purchasing&department_id_type=department_id")).Code);
        Assert.Equal(40004, (await GetAsync("users/find_by_department?department_id=0")).Code);
        Assert.Equal(40004, (await GetAsync("departments/purchasing?department_id_type=department_id")).Code);
        Assert.Equal(41050, (await GetAsync("users/bob?user_id_type=user_id")).Code);
        Assert.Equal(["alice", "carol"], await UserIdsAsync("users/batch?user_id_type=user_id&user_ids=alice&user_ids=bob&user_ids=carol"));
        Assert.True((await _emulator.ActAsync(new { @as = "bob", @do = "send", text = "still here" }))["ok"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_api_writes_what_the_events_tell()
    {
        var user = new { user_id = "erin", name = "艾琳", mobile = "+8613800000010", department_ids = new[] { "0" }, employee_type = 1 };
        Assert.Equal(0, (await WriteAsync(HttpMethod.Post, "users?user_id_type=user_id", user)).Code);
        Assert.Equal("erin", (await _receiver.NextAsync("contact.user.created_v3")).Event["object"]!["user_id"]!.GetValue<string>());
        Assert.Equal(41011, (await WriteAsync(HttpMethod.Post, "users?user_id_type=user_id", user)).Code);
        Assert.Equal(44033, (await WriteAsync(HttpMethod.Post, "users/erin/resurrect?user_id_type=user_id", new { })).Code);
        Assert.Equal(0, (await WriteAsync(HttpMethod.Delete, "users/erin?user_id_type=user_id", new { })).Code);
        Assert.Equal(41050, (await WriteAsync(HttpMethod.Delete, "users/erin?user_id_type=user_id", new { })).Code);
        Assert.True((await GetAsync("users/erin?user_id_type=user_id")).Data["user"]!["status"]!["is_resigned"]!.GetValue<bool>());
        Assert.Equal(0, (await WriteAsync(HttpMethod.Post, "users/erin/resurrect?user_id_type=user_id", new { })).Code);
        await _emulator.ControlAsync(HttpMethod.Delete, "people/erin");
        await _emulator.AdvanceAsync(TimeSpan.FromDays(31));
        _token = await _emulator.TenantTokenAsync();
        Assert.Equal(44028, (await WriteAsync(HttpMethod.Post, "users/erin/resurrect?user_id_type=user_id", new { })).Code);
    }

    [Fact]
    public async Task A_department_with_too_many_below_it_is_read_level_by_level()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "directory/fill", new { people = 10, departments = 600 });
        Assert.Equal(43010, (await GetAsync("departments/0/children?fetch_child=true")).Code);
        Assert.Equal(0, (await GetAsync("departments/0/children")).Code);
    }

    [Fact]
    public async Task Lists_go_wrong_on_purpose()
    {
        await _emulator.ControlAsync(HttpMethod.Post, "directory/faults",
            new { kind = "forbidden", department = "finance", platform = "feishu" });
        Assert.Equal(40004, (await GetAsync("users/find_by_department?department_id=" + SeededCompany.FinanceDepartment)).Code);
        await _emulator.ControlAsync(HttpMethod.Post, "directory/faults", new { kind = "empty", of = "people", count = 1 });
        const string page = "users/find_by_department?user_id_type=user_id&page_size=1&department_id=";
        Assert.Empty(await UserIdsAsync(page + SeededCompany.PurchasingDepartment));
        await _emulator.ControlAsync(HttpMethod.Post, "people",
            new { user_id = "dave", name = "戴夫", departments = new[] { "purchasing" } });
        await _emulator.ControlAsync(HttpMethod.Post, "directory/faults", new { kind = "leave_after_page", person = "alice" });
        var first = await GetAsync(page + SeededCompany.PurchasingDepartment);
        Assert.Equal("alice", first.Data["items"]![0]!["user_id"]!.GetValue<string>());
        Assert.Equal(["dave"], await UserIdsAsync($"{page}{SeededCompany.PurchasingDepartment}&page_token={first.Data["page_token"]}"));
    }

    private async Task<string[]> UserIdsAsync(string path) =>
        [.. (await GetAsync(path)).Data["items"]!.AsArray().Select(u => u!["user_id"]!.GetValue<string>())];

    private Task<ApiReply> GetAsync(string path) => _emulator.CallAsync(HttpMethod.Get, Contact + path, _token);

    private Task<ApiReply> WriteAsync(HttpMethod method, string path, object body) =>
        _emulator.CallAsync(method, Contact + path, _token, body);
}
