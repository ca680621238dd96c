using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>Rules say who may use what: what forbids wins, what permits keeps out everybody else, and nobody slips through by another id.</summary>
public sealed class PermissionTests : IAsyncLifetime
{
    private const string Everybody = """{"everybody":true}""";
    private GatewayApp _gateway = null!;
    private KnownPerson _anna = null!;

    public async ValueTask InitializeAsync()
    {
        _gateway = await StartAsync();
        _anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a", email: "anna@mica.example"));
    }

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Theory]
    // Rules as effect, feature and circle; what is asked is "assistant", by Anna of department od-1, who is a pilot, on Feishu.
    [InlineData("", true, null, null)]
    [InlineData("""allow assistant {"everybody":true}""", true, "r0", null)]
    [InlineData("""deny assistant {"everybody":true}""", false, "r0", "denied_by_rule")]
    [InlineData("""deny * {"everybody":true}""", false, "r0", "denied_by_rule")]
    [InlineData("""deny other {"everybody":true}""", true, null, null)]
    [InlineData("""allow other {"people":["bob@mica.example"]}""", true, null, null)]
    [InlineData("""allow assistant {"people":["bob@mica.example"]}""", false, null, "not_granted")]
    [InlineData("""allow * {"people":["bob@mica.example"]}""", false, null, "not_granted")]
    [InlineData("""allow assistant {"people":["Anna@Mica.example"]}""", true, "r0", null)]
    [InlineData("""deny assistant {"people":["bob@mica.example"]}""", true, null, null)]
    [InlineData("""deny assistant {"people":["anna@mica.example"]}""", false, "r0", "denied_by_rule")]
    [InlineData("""allow assistant {"departments":["od-1"]}""", true, "r0", null)]
    [InlineData("""allow assistant {"departments":["feishu:od-1"]}""", true, "r0", null)]
    [InlineData("""allow assistant {"departments":["dingtalk:od-1"]}""", false, null, "not_granted")]
    [InlineData("""allow assistant {"roles":["pilots"]}""", true, "r0", null)]
    [InlineData("""allow assistant {"roles":["finance"]}""", false, null, "not_granted")]
    [InlineData("""allow assistant {"roles":["finance","pilots"]}""", true, "r0", null)]
    [InlineData("""deny assistant {"roles":["pilots"]}""", false, "r0", "denied_by_rule")]
    [InlineData("""deny assistant {"roles":["finance"]}""", true, null, null)]
    [InlineData("""allow assistant {"platforms":["feishu"]}""", true, "r0", null)]
    [InlineData("""allow assistant {"platforms":["web"]}""", false, null, "not_granted")]
    [InlineData("""allow assistant {"people":["bob@mica.example"],"departments":["od-1"]}""", true, "r0", null)]
    // What forbids wins, wherever it stands and however exact the other is.
    [InlineData("""allow assistant {"people":["anna@mica.example"]};deny * {"platforms":["feishu"]}""", false, "r1", "denied_by_rule")]
    [InlineData("""deny assistant {"departments":["od-1"]};allow assistant {"everybody":true}""", false, "r0", "denied_by_rule")]
    [InlineData("""allow * {"everybody":true};allow assistant {"people":["bob@mica.example"]}""", true, "r0", null)]
    [InlineData("""deny assistant {"people":["bob@mica.example"]};allow assistant {"platforms":["web"]}""", false, null, "not_granted")]
    public async Task Truth_table(string rules, bool allowed, string? rule, string? reason)
    {
        var bob = await _gateway.GetOrCreateAsync(OnWeCom("bob"));
        await PutRoleAsync("pilots", _anna.Id);
        await PutRoleAsync("finance", bob.Id);
        foreach (var (text, i) in rules.Split(';', StringSplitOptions.RemoveEmptyEntries).Select((text, i) => (text, i)))
        {
            var parts = text.Split(' ', 3);
            await AddAsync($"r{i}", parts[1], parts[0], parts[2]);
        }

        Assert.Equal(new Permission(allowed, rule, reason), await CheckAsync(_anna));
    }

    [Fact]
    public async Task Hours_open_and_close_and_what_forbids_at_other_hours_does_not_forbid()
    {
        await AddAsync("office", "assistant", "allow", Everybody, """{"days":["mon","tue","wed","thu","fri"],"from":"09:00","to":"18:00","time_zone":"Asia/Shanghai"}""");
        var (monday, night) = (new DateTimeOffset(2026, 1, 5, 2, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 1, 5, 15, 0, 0, TimeSpan.Zero));
        Assert.Equal(new Permission(true, "office", null), await CheckAsync(_anna, monday));
        Assert.Equal(new Permission(false, "office", "outside_hours"), await CheckAsync(_anna, night));
        // Without a zone it is the gateway's, which is Shanghai's.
        await AddAsync("no-nights", "assistant", "deny", """{"departments":["od-1"]}""", """{"from":"22:00","to":"06:00"}""");
        Assert.Equal(new Permission(true, "office", null), await CheckAsync(_anna, monday));
        Assert.Equal(new Permission(false, "no-nights", "denied_by_rule"), await CheckAsync(_anna, night));
        await AddAsync("anna-always", "assistant", "allow", """{"people":["anna@mica.example"]}""");
        Assert.Equal(new Permission(true, "anna-always", null), await CheckAsync(_anna, night - TimeSpan.FromHours(2)));
    }

    [Fact]
    public async Task Where_nothing_is_permitted_without_a_rule_a_rule_permits()
    {
        await using var gateway = await StartAsync(new() { ["Larkspur:People:DefaultPermission"] = "deny" });
        var bob = await gateway.GetOrCreateAsync(OnFeishu("ou_b"));
        Assert.Equal(new Permission(false, null, "not_granted"), await CheckAsync(bob, on: gateway));
        await AddAsync("all", "assistant", "allow", Everybody, on: gateway);
        Assert.Equal(new Permission(true, "all", null), await CheckAsync(bob, on: gateway));
        var failure = await Assert.ThrowsAsync<SettingsException>(() => StartAsync(new() { ["Larkspur:People:DefaultPermission"] = "perhaps" }));
        Assert.Contains("Larkspur:People", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_shut_out_may_nothing()
    {
        await AddAsync("all", "*", "allow", Everybody);
        var anna = await _gateway.People().DisableAsync(new("system"), _anna.Id, true, TestContext.Current.CancellationToken);
        Assert.Equal(new Permission(false, null, "disabled"), await CheckAsync(anna!));
    }

    [Fact]
    public async Task Rules_and_roles_that_name_an_id_from_before_a_merge_hold_for_who_it_is_now()
    {
        var ding = await _gateway.GetOrCreateAsync(OnDingTalk("anna"));
        Assert.Equal(200, (await PutRoleAsync("pilots", ding.Id)).Status);
        await AddAsync("pilots", "assistant", "allow", """{"roles":["pilots"]}""");
        await AddAsync("not-him", "streams", "deny", $$"""{"people":["{{ding.Id}}"]}""");
        Assert.Equal(new Permission(false, null, "not_granted"), await CheckAsync(_anna));
        Assert.True((await CheckAsync(_anna, feature: "streams")).IsAllowed);
        var one = await _gateway.People().MergeAsync(new("system"), ding.Id, _anna.Id, TestContext.Current.CancellationToken);
        Assert.Equal(new Permission(true, "pilots", null), await CheckAsync(one!));
        Assert.Equal(new Permission(false, "not-him", "denied_by_rule"), await CheckAsync(one!, feature: "streams"));
    }

    [Fact]
    public async Task A_rule_names_roles_that_there_are_and_such_a_role_stays()
    {
        var refused = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/rules", """{"name":"finance","feature":"assistant","effect":"deny","who":{"roles":["Finance"]}}""");
        Assert.Equal((422, "no_such_role"), (refused.Status, refused.Error));
        var bob = await _gateway.GetOrCreateAsync(OnWeCom("bob"));
        await PutRoleAsync("Finance", bob.Id);
        await AddAsync("finance", "assistant", "allow", """{"roles":["Finance"]}""");
        Assert.Equal(new Permission(false, null, "not_granted"), await CheckAsync(_anna));
        Assert.Equal(new Permission(true, "finance", null), await CheckAsync(bob));
        Assert.Equal((409, "role_in_use"), await CallAsync(HttpMethod.Delete, "/permissions/roles/Finance"));
        Assert.Equal((204, null), await CallAsync(HttpMethod.Delete, "/permissions/rules/finance"));
        Assert.Equal((204, null), await CallAsync(HttpMethod.Delete, "/permissions/roles/Finance"));
    }

    [Fact]
    public async Task A_rule_that_cannot_be_read_any_more_forbids()
    {
        await AddAsync("office", "assistant", "allow", Everybody);
        await _gateway.DamageAsync("""UPDATE permission_rule SET definition = '{"feature":"assistant","effect":"allow","who":{"everybody":true},"hours":{"time_zone":"Atlantis/Centre"}}'""");
        await _gateway.DamageAsync("UPDATE revision SET version = version + 1 WHERE name = 'permissions'");
        var shown = await _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/permissions/rules/office");
        Assert.Equal("unreadable", shown.Text("problem"));
        Assert.Equal(new Permission(false, "office", "denied_by_rule"), await CheckAsync(_anna));
        Assert.True((await CheckAsync(_anna, feature: "streams")).IsAllowed);
        Assert.Contains("The permission rule office cannot be read", _gateway.Logs.Text, StringComparison.Ordinal);
    }

    private async Task AddAsync(string name, string feature, string effect, string who, string? hours = null, GatewayApp? on = null)
    {
        var body = $$"""{"name":"{{name}}","feature":"{{feature}}","effect":"{{effect}}","who":{{who}}{{(hours is null ? "" : $",\"hours\":{hours}")}}}""";
        var answer = await (on ?? _gateway).CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/permissions/rules", body);
        Assert.True(answer.Status == 201, answer.ToString());
    }

    private async Task<Permission> CheckAsync(KnownPerson person, DateTimeOffset? at = null, string feature = "assistant", GatewayApp? on = null) => await (on ?? _gateway).Permissions().CheckAsync(
        feature, person, new PermissionContext("feishu", "default", ["od-0", "od-1"], at ?? DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);

    private Task<KeyAnswer> PutRoleAsync(string role, params string[] people) => _gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/permissions/roles/" + role, new { people });

    private async Task<(int, string?)> CallAsync(HttpMethod method, string path)
    {
        var answer = await _gateway.CallAsync(GatewayApp.ApiKey, method, path);
        return (answer.Status, answer.Error);
    }
}
