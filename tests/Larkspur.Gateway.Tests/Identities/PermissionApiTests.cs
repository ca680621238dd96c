using System.Globalization;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Testing;
using static Larkspur.Gateway.Tests.Identities.IdentityFixture;

namespace Larkspur.Gateway.Tests.Identities;

/// <summary>Rules and roles are edited over REST, by nobody over somebody else's change, and each change is audited.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class PermissionApiTests : IAsyncLifetime
{
    private const string Rule = """{"name":"night","feature":"assistant","effect":"deny","who":{"departments":["od-2","od-1"]},"hours":{"days":["fri","sat"],"from":"22:00","to":"06:00","time_zone":"Asia/Shanghai"},"note":"Rest."}""";
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync() => _gateway = await StartAsync();

    public async ValueTask DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task A_rule_is_made_read_replaced_and_forgotten()
    {
        var made = await CallAsync(HttpMethod.Post, "/permissions/rules", Rule);
        Assert.Equal((201, "night"), (made.Status, made.Text("name")));
        var body = JsonDocument.Parse(Rule).RootElement;
        var shown = (await CallAsync(HttpMethod.Get, "/permissions/rules/night")).Body;
        Assert.Equal(body.GetProperty("hours").GetRawText(), shown.GetProperty("hours").GetRawText());
        Assert.Equal("""{"departments":["od-1","od-2"]}""", shown.GetProperty("who").GetRawText());
        Assert.Equal(("deny", "Rest.", "api"), (shown.GetProperty("effect").GetString(), shown.GetProperty("note").GetString(), shown.GetProperty("changed_by").GetString()));
        Assert.Equal((409, "name_in_use"), Refusal(await CallAsync(HttpMethod.Post, "/permissions/rules", Rule)));

        var version = shown.GetProperty("version").GetInt64();
        var put = """{"feature":"*","effect":"allow","who":{"everybody":true}}""";
        var replaced = await CallAsync(HttpMethod.Put, "/permissions/rules/night", put, version);
        Assert.Equal(200, replaced.Status);
        Assert.True(replaced.Body.GetProperty("version").GetInt64() > version);
        Assert.Equal((412, "changed_meanwhile"), Refusal(await CallAsync(HttpMethod.Put, "/permissions/rules/night", put, version)));
        Assert.Equal((412, "changed_meanwhile"), Refusal(await CallAsync(HttpMethod.Delete, "/permissions/rules/night", null, version)));
        Assert.Equal((404, "not_found"), Refusal(await CallAsync(HttpMethod.Put, "/permissions/rules/day", put)));
        Assert.Equal(204, (await CallAsync(HttpMethod.Delete, "/permissions/rules/night")).Status);
        Assert.Equal((404, "not_found"), Refusal(await CallAsync(HttpMethod.Delete, "/permissions/rules/night")));
        foreach (var what in (string[])["created", "changed", "deleted"]) Assert.Equal(("api", "night"), Assert.Single((await _gateway.LinesAsync("permission_rule." + what)).Select(l => (l.Who, l.Subject))));
    }

    [Fact]
    public async Task Rules_come_in_pages_by_name()
    {
        for (var i = 0; i < 5; i++) Assert.Equal(201, (await CallAsync(HttpMethod.Post, "/permissions/rules", $$$"""{"name":"规则{{{i}}}","feature":"f{{{i}}}","effect":"allow","who":{"everybody":true}}""")).Status);
        List<string?> names = [];
        string? cursor = null;
        do
        {
            var page = await CallAsync(HttpMethod.Get, $"/permissions/rules?limit=2{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}");
            names.AddRange(page.Body.GetProperty("items").EnumerateArray().Select(r => r.GetProperty("name").GetString()));
            cursor = page.Text("next");
        }
        while (cursor is not null);

        Assert.Equal(["规则0", "规则1", "规则2", "规则3", "规则4"], names);
        Assert.Equal("规则3", (await CallAsync(HttpMethod.Get, "/permissions/rules/" + Uri.EscapeDataString("规则3"))).Text("name"));
        Assert.Equal((400, "bad_limit"), Refusal(await CallAsync(HttpMethod.Get, "/permissions/rules?limit=0")));
    }

    [Fact]
    public async Task Changes_at_once_all_count()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => CallAsync(HttpMethod.Post, "/permissions/rules", $$$"""{"name":"r{{{i}}}","feature":"f","effect":"allow","who":{"everybody":true}}""")));
        Assert.Equal(20, (await CallAsync(HttpMethod.Get, "/permissions/rules?limit=200")).Body.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_role_keeps_the_ids_that_it_was_given_and_none_that_nobody_has()
    {
        var (anna, ding) = (await _gateway.GetOrCreateAsync(OnFeishu("ou_a")), await _gateway.GetOrCreateAsync(OnDingTalk("anna")));
        await _gateway.People().MergeAsync(new("system"), ding.Id, anna.Id, TestContext.Current.CancellationToken);
        var put = await CallAsync(HttpMethod.Put, "/permissions/roles/pilots", JsonSerializer.Serialize(new { people = new[] { ding.Id, anna.Id } }));
        Assert.Equal(200, put.Status);
        // The id from before the join too: should that be undone, it is somebody's again.
        Assert.Equal(new[] { anna.Id, ding.Id }.Order(StringComparer.Ordinal), put.Body.GetProperty("people").EnumerateArray().Select(p => p.GetString()).Order(StringComparer.Ordinal));
        Assert.Equal("pilots", (await CallAsync(HttpMethod.Get, "/permissions/roles")).Body.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal((412, "changed_meanwhile"), Refusal(await CallAsync(HttpMethod.Put, "/permissions/roles/pilots", $$"""{"people":["{{anna.Id}}"]}""", 99)));
        Assert.Equal((422, "no_such_person"), Refusal(await CallAsync(HttpMethod.Put, "/permissions/roles/pilots", $$"""{"people":["{{KnownPerson.NewId()}}"]}""")));
        Assert.Equal((422, "bad_id"), Refusal(await CallAsync(HttpMethod.Put, "/permissions/roles/pilots", """{"people":["anna"]}""")));
        Assert.Equal((422, "bad_name"), Refusal(await CallAsync(HttpMethod.Put, "/permissions/roles/a%3Ab", $$"""{"people":["{{anna.Id}}"]}""")));
        Assert.Equal((404, "not_found"), Refusal(await CallAsync(HttpMethod.Get, "/permissions/roles/none")));
        var line = Assert.Single(await _gateway.LinesAsync("permission_role.created"));
        Assert.Contains(anna.Id, line.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_can_be_asked_who_may_what()
    {
        var anna = await _gateway.GetOrCreateAsync(OnFeishu("ou_a"));
        await CallAsync(HttpMethod.Post, "/permissions/rules", Rule);
        var asked = $$"""{"feature":"assistant","person":"{{anna.Id}}","platform":"feishu","departments":["od-1"],"at":"2026-01-09T23:00:00+08:00"}""";
        Assert.Equal("""{"allowed":false,"rule":"night","reason":"denied_by_rule"}""", (await CallAsync(HttpMethod.Post, "/permissions/check", asked)).Body.GetRawText());
        Assert.Equal("""{"allowed":true}""", (await CallAsync(HttpMethod.Post, "/permissions/check", asked.Replace("23:00", "12:00", StringComparison.Ordinal))).Body.GetRawText());
        Assert.Equal((422, "no_such_person"), Refusal(await CallAsync(HttpMethod.Post, "/permissions/check", asked.Replace(anna.Id, KnownPerson.NewId(), StringComparison.Ordinal))));
        Assert.Equal((400, "bad_time"), Refusal(await CallAsync(HttpMethod.Post, "/permissions/check", asked.Replace("2026-01-09T", "", StringComparison.Ordinal).Replace("+08:00", "?", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData("""{"feature":"f","effect":"allow","who":{"everybody":true}}""", 400, "missing", "/name")]
    [InlineData("""{"name":"a b","feature":"f","effect":"allow","who":{"everybody":true}}""", 422, "bad_name", "/name")]
    [InlineData("""{"name":"n","effect":"allow","who":{"everybody":true}}""", 400, "missing", "/feature")]
    [InlineData("""{"name":"n","feature":"F","effect":"allow","who":{"everybody":true}}""", 422, "bad_feature", "/feature")]
    [InlineData("""{"name":"n","feature":"f","effect":"permit","who":{"everybody":true}}""", 422, "bad_effect", "/effect")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny"}""", 400, "missing", "/who")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{}}""", 422, "nobody", "/who")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"everybody":false}}""", 422, "nobody", "/who")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"everybody":true,"platforms":["web"]}}""", 422, "everybody_and_some", "/who")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"people":["ou_a"]}}""", 422, "bad_id", "/who/people/0")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"people":["pe_00000000000000000000000000000000"]}}""", 422, "no_such_person", "/who/people")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"departments":[]}}""", 400, "empty", "/who/departments")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"group":["g"]}}""", 400, "unknown_field", "/who/group")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"everybody":true},"hours":{"days":["monday"]}}""", 422, "bad_id", "/hours/days/0")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"everybody":true},"hours":{"days":["mo"]}}""", 422, "bad_day", "/hours/days/0")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"everybody":true},"hours":{"from":"09:00"}}""", 400, "missing", "/hours")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"everybody":true},"hours":{"from":"9:00","to":"18:00"}}""", 422, "bad_hours", "/hours/from")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"everybody":true},"hours":{"from":"09:00","to":"09:00"}}""", 422, "bad_hours", "/hours")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"everybody":true},"hours":{"from":"24:00","to":"09:00"}}""", 422, "bad_hours", "/hours")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":{"everybody":true},"hours":{"time_zone":"Atlantis/Centre"}}""", 422, "bad_time_zone", "/hours/time_zone")]
    [InlineData("""{"name":"n","feature":"f","effect":"deny","who":[],"x":1}""", 400, "wrong_type", "/who")]
    public async Task What_is_no_rule_is_refused_with_the_field_that_is_meant(string body, int status, string word, string pointer)
    {
        var answer = await CallAsync(HttpMethod.Post, "/permissions/rules", body);
        Assert.Equal((status, word, pointer), (answer.Status, answer.Error, answer.Text("pointer")));
        Assert.Equal(0, await _gateway.CountAsync("permission_rule"));
    }

    [Fact]
    public async Task A_version_that_is_none_is_refused() =>
        Assert.Equal((400, "bad_version"), Refusal(await CallAsync(HttpMethod.Delete, "/permissions/rules/night", ifMatch: "\"new\"")));

    private Task<KeyAnswer> CallAsync(HttpMethod method, string path, string? body, long version) => CallAsync(method, path, body, $"\"{version.ToString(CultureInfo.InvariantCulture)}\"");

    private async Task<KeyAnswer> CallAsync(HttpMethod method, string path, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, "/api/v1" + path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        if (ifMatch is not null) request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        using var answer = await _gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new KeyAnswer((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text), null, "");
    }

    private static (int, string?) Refusal(KeyAnswer answer) => (answer.Status, answer.Error);
}
