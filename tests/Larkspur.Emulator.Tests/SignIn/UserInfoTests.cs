using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>Who signed in, and what a token in their name opens.</summary>
public sealed class UserInfoTests : SignInTest
{
    private const string AllFields = "contact:user.email:readonly contact:user.phone:readonly contact:user.employee_id:readonly contact:user.employee:readonly";

    [Fact]
    public async Task Without_scopes_it_is_name_ids_and_company()
    {
        var info = await InfoAsync("alice");
        string[] fields = ["avatar_big", "avatar_middle", "avatar_thumb", "avatar_url", "en_name", "name", "open_id", "tenant_key", "union_id"];
        Assert.Equal(fields, info.Select(m => m.Key).Order(StringComparer.Ordinal));
        Assert.Equal(WireIds.OpenId(EmulatorApp.AppId, "alice"), info["open_id"]!.GetValue<string>());
        Assert.Equal(EmulatorApp.DefaultApp.TenantKey, info["tenant_key"]!.GetValue<string>());
    }

    [Fact]
    public async Task Each_field_needs_its_scope_of_the_app_and_of_the_person()
    {
        var info = await InfoAsync("alice", AllFields);
        Assert.Equal(("alice@mica.example", "+8613800000001", "alice", "M1001"), (Text(info, "email"), Text(info, "mobile"), Text(info, "user_id"), Text(info, "employee_no")));
        var token = Said(await SignedInAsync(scope: AllFields), "access_token");
        await AppAsync(new { granted_scopes = new[] { "contact:user.phone:readonly" } });
        var less = (await UserInfoAsync(token)).Data.AsObject();
        Assert.Equal((false, true, false), (less.ContainsKey("email"), less.ContainsKey("mobile"), less.ContainsKey("user_id")));
    }

    [Fact]
    public async Task A_bad_token_has_the_endpoints_own_code_and_a_missing_one_the_gateways()
    {
        var reply = await UserInfoAsync("u-unknown");
        Assert.Equal((200, 20005), (reply.Status, reply.Code));
        Assert.Equal(99991661, (await Emulator.CallAsync(HttpMethod.Get, "/open-apis/authen/v1/user_info", null)).Code);
    }

    [Theory]
    [InlineData("resigned", 20021)]
    [InlineData("frozen", 20022)]
    [InlineData("inactive", 20023)]
    public async Task A_token_tells_what_became_of_its_person(string status, long code)
    {
        var token = Said(await SignedInAsync(), "access_token");
        await PersonAsync("alice", new { status });
        var reply = await UserInfoAsync(token);
        Assert.Equal((200, code), (reply.Status, reply.Code));
    }

    [Fact]
    public async Task A_guests_company_is_another_and_their_user_id_may_be_a_members()
    {
        const string tenant = "736588c9260f175d";
        await Emulator.ControlAsync(HttpMethod.Post, "guests", new { user_id = "alice", tenant_key = tenant, name = "Alice of elsewhere" });
        var guest = await InfoAsync("alice@" + tenant, AllFields);
        var own = await InfoAsync("alice", AllFields);
        Assert.Equal((tenant, "alice", ""), (Text(guest, "tenant_key"), Text(guest, "user_id"), Text(guest, "email")));
        Assert.NotEqual(Text(own, "union_id"), Text(guest, "union_id"));
        Assert.NotEqual(Text(own, "open_id"), Text(guest, "open_id"));
    }

    [Fact]
    public async Task Two_people_can_have_one_mail_and_somebody_none()
    {
        await PersonAsync("bob", new { email = "alice@mica.example" });
        await PersonAsync("carol", new { email = "" });
        var (alice, bob, carol) = (await InfoAsync("alice", AllFields), await InfoAsync("bob", AllFields), await InfoAsync("carol", AllFields));
        Assert.Equal((Text(alice, "email"), ""), (Text(bob, "email"), Text(carol, "email")));
        Assert.NotEqual(Text(alice, "union_id"), Text(bob, "union_id"));
    }

    [Fact]
    public async Task A_user_id_can_pass_to_a_newcomer_who_is_somebody_else()
    {
        var before = await InfoAsync("alice", AllFields);
        await PersonAsync("alice", new { user_id = "alice.liu" });
        var renamed = await InfoAsync("alice.liu", AllFields);
        Assert.Equal((Text(before, "union_id"), "alice.liu"), (Text(renamed, "union_id"), Text(renamed, "user_id")));
        await Emulator.ControlAsync(HttpMethod.Post, "people", new { user_id = "alice", name = "新人" });
        var newcomer = await InfoAsync("alice", AllFields);
        Assert.Equal(("alice", "新人"), (Text(newcomer, "user_id"), Text(newcomer, "name")));
        Assert.NotEqual(Text(before, "union_id"), Text(newcomer, "union_id"));
        Assert.NotEqual(Text(before, "open_id"), Text(newcomer, "open_id"));
    }

    [Fact]
    public async Task Other_endpoints_take_the_token_within_what_was_granted()
    {
        var id = WireIds.OpenId(EmulatorApp.AppId, "alice");
        var bare = Said(await SignedInAsync(), "access_token");
        var refused = await Emulator.CallAsync(HttpMethod.Get, "/open-apis/contact/v3/users/" + id, bare);
        Assert.Equal((400, 99991679), (refused.Status, refused.Code));
        Assert.All(refused.Json["error"]!["permission_violations"]!.AsArray(), v => Assert.Equal("action_privilege_required", v!["type"]!.GetValue<string>()));
        var token = Said(await SignedInAsync(scope: "contact:contact.base:readonly contact:user.base:readonly contact:user.email:readonly"), "access_token");
        var user = (await Emulator.CallAsync(HttpMethod.Get, "/open-apis/contact/v3/users/" + id, token)).Data["user"]!.AsObject();
        Assert.Equal(("艾丽丝", "alice@mica.example"), (Text(user, "name"), Text(user, "email")));
        Assert.False(user.ContainsKey("mobile"));
        // The app itself sees more than the person granted.
        var app = await Emulator.CallAsync(HttpMethod.Get, "/open-apis/contact/v3/users/" + id, await Emulator.TenantTokenAsync());
        Assert.True(app.Data["user"]!.AsObject().ContainsKey("mobile"));
    }

    [Fact]
    public async Task Somebodys_approval_tasks_are_listed_for_themselves_alone()
    {
        await Emulator.ActAsync(new
        {
            @as = "alice", @do = "submit_approval", approval = SeededCompany.PaymentApprovalCode,
            form = JsonNode.Parse("""[{"id":"payee","type":"input","value":"x"},{"id":"amount","type":"amount","value":12,"currency":"CNY"}]"""),
        });
        var bob = Said(await SignedInAsync("bob", "approval:approval:readonly contact:user.employee_id:readonly"), "access_token");
        const string list = "/open-apis/approval/v4/tasks/query?topic=1&user_id_type=user_id&user_id=";
        Assert.Single((await Emulator.CallAsync(HttpMethod.Get, list + "bob", bob)).Data["tasks"]!.AsArray());
        Assert.Equal(1390001, (await Emulator.CallAsync(HttpMethod.Get, list + "alice", bob)).Code);
    }

    private async Task<JsonObject> InfoAsync(string who, string scope = "") => (await UserInfoAsync(Said(await SignedInAsync(who, scope), "access_token"))).Data.AsObject();

    private static string Text(JsonObject from, string name) => from[name]!.GetValue<string>();
}
