using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

public sealed class ContactTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private string _token = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _token = await _emulator.TenantTokenAsync();
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task A_person_is_found_by_every_kind_of_id()
    {
        foreach (var (type, id) in new[] { ("user_id", "bob"), ("open_id", WireIds.OpenId(EmulatorApp.AppId, "bob")), ("union_id", _emulator.State.Person("bob")!.UnionId) })
        {
            var user = (await GetAsync($"users/{id}?user_id_type={type}")).Data["user"]!;
            Assert.Equal(("鲍勃", "bob@mica.example"), (user["name"]!.GetValue<string>(), user["email"]!.GetValue<string>()));
        }
    }

    [Fact]
    public async Task A_field_without_its_scope_is_absent()
    {
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = new[] { "contact:contact.base:readonly", "contact:user.base:readonly" } });
        var user = (await GetAsync($"users/{WireIds.OpenId(EmulatorApp.AppId, "bob")}")).Data["user"]!.AsObject();
        Assert.True(user.ContainsKey("name"));
        Assert.False(user.ContainsKey("mobile") || user.ContainsKey("email") || user.ContainsKey("user_id"));
    }

    [Theory]
    [InlineData("contact:user.employee_number:read", true, false)]
    [InlineData("contact:user.employee:readonly", true, true)]
    [InlineData("contact:user.email:readonly", false, false)]
    public async Task The_staff_number_has_a_scope_of_its_own(string scope, bool number, bool rest)
    {
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = new[] { "contact:contact.base:readonly", scope } });
        var user = (await GetAsync($"users/{WireIds.OpenId(EmulatorApp.AppId, "bob")}")).Data["user"]!.AsObject();
        Assert.Equal((number, rest), (user.ContainsKey("employee_no"), user.ContainsKey("job_title")));
    }

    [Fact]
    public async Task People_come_in_batches_and_by_department()
    {
        Assert.Equal(2, (await GetAsync("users/batch?user_id_type=user_id&user_ids=alice&user_ids=carol&user_ids=nobody")).Data["items"]!.AsArray().Count);
        var page = await GetAsync($"users/find_by_department?department_id={SeededCompany.PurchasingDepartment}&page_size=1");
        Assert.True(page.Data["has_more"]!.GetValue<bool>());
        var next = await GetAsync($"users/find_by_department?department_id={SeededCompany.PurchasingDepartment}&page_size=1&page_token={page.Data["page_token"]}");
        Assert.False(next.Data["has_more"]!.GetValue<bool>());
        Assert.Equal(40012, (await GetAsync($"users/find_by_department?department_id={SeededCompany.PurchasingDepartment}&page_token=junk")).Code);
        Assert.Equal(40001, (await GetAsync("users/batch?" + string.Join('&', Enumerable.Range(0, 51).Select(i => $"user_ids=u{i}")))).Code);
    }

    [Fact]
    public async Task Mail_addresses_and_mobiles_lead_to_ids_and_unknown_ones_to_none()
    {
        var reply = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/contact/v3/users/batch_get_id?user_id_type=user_id", _token,
            new { emails = new[] { "alice@mica.example", "x@y.example" }, mobiles = new[] { "13800000003" } });
        var list = reply.Data["user_list"]!.AsArray();
        Assert.Equal(["alice", null, "carol"], list.Select(e => e!["user_id"]?.GetValue<string>()));
    }

    [Fact]
    public async Task Departments_hang_under_the_root_which_itself_cannot_be_fetched()
    {
        Assert.Equal(2, (await GetAsync("departments/0/children")).Data["items"]!.AsArray().Count);
        Assert.Equal("财务部", (await GetAsync("departments/finance?department_id_type=department_id")).Data["department"]!["name"]!.GetValue<string>());
        Assert.Equal(40161, (await GetAsync("departments/0")).Code);
        Assert.Equal(99992380, (await GetAsync("departments/od-unknown")).Code);
        Assert.Equal(2, (await GetAsync("scopes")).Data["department_ids"]!.AsArray().Count);
    }

    [Fact]
    public async Task The_app_knows_itself_and_its_scopes()
    {
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = new[] { "im:chat", "application:application:self_manage" } });
        var scopes = (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/application/v6/scopes", _token)).Data["scopes"]!.AsArray();
        Assert.Equal(2, scopes.Count(s => s!["grant_status"]!.GetValue<int>() == 1));
        var app = (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/application/v6/applications/me?lang=zh_cn", _token)).Data["app"]!;
        Assert.Equal(EmulatorApp.AppId, app["app_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_group_lives_from_creation_to_its_end()
    {
        var created = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/chats?user_id_type=user_id&uuid=g1", _token, new { name = "Project", owner_id = "alice", user_id_list = new[] { "bob" } });
        var again = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/chats?user_id_type=user_id&uuid=g1", _token, new { name = "Project" });
        var id = created.Data["chat_id"]!.GetValue<string>();
        Assert.Equal(id, again.Data["chat_id"]!.GetValue<string>());
        var path = "/open-apis/im/v1/chats/" + id;
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Post, path + "/members?member_id_type=user_id", _token, new { id_list = new[] { "carol", "ghost" } })).Code);
        Assert.Equal(3, (await _emulator.CallAsync(HttpMethod.Get, path + "/members", _token)).Data["member_total"]!.GetValue<int>());
        Assert.True((await _emulator.CallAsync(HttpMethod.Get, path + "/members/is_in_chat", _token)).Data["is_in_chat"]!.GetValue<bool>());
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Put, path, _token, new { name = "Renamed" })).Code);
        Assert.Equal("Renamed", (await _emulator.CallAsync(HttpMethod.Get, path, _token)).Data["name"]!.GetValue<string>());
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Delete, path + "/members?member_id_type=user_id", _token, new { id_list = new[] { "carol" } })).Code);
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Delete, path, _token)).Code);
        Assert.Equal(232009, (await _emulator.CallAsync(HttpMethod.Put, path, _token, new { name = "x" })).Code);
    }

    private Task<ApiReply> GetAsync(string path) => _emulator.CallAsync(HttpMethod.Get, "/open-apis/contact/v3/" + path, _token);
}
