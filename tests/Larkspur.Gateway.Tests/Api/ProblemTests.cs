using System.Net;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>What goes wrong under /api/v1 is a problem, whoever noticed it.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ProblemTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private GatewayApp Gateway => fixture.Gateway;

    [Theory]
    [InlineData("GET", "/inbox/999999999", null, 404, "not_found", null)]
    [InlineData("GET", "/no/such/route", null, 404, "not_found", null)]
    [InlineData("DELETE", "/inbox", null, 405, "method_not_allowed", null)]
    [InlineData("GET", "/inbox?limit=many", null, 400, "bad_request", "?limit")]
    [InlineData("GET", "/inbox?since=yesterday", null, 400, "bad_request", "?since")]
    [InlineData("GET", "/inbox/1?payload=perhaps", null, 400, "bad_request", "?payload")]
    [InlineData("GET", "/messages/1?wait=long", null, 400, "bad_request", "?wait")]
    [InlineData("GET", "/inbox?status=lost", null, 400, "bad_status", null)]
    [InlineData("POST", "/inbox/replay", """{"filter":{"colour":"red"}}""", 400, "bad_request", "/filter/colour")]
    [InlineData("POST", "/inbox/replay", """{"limit":"many"}""", 400, "bad_request", "/limit")]
    [InlineData("POST", "/inbox/replay", null, 400, "bad_request", null)]
    [InlineData("POST", "/messages", """{"to":{"chat_id":"ou_1"},"text":"x"}""", 422, "wrong_id_type", "/to/chat_id")]
    [InlineData("POST", "/messages", """{"to":{"chat_id":"oc_1"},"text":"x","app":"nobody"}""", 404, "unknown_app", "/app")]
    [InlineData("GET", "/chats?page_size=101", null, 400, "bad_page_size", "?page_size")]
    [InlineData("POST", "/streams", """{"to":{"type":"chat_id","id":"oc_1"}}""", 400, "idempotency_key_missing", null)]
    [InlineData("POST", "/schedules/none/run", null, 404, "unknown_schedule", null)]
    [InlineData("POST", "/quota/none/reset", null, 404, "app_unknown", null)]
    public async Task A_refusal_is_a_problem(string method, string path, string? body, int status, string word, string? pointer)
    {
        var answer = await Gateway.CallAsync(GatewayApp.ApiKey, new HttpMethod(method), path, body);
        Assert.Equal((status, word, "application/problem+json"), (answer.Status, answer.Error, answer.ContentType));
        Assert.Equal(pointer, answer.Text("pointer"));
        Assert.Equal("urn:larkspur:problem:" + word, answer.Text("type"));
        Assert.Equal(status, answer.Body.GetProperty("status").GetInt32());
        foreach (var member in (string[])["title", "detail", "message"]) Assert.False(string.IsNullOrWhiteSpace(answer.Text(member)), member);
    }

    [Fact]
    public async Task Refusals_that_the_gateway_makes_without_a_sentence_have_one_in_Chinese_too()
    {
        foreach (var path in (string[])["/inbox/999999999", "/no/such/route", "/inbox?limit=many", "/inbox?limit=0"])
            Assert.Contains((await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, path)).Text("message_zh")!, c => c > 0x2E80);
        var plain = await Gateway.CallAsync("wrong", HttpMethod.Get, "/inbox");
        Assert.Contains("密钥", plain.Text("message_zh"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_does_not_go_names_those_that_do()
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/messages");
        using var answer = await Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (answer.StatusCode, string.Join(',', answer.Content.Headers.Allow)));
    }

    [Theory]
    [InlineData("/inbox/replay", "unsupported_media_type")]
    [InlineData("/messages", "not_json")]
    public async Task A_body_of_another_type_is_a_problem(string path, string word)
    {
        using var text = new StringContent("filter=none", Encoding.UTF8, "text/plain");
        using var answer = await Gateway.Http.PostAsync(new Uri("/api/v1" + path, UriKind.Relative), text, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Contains($"\"{word}\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_beyond_the_bound_is_a_problem()
    {
        var small = await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/messages", new { to = new { chat_id = "oc_1" }, text = new string('x', 500 << 10) });
        Assert.Equal((413, "body_too_large", "application/problem+json"), (small.Status, small.Error, small.ContentType));
        // Kestrel's own bound, found while the framework reads the body.
        var large = await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/inbox/replay", new { filter = new { key = new string('x', 1100 << 10) } });
        Assert.Equal((413, "body_too_large", "application/problem+json"), (large.Status, large.Error, large.ContentType));
    }

    [Fact]
    public async Task Our_own_failure_is_a_problem_that_tells_nothing_but_where_to_look()
    {
        await using var gateway = await GatewayApp.StartAsync(fixture.Feishu.Address);
        var (secret, id) = await gateway.MakeKeyAsync("x", ["status:read"]);
        await gateway.DamageAsync("UPDATE api_key SET created_at = $1", long.MaxValue);
        var answer = await gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, $"/api-keys/{id}");
        Assert.Equal((500, "internal", "application/problem+json"), (answer.Status, answer.Error, answer.ContentType));
        Assert.Contains(answer.Text("trace_id")!, gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", answer.Body.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_addresses_speak_as_before()
    {
        using var stranger = new HttpClient { BaseAddress = Gateway.Address };
        using var page = await stranger.GetAsync(new Uri("/no/such/page", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.NotFound, "application/json"), (page.StatusCode, page.Content.Headers.ContentType?.MediaType));
        Assert.Equal("not_found", JsonSerializer.Deserialize<JsonElement>(await page.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error").GetString());
        using var body = new StringContent("{", Encoding.UTF8, "application/json");
        using var hook = await stranger.PostAsync(new Uri("/webhook/feishu", UriKind.Relative), body, TestContext.Current.CancellationToken);
        Assert.Equal("application/json", hook.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("GET", "/inbox/999999999", null, null)]
    [InlineData("GET", "/inbox?limit=many", null, "?limit")]
    [InlineData("POST", "/messages", """{"to":{"chat_id":"ou_1"},"text":"x"}""", "/to/chat_id")]
    [InlineData("POST", "/messages", """{"to":{"chat_id":"oc_1"},"text":"x","app":"nobody"}""", "/app")]
    [InlineData("POST", "/api-keys", """{"scopes":["status:read"]}""", "/name")]
    [InlineData("POST", "/api-keys", """{"name":"x","scopes":["everything"]}""", "/scopes/0")]
    [InlineData("POST", "/people/lookup", """{"emails":["bob"]}""", "/emails/0")]
    public async Task Who_asks_for_Chinese_is_answered_in_Chinese(string method, string path, string? body, string? pointer)
    {
        var (english, chinese) = (await AskAsync("en-GB, zh;q=0.5"), await AskAsync("zh-CN,zh;q=0.9,en;q=0.8"));
        Assert.Equal(("en", "zh"), (english.Language, chinese.Language));
        foreach (var name in (string[])["title", "detail"])
        {
            Assert.Contains(chinese.Body.GetProperty(name).GetString()!, c => c > 0x2E80);
            Assert.DoesNotContain(english.Body.GetProperty(name).GetString()!, c => c > 0x2E80);
        }

        foreach (var answer in (JsonElement[])[english.Body, chinese.Body])
        {
            Assert.Equal(pointer, answer.TryGetProperty("pointer", out var at) ? at.GetString() : null);
            Assert.Equal(english.Body.GetProperty("error").GetString(), answer.GetProperty("error").GetString());
        }

        Assert.Equal("en", (await AskAsync(null)).Language);
        Assert.Equal("en", (await AskAsync("fr, *;q=0.1, zh;q=0")).Language);

        Task<(string? Language, JsonElement Body)> AskAsync(string? language) => SpeakAsync(method, path, body, language);
    }

    [Theory]
    [InlineData("POST", "/messages", """{"too":{"chat_id":"oc_1"},"text":"x"}""", "to", "too")]
    [InlineData("POST", "/messages", """{"to":{"chat_id":"oc_1"},"txet":"x"}""", "txet", "text")]
    [InlineData("GET", "/inbox?limits=2", null, "limits", "limit")]
    [InlineData("POST", "/api-keys", """{"name":"x","scopes":["message:write"]}""", "message:write", "messages:write")]
    public async Task A_mistyped_name_is_told_with_the_one_that_may_be_meant_in_both_languages(
        string method, string path, string? body, string name, string meant)
    {
        var english = (await SpeakAsync(method, path, body, "en")).Body;
        foreach (var part in (string[])[$"\"{name}\"", $"\"{meant}\""])
            Assert.Contains(part, english.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        foreach (var part in (string[])[$"“{name}”", $"“{meant}”"])
        {
            Assert.Contains(part, english.GetProperty("message_zh").GetString()!, StringComparison.Ordinal);
            Assert.Contains(part, (await SpeakAsync(method, path, body, "zh")).Body.GetProperty("detail").GetString()!, StringComparison.Ordinal);
        }
    }

    private async Task<(string? Language, JsonElement Body)> SpeakAsync(string method, string path, string? body, string? language)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path)
            { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Api-Key", GatewayApp.ApiKey);
        if (language is not null) request.Headers.TryAddWithoutValidation("Accept-Language", language);
        using var http = new HttpClient { BaseAddress = Gateway.Address };
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Contains("Accept-Language", answer.Headers.Vary);
        var told = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.Content.Headers.ContentLanguage.SingleOrDefault(), JsonSerializer.Deserialize<JsonElement>(told));
    }

    [Fact]
    public async Task Every_word_of_the_manual_has_its_Chinese()
    {
        var manual = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../docs/rest.md"), TestContext.Current.CancellationToken);
        var table = manual[manual.IndexOf("| status | words |", StringComparison.Ordinal)..manual.IndexOf("What is sent never meets", StringComparison.Ordinal)];
        var words = System.Text.RegularExpressions.Regex.Matches(table, "`([a-z][a-z_]+)`").Select(m => m.Groups[1].Value).Except(["effect_unknown", "true"]).Distinct();
        Assert.Equal([], words.Where(word => !IsKnown(word)));

        static bool IsKnown(string word) => ProblemCatalogue.Words.Contains(word);
        static string ThisFile([System.Runtime.CompilerServices.CallerFilePath] string file = "") => file;
    }
}
