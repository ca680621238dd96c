using System.Text.Json;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>Looking for rows, and asking badly.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ListTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    [Fact]
    public async Task Pages_follow_each_other_from_the_newest_row_to_the_oldest()
    {
        var gateway = fixture.Gateway;
        var chat = FeishuPush.NewId("oc_");
        for (var i = 0; i < 5; i++) await fixture.Push.SendAsync(gateway, "test.nobody", $$"""{"chat_id":"{{chat}}"}""");
        await gateway.UntilAsync(async () => (await gateway.ListAsync($"/inbox?status=finished&key=chat:{chat}")).Length == 5);
        var seen = new List<long>();
        var cursor = "";
        for (var page = 0; page < 10; page++)
        {
            var (status, body) = await gateway.AskAsync($"/inbox?key=chat:{chat}&limit=2{cursor}");
            Assert.Equal(200, status);
            Assert.False(body.TryGetProperty("processed", out _));
            seen.AddRange(body.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetInt64()));
            if (!body.TryGetProperty("next", out var next)) break;
            cursor = "&cursor=" + next.GetInt64();
        }

        Assert.Equal(5, seen.Count);
        Assert.Equal(seen.OrderDescending(), seen);
    }

    [Fact]
    public async Task Filters_select_by_type_app_and_time()
    {
        var gateway = fixture.Gateway;
        var type = "test." + FeishuPush.NewId("t");
        var id = FeishuPush.NewId("ev_");
        await fixture.Push.SendAsync(gateway, type, """{"chat_id":"oc_x"}""", id);
        var row = await gateway.OutcomeAsync(id);
        var at = row.GetProperty("received_at").GetDateTimeOffset();
        Assert.Single(await gateway.ListAsync($"/inbox?event_type={type}"));
        Assert.Single(await gateway.ListAsync($"/inbox?event_type={type}&app=default&since={Iso(at)}&until={Iso(at.AddSeconds(1))}"));
        Assert.Empty(await gateway.ListAsync($"/inbox?event_type={type}&app=other"));
        Assert.Empty(await gateway.ListAsync($"/inbox?event_type={type}&until={Iso(at)}"));
        Assert.Empty(await gateway.ListAsync($"/inbox?event_type={type}&since={Iso(at.AddSeconds(1))}"));
        Assert.Empty(await gateway.ListAsync($"/inbox?event_type={type}&status=open"));
        Assert.Equal(id, row.GetProperty("event_id").GetString());
    }

    [Theory]
    [InlineData("GET", "/inbox?limit=many", null)]
    [InlineData("GET", "/outbox?cursor=x", null)]
    [InlineData("POST", "/inbox/replay", """{"nonsense":1}""")]
    [InlineData("POST", "/inbox/replay", "nonsense")]
    public async Task Without_the_key_nothing_of_a_question_is_looked_at(string method, string path, string? json)
    {
        using var stranger = new HttpClient { BaseAddress = fixture.Gateway.Http.BaseAddress };
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/v1" + path);
        if (json is not null) request.Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await stranger.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("/inbox?status=lost", "bad_status")]
    [InlineData("/inbox?status=sent", "bad_status")]
    [InlineData("/outbox?status=finished", "bad_status")]
    [InlineData("/inbox?limit=0", "bad_limit")]
    [InlineData("/inbox?limit=201", "bad_limit")]
    [InlineData("/inbox?limit=many", "bad_request")]
    [InlineData("/inbox?cursor=x", "bad_request")]
    [InlineData("/inbox?since=yesterday", "bad_request")]
    [InlineData("/inbox?event_id=", "event_id_missing")]
    [InlineData("/inbox/1?payload=perhaps", "bad_request")]
    public async Task A_question_that_is_not_understood_is_answered_by_a_word(string path, string error)
    {
        var (status, body) = await fixture.Gateway.AskAsync(path);
        Assert.Equal((400, error), (status, body.GetProperty("error").GetString()));
    }

    [Theory]
    [InlineData("/inbox/999999999")]
    [InlineData("/outbox/999999999")]
    [InlineData("/inbox/99999999999999999999")]
    [InlineData("/inbox/x")]
    public async Task A_row_that_is_not_there_is_not_found(string path)
    {
        var (status, body) = await fixture.Gateway.AskAsync(path);
        Assert.Equal((404, "not_found"), (status, body.GetProperty("error").GetString()));
    }

    [Theory]
    [InlineData("GET", "/inbox")]
    [InlineData("GET", "/inbox/1")]
    [InlineData("POST", "/inbox/1/replay")]
    [InlineData("POST", "/inbox/1/discard")]
    [InlineData("POST", "/inbox/replay")]
    [InlineData("GET", "/outbox")]
    [InlineData("POST", "/outbox/1/replay")]
    [InlineData("POST", "/outbox/1/discard")]
    public async Task Without_the_key_nothing_is_told_and_nothing_done(string method, string path)
    {
        using var stranger = new HttpClient { BaseAddress = fixture.Gateway.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri("/api/v1" + path, UriKind.Relative));
        if (method == "POST") request.Content = new StringContent("""{"filter":{}}""", System.Text.Encoding.UTF8, "application/json");
        using var answer = await stranger.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public async Task The_description_names_the_calls_and_their_refusals()
    {
        var description = await fixture.Gateway.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), TestContext.Current.CancellationToken);
        var paths = JsonSerializer.Deserialize<JsonElement>(description).GetProperty("paths");
        Assert.True(paths.GetProperty("/api/v1/inbox/{id}/replay").GetProperty("post").GetProperty("responses").TryGetProperty("409", out _));
        Assert.Contains("event_id", paths.GetProperty("/api/v1/inbox").GetProperty("get").GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.True(paths.TryGetProperty("/api/v1/outbox/{id}/discard", out _));
    }

    private static string Iso(DateTimeOffset at) => Uri.EscapeDataString(at.ToString("O"));
}
