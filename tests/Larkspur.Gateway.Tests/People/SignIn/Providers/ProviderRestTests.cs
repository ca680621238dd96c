using System.Text.Json;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.People.SignIn.Providers;

/// <summary>Identity providers over REST: what may be entered, what is shown, who may, and what a test says.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ProviderRestTests(ProviderGateway gateway) : IClassFixture<ProviderGateway>
{
    private const string Ours = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    [Fact]
    public async Task Bad_input_is_refused_with_what_to_do()
    {
        await RefusedAsync(new { client_id = "x", client_secret = "s" }, 400, "missing", "/issuer");
        await RefusedAsync(new { issuer = "https://id.example.com", client_secret = "s" }, 400, "missing", "/client_id");
        await RefusedAsync(new { issuer = "https://id.example.com", client_id = "x" }, 400, "missing", "/client_secret");
        foreach (var issuer in new[]
        {
            "id.example.com", "ftp://id.example.com", "http://id.example.com", "http://10.0.0.1", "https://10.0.0.1", "https://169.254.169.254",
            "https://u:p@id.example.com", "https://id.example.com#x", "https://id.example.com?x=1", "https://id.example.com/ x",
            "https://id.example.com/.well-known/openid-configuration",
        }) await RefusedAsync(new { issuer, client_id = "x", client_secret = "s" }, 422, "bad_url", "/issuer");
        await RefusedAsync(Whole(("client_secret", "two words")), 422, "bad_secret", "/client_secret");
        await RefusedAsync(Whole(("client_id", "")), 400, "empty", "/client_id");
        await RefusedAsync(Whole(("client_id", "a b")), 422, "bad_value", "/client_id");
        await RefusedAsync(Whole(("scopes", new[] { "profile" })), 422, "bad_value", "/scopes");
        await RefusedAsync(Whole(("scopes", new[] { "openid profile" })), 422, "bad_value", "/scopes/0");
        await RefusedAsync(Whole(("product", "okta")), 422, "bad_value", "/product");
        await RefusedAsync(Whole(("client_auth", "none")), 400, "two_ways", "/client_secret");
        await RefusedAsync(Whole(("allowed_tenants", new[] { Ours })), 422, "bad_value", "/allowed_tenants");
        await RefusedAsync(Whole(("allow_guests", true)), 422, "bad_value", "/allow_guests");
        await RefusedAsync(Whole(("title_en", "two\u202elines")), 422, "bad_name", "/title_en");
        var entra = "https://login.microsoftonline.com/organizations/v2.0";
        await RefusedAsync(Whole(("issuer", entra)), 400, "missing", "/allowed_tenants");
        await RefusedAsync(Whole(("issuer", entra), ("product", "oidc")), 422, "bad_value", "/product");
        await RefusedAsync(Whole(("issuer", entra), ("allowed_tenants", new[] { "mica.example" })), 422, "bad_value", "/allowed_tenants/0");
        var auth = await RefusedAsync(Whole(("client_auth", "client_secret_basik")), 422, "bad_value", "/client_auth");
        Assert.Contains("Did you mean \\u0022client_secret_basic\\u0022?", auth.Body.GetRawText().Replace("\\\"", "\\u0022"), StringComparison.Ordinal);
        var typo = await RefusedAsync(Whole(("isuer", "x")), 400, "unknown_field", "/isuer");
        Assert.Contains("issuer", typo.ToString(), StringComparison.Ordinal);
        Assert.Empty((await gateway.Gateway.GetRestAsync("/identity-providers")).Items);
    }

    [Theory]
    [InlineData("feishu")]
    [InlineData("feishu-2")]
    [InlineData("wecom_hr")]
    [InlineData("dingtalk")]
    [InlineData("assets")]
    [InlineData("sign-out")]
    [InlineData("callback")]
    [InlineData("Bad.Name")]
    [InlineData("-x")]
    public async Task A_name_is_a_step_of_the_pages_address_that_nobody_else_has(string name)
    {
        var refused = await gateway.Gateway.RestAsync(HttpMethod.Put, "/identity-providers/" + name, Whole());
        Assert.Equal((400, "bad_name"), (refused.Status, refused.Error));
    }

    [Fact]
    public async Task The_secret_is_kept_encrypted_and_never_shown()
    {
        await using var at = await ProviderFixture.StartAsync(gateway);
        await at.PutAsync(body => (body["title_zh"], body["title_en"]) = ("公司账号", "Company account"));
        var shown = await gateway.Gateway.GetRestAsync("/identity-providers/company");
        Assert.Equal(("active", true, "公司账号", "oidc"), (shown.Text("state"), shown.Body.GetProperty("has_secret").GetBoolean(),
            shown.Text("title_zh"), shown.Text("product")));
        Assert.EndsWith("/sign-in/company/callback", shown.Text("redirect_uri"), StringComparison.Ordinal);
        Assert.Equal(("company", "Company account", "公司账号", "idp"),
            (at.Method.Name, at.Method.Title.English, at.Method.Title.Chinese, at.Method.Mark));
        await at.SignInAsync();
        var kept = await gateway.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql =>
            sql.QueryAsync("SELECT client_secret FROM identity_provider", static row => row.GetString(0)), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(FakeIdp.Secret, Assert.Single(kept), StringComparison.Ordinal);
        var audit = (await gateway.Gateway.GetRestAsync("/audit?limit=20")).Body.GetRawText();
        Assert.Contains("identity_provider.created", audit, StringComparison.Ordinal);
        foreach (var text in new[] { shown.ToString(), audit, gateway.Gateway.Logs.Text })
            Assert.DoesNotContain(FakeIdp.Secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_change_does_not_name_stays_and_another_issuer_takes_its_secret()
    {
        await using var at = await ProviderFixture.StartAsync(gateway);
        await at.PutAsync();
        var changed = await gateway.Gateway.RestAsync(HttpMethod.Put, "/identity-providers/company", new { groups_claim = "groups", enabled = false });
        Assert.Equal((200, "off", at.Idp.Issuer, "groups", true), (changed.Status, changed.Text("state"), changed.Text("issuer"),
            changed.Text("groups_claim"), changed.Body.GetProperty("has_secret").GetBoolean()));
        // What is off is no button, and nobody signs in by it.
        Assert.DoesNotContain(gateway.Gateway.Services.GetServices<ISignInSource>().SelectMany(s => s.Methods), m => m.Name == "company");
        // Whoever may change a provider does not get its secret sent to a place of theirs.
        await using var evil = await FakeIdp.StartAsync();
        await RefusedAsync(new { issuer = evil.Issuer }, 400, "missing", "/client_secret");
        Assert.Empty(evil.Requests);
        await RefusedAsync(new { product = "entra" }, 422, "bad_value", "/product");
        await at.PutAsync(body => body["issuer"] = evil.Issuer);
    }

    [Fact]
    public async Task A_test_says_what_was_found_or_what_is_wrong()
    {
        await using var at = await ProviderFixture.StartAsync(gateway);
        await at.PutAsync();
        var found = await TestAsync();
        Assert.True(found.GetProperty("ok").GetBoolean(), found.ToString());
        Assert.Contains("one signing key (RS256)", found.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal("k1", found.GetProperty("keys")[0].GetString());
        // It asks each time, whatever is known.
        Assert.Equal(2, await SeenAsync());
        at.Idp.Metadata = m => m["issuer"] = "https://id.evil.example";
        var wrong = await TestAsync();
        Assert.Equal(("issuer_mismatch", false), (wrong.GetProperty("problem").GetString(), wrong.GetProperty("ok").GetBoolean()));
        Assert.Contains("https://id.evil.example", wrong.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains("签发方", wrong.GetProperty("message_zh").GetString(), StringComparison.Ordinal);
        at.Idp.Metadata = m => m["id_token_signing_alg_values_supported"] = new System.Text.Json.Nodes.JsonArray("none", "HS256");
        Assert.Equal("no_algorithm", (await TestAsync()).GetProperty("problem").GetString());
        at.Idp.Metadata = m => m["require_pushed_authorization_requests"] = true;
        Assert.Equal("pushed_only", (await TestAsync()).GetProperty("problem").GetString());
        Assert.Equal(404, (await gateway.Gateway.PostRestAsync("/identity-providers/nobody/test", null)).Status);

        async Task<JsonElement> TestAsync()
        {
            var answer = await gateway.Gateway.PostRestAsync("/identity-providers/company/test", null);
            Assert.True(answer.Status == 200, answer.ToString());
            return answer.Body;
        }

        async Task<int> SeenAsync()
        {
            await TestAsync();
            return at.Idp.Count("/keys");
        }
    }

    [Fact]
    public async Task A_key_needs_its_scope_and_sees_its_own_alone()
    {
        await using var at = await ProviderFixture.StartAsync(gateway);
        await at.PutAsync();
        var (read, write) = (await KeyAsync("sign-in:read"), await KeyAsync("sign-in:read", "sign-in:write"));
        var seeing = await KeyAsync("sign-in:read", "sign-in:write", "others:read");
        Assert.Equal(403, (await CallAsync(await KeyAsync("people:write"), HttpMethod.Get, "/identity-providers")).Status);
        Assert.Equal(403, (await CallAsync(read, HttpMethod.Put, "/identity-providers/mine", Whole())).Status);
        Assert.Equal(403, (await CallAsync(read, HttpMethod.Post, "/identity-providers/company/test")).Status);
        Assert.Equal(404, (await CallAsync(write, HttpMethod.Get, "/identity-providers/company")).Status);
        Assert.Equal(404, (await CallAsync(write, HttpMethod.Delete, "/identity-providers/company")).Status);
        Assert.Equal(404, (await CallAsync(write, HttpMethod.Post, "/identity-providers/company/test")).Status);
        Assert.Equal(409, (await CallAsync(write, HttpMethod.Put, "/identity-providers/company", Whole())).Status);
        Assert.Equal(201, (await CallAsync(write, HttpMethod.Put, "/identity-providers/mine", Whole())).Status);
        Assert.Equal(403, (await CallAsync(write, HttpMethod.Put, "/identity-providers/mine", new { system = "another" })).Status);
        Assert.Equal(200, (await CallAsync(seeing, HttpMethod.Get, "/identity-providers/company")).Status);
        Assert.Equal(403, (await CallAsync(seeing, HttpMethod.Put, "/identity-providers/company", new { enabled = false })).Status);
        Assert.Equal(403, (await CallAsync(seeing, HttpMethod.Delete, "/identity-providers/company")).Status);
        Assert.Single((await CallAsync(write, HttpMethod.Get, "/identity-providers")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal(2, (await gateway.Gateway.GetRestAsync("/identity-providers")).Items.Length);
        Assert.Equal(204, (await CallAsync(write, HttpMethod.Delete, "/identity-providers/mine")).Status);

        async Task<string> KeyAsync(params string[] scopes) =>
            (await gateway.Gateway.MakeKeyAsync("key-" + Guid.NewGuid().ToString("N"), scopes)).Secret;

        Task<KeyAnswer> CallAsync(string key, HttpMethod method, string path, object? body = null) =>
            gateway.Gateway.CallAsync(key, method, path, body);
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_is_not_called()
    {
        await using var feishu = await FeishuStub.StartAsync();
        await using var idp = await FakeIdp.StartAsync();
        await using var other = await GatewayApp.StartAsync(feishu.Address, configure: builder =>
            builder.Services.AddSingleton<HostLookup>((_, _) => Task.FromResult<System.Net.IPAddress[]>([System.Net.IPAddress.Loopback])));
        var issuer = new UriBuilder(idp.Root) { Host = "id.example.com", Scheme = "https" }.Uri.ToString();
        Assert.Equal(201, (await other.RestAsync(HttpMethod.Put, "/identity-providers/company", Whole(("issuer", issuer)))).Status);
        var test = await other.PostRestAsync("/identity-providers/company/test", null);
        Assert.Equal("address_refused", test.Text("problem"));
        Assert.Contains("LARKSPUR_ALLOW_PRIVATE_ADDRESSES", test.Text("message"), StringComparison.Ordinal);
        Assert.Equal(422, (await other.RestAsync(HttpMethod.Put, "/identity-providers/here", Whole(("issuer", idp.Issuer)))).Status);
        Assert.Empty(idp.Requests);
    }

    private static Dictionary<string, object?> Whole(params (string Name, object? Value)[] more)
    {
        var body = new Dictionary<string, object?>
        {
            ["issuer"] = "https://id.example.com/realms/company", ["client_id"] = "larkspur", ["client_secret"] = FakeIdp.Secret,
        };
        foreach (var (name, value) in more) body[name] = value;
        return body;
    }

    private async Task<RestAnswer> RefusedAsync(object body, int status, string word, string pointer)
    {
        var answer = await gateway.Gateway.RestAsync(HttpMethod.Put, "/identity-providers/company", body);
        Assert.True((answer.Status, answer.Error, answer.Pointer) == (status, word, pointer), $"{JsonSerializer.Serialize(body)} {answer}");
        return answer;
    }
}
