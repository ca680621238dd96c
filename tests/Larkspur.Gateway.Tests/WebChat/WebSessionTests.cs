using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Operations;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WebChat;

/// <summary>Who may come in, from where, and how much.</summary>
public sealed class WebSessionTests
{
    [Fact]
    public async Task A_session_names_a_page_and_keeps_no_token()
    {
        await using var fixture = await WebFixture.StartAsync();
        var begun = await fixture.BeginAsync(new { issuer = "erp", subject = "E1001", name = "Alice", email = "alice@example.com", locale = "zh_cn", lifetime_seconds = 3600, origins = new[] { "https://Intranet.example.com:8443/" } });
        var (token, session) = (begun["token"]!.GetValue<string>(), begun["session"]!);
        Assert.Equal(["https://intranet.example.com:8443"], session["origins"]!.AsArray().Select(o => o!.GetValue<string>()));
        Assert.Equal(new Uri(fixture.Gateway.Address, $"/chat/{session["id"]}#{token}").ToString(), begun["address"]!.GetValue<string>());
        Assert.Equal(3600, (session["expires_at"]!.GetValue<DateTimeOffset>() - session["created_at"]!.GetValue<DateTimeOffset>()).TotalSeconds);
        Assert.DoesNotContain(token, string.Join(' ', await fixture.RowsAsync("SELECT hash || session || origins FROM web_session", r => r.GetString(0))), StringComparison.Ordinal);
        Assert.DoesNotContain(token, fixture.Gateway.Logs.Text, StringComparison.Ordinal);

        // The same subject is the same person, and so is its id.
        var person = session["person"]!.GetValue<string>();
        Assert.Equal(person, (await fixture.BeginAsync(new { issuer = "erp", subject = "E1001" }))["session"]!["person"]!.GetValue<string>());
        Assert.Equal(person, (await fixture.BeginAsync(new { person }))["session"]!["person"]!.GetValue<string>());
        var list = await fixture.Gateway.Http.GetFromJsonAsync<JsonNode>($"/api/v1/web-chat/sessions?person={person}&limit=2", TestContext.Current.CancellationToken);
        Assert.Equal((2, true), (list!["items"]!.AsArray().Count, list["next"] is not null));
    }

    [Theory]
    [InlineData("{}", 400, "person_or_subject")]
    [InlineData("""{"subject": "a"}""", 400, "missing")]
    [InlineData("""{"issuer": "a", "subject": "b", "person": "pe_0123456789abcdef0123456789abcdef"}""", 400, "person_or_subject")]
    [InlineData("""{"person": "pe_0123456789abcdef0123456789abcdef"}""", 422, "unknown_person")]
    [InlineData("""{"person": "me"}""", 422, "bad_id")]
    [InlineData("""{"person": "pe_0123456789abcdef0123456789abcdef", "name": "x"}""", 400, "person_or_subject")]
    [InlineData("""{"issuer": "a", "subject": "b", "lifetime_seconds": 604801}""", 422, "bad_duration")]
    [InlineData("""{"issuer": "a", "subject": "b", "lifetime_seconds": "1"}""", 400, "wrong_type")]
    [InlineData("""{"issuer": "a", "subject": "b", "locale": "de_de"}""", 422, "bad_language")]
    [InlineData("""{"issuer": "a", "subject": "b", "email": "me"}""", 422, "bad_email")]
    [InlineData("""{"issuer": "a", "subject": "b\u0000"}""", 422, "bad_id")]
    [InlineData("""{"issuer": "a", "subject": "b", "origins": ["http://intranet.example.com"]}""", 422, "bad_origin")]
    [InlineData("""{"issuer": "a", "subject": "b", "origins": ["https://*.example.com"]}""", 422, "bad_origin")]
    [InlineData("""{"issuer": "a", "subject": "b", "origins": ["https://a.example.com/path"]}""", 422, "bad_origin")]
    [InlineData("""{"issuer": "a", "subject": "b", "origins": ["https://a.example.com; script-src *"]}""", 422, "bad_origin")]
    [InlineData("""{"issuer": "a", "subject": "b", "cookie": 1}""", 400, "unknown_field")]
    public async Task What_is_no_session_is_refused(string body, int status, string word)
    {
        await using var fixture = await WebFixture.StartAsync();
        var answer = await fixture.Gateway.Http.PostAsync(new Uri("/api/v1/web-chat/sessions", UriKind.Relative), new StringContent(body, new MediaTypeHeaderValue("application/json")), TestContext.Current.CancellationToken);
        Assert.Equal((status, word), ((int)answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["error"]!.GetValue<string>()));
        Assert.Empty(await fixture.RowsAsync("SELECT id FROM web_session", r => r.GetInt64(0)));
    }

    [Fact]
    public async Task Without_a_good_token_nothing_happens()
    {
        await using var fixture = await WebFixture.StartAsync();
        var (revoked, expired) = (await fixture.BeginAsync(new { issuer = "erp", subject = "a" }), await fixture.BeginAsync(new { issuer = "erp", subject = "b" }));
        await fixture.Gateway.Http.DeleteAsync($"/api/v1/web-chat/sessions/{revoked["session"]!["id"]}", TestContext.Current.CancellationToken);
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync("UPDATE web_session SET expires_at = 1 WHERE session = $1", expired["session"]!["id"]!.GetValue<string>()), TestContext.Current.CancellationToken);

        foreach (var (token, word) in new[] { (revoked["token"]!.GetValue<string>(), "revoked_session"), (expired["token"]!.GetValue<string>(), "expired_session"), ("lw_" + new string('A', 43), "wrong_token"), ("x", "wrong_token") })
        {
            var reader = fixture.Read(token);
            foreach (var (method, path, body) in new (HttpMethod, string, object?)[]
            {
                (HttpMethod.Get, "session", null), (HttpMethod.Get, "messages", null), (HttpMethod.Get, "events", null), (HttpMethod.Post, "messages", new { client_id = "a", text = "hi" }),
                (HttpMethod.Post, "actions", new { action = "asst:again:tu_0123" }),
            })
            {
                var (status, json) = await reader.CallAsync(method, path, body);
                Assert.Equal((401, word), (status, json!["error"]!.GetValue<string>()));
            }
        }

        using var none = new HttpClient { BaseAddress = fixture.Gateway.Address };
        Assert.Equal(HttpStatusCode.Unauthorized, (await none.GetAsync("/chat/api/v1/messages?token=" + expired["token"], TestContext.Current.CancellationToken)).StatusCode);
        Assert.Empty(await fixture.RowsAsync("SELECT id FROM inbox", r => r.GetInt64(0)));
        Assert.Empty(await fixture.RowsAsync("SELECT id FROM web_message", r => r.GetInt64(0)));
    }

    [Fact]
    public async Task Revoking_ends_streams_and_a_person_who_is_shut_out_reads_nothing()
    {
        await using var fixture = await WebFixture.StartAsync();
        var begun = await fixture.BeginAsync(new { issuer = "erp", subject = "a" });
        var reader = fixture.Read(begun["token"]!.GetValue<string>());
        using (var events = await reader.EventsAsync())
        {
            await fixture.Gateway.Http.DeleteAsync($"/api/v1/web-chat/sessions/{begun["session"]!["id"]}", TestContext.Current.CancellationToken);
            await events.EndsAsync();
        }

        var second = await fixture.ReaderAsync("a");
        var person = (await fixture.RowsAsync("SELECT person FROM web_session ORDER BY id DESC", r => r.GetString(0)))[0];
        await fixture.Gateway.Http.PostAsync(new Uri($"/api/v1/people/{person}/disable", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(403, (await second.CallAsync(HttpMethod.Get, "messages")).Status);
    }

    [Fact]
    public async Task Others_answers_cannot_be_read()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [new("DIFY_API_KEY", "app-emulator-slow")]);
        var (alice, bob) = (await fixture.ReaderAsync(), await fixture.ReaderAsync("bob"));
        using var events = await alice.EventsAsync();
        await alice.AskAsync("a secret");
        var begun = await events.UntilAsync("answer-begun");
        Assert.Empty(await bob.HistoryAsync());

        // Bob claims to follow Alice's answer.
        string? own;
        using (var first = await bob.EventsAsync())
        {
            await bob.AskAsync("/help");
            await first.UntilAsync("said");
            own = first.Read[^1].Id;
        }

        using var forged = await bob.EventsAsync($"{own}.{begun.Data["id"]!.GetValue<long>()}-1-0");
        await fixture.AdvanceUntilAsync(events.UntilAsync("answer-text"));
        await bob.AskAsync("/help");
        await forged.UntilAsync("said");
        Assert.All(forged.Read, e => Assert.DoesNotContain("secret", e.Data.ToJsonString(), StringComparison.Ordinal));
        Assert.DoesNotContain(forged.Read, e => e.Name == "answer-text");
    }

    [Fact]
    public async Task Other_sites_call_only_where_the_session_was_begun_for_them()
    {
        await using var fixture = await WebFixture.StartAsync();
        var begun = await fixture.BeginAsync(new { issuer = "erp", subject = "a", origins = new[] { "https://intranet.example.com" } });
        using var http = new HttpClient { BaseAddress = fixture.Gateway.Address };
        async Task<HttpResponseMessage> CallAsync(HttpMethod method, string origin)
        {
            using var request = new HttpRequestMessage(method, "/chat/api/v1/session");
            if (method != HttpMethod.Options) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", begun["token"]!.GetValue<string>());
            request.Headers.Add("Origin", origin);
            return await http.SendAsync(request);
        }

        var allowed = await CallAsync(HttpMethod.Get, "https://intranet.example.com");
        Assert.Equal((HttpStatusCode.OK, "https://intranet.example.com"), (allowed.StatusCode, allowed.Headers.GetValues("Access-Control-Allow-Origin").Single()));
        Assert.False(allowed.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(HttpMethod.Get, fixture.Gateway.Address.GetLeftPart(UriPartial.Authority))).StatusCode);
        foreach (var foreign in (string[])["https://evil.example.com", "null", "https://intranet.example.com.evil.example"])
        {
            var refused = await CallAsync(HttpMethod.Get, foreign);
            Assert.Equal((HttpStatusCode.Forbidden, false), (refused.StatusCode, refused.Headers.Contains("Access-Control-Allow-Origin")));
        }

        Assert.Equal(HttpStatusCode.NoContent, (await CallAsync(HttpMethod.Options, "https://intranet.example.com")).StatusCode);

        var page = await http.GetAsync($"/chat/{begun["session"]!["id"]}", TestContext.Current.CancellationToken);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("frame-ancestors 'self' https://intranet.example.com", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.False(page.Headers.Contains("X-Frame-Options"));
        foreach (var other in (string[])["/chat", "/chat/ws_0123456789abcdef0123456789abcdef", "/chat/x"])
            Assert.EndsWith("frame-ancestors 'self'", (await http.GetAsync(other, TestContext.Current.CancellationToken)).Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Word_of_a_session_ends_who_reads_in_it_only_when_it_has_ended()
    {
        await using var fixture = await WebFixture.StartAsync();
        var alice = await fixture.ReaderAsync();
        using var events = await alice.EventsAsync();
        var session = Assert.Single(await fixture.RowsAsync("SELECT id FROM web_session", row => row.GetInt64(0)));
        // As other processes tell it, and PostgreSQL the own one: of the beginning when somebody reads already, later of the end.
        var told = fixture.Gateway.Services.GetRequiredService<ChatSessions>();
        told.Changed([session]);
        Assert.Equal(202, (await alice.AskAsync("are you there?")).Status);
        await events.UntilAsync(e => e.Data.ToJsonString().Contains("are you there?", StringComparison.Ordinal));

        await fixture.Gateway.DamageAsync("UPDATE web_session SET revoked_at = 1");
        told.Changed([session]);
        await Assert.ThrowsAsync<InvalidOperationException>(() => events.UntilAsync(_ => false));
    }

    [Fact]
    public async Task There_are_bounds()
    {
        await using var fixture = await WebFixture.StartAsync(_ => [new("Larkspur:WebChat:MessagesPerMinute", "4"), new("Larkspur:Assistant:MaxQuestion", "100")]);
        var alice = await fixture.ReaderAsync();
        var open = new List<WebEvents>();
        for (var i = 0; i < 5; i++) open.Add(await alice.EventsAsync());
        var (status, json) = await alice.CallAsync(HttpMethod.Get, "events");
        Assert.Equal((429, "too_many_streams"), (status, json!["error"]!.GetValue<string>()));
        open.ForEach(o => o.Dispose());

        foreach (var (body, wanted) in new (object, int)[] { (new { client_id = "a", text = new string('x', 101) }, 422), (new { client_id = "a b", text = "x" }, 422) }) Assert.Equal(wanted, (await alice.CallAsync(HttpMethod.Post, "messages", body)).Status);
        var limited = await alice.AskAsync("third");
        Assert.Equal((429, "rate_limited"), (limited.Status, limited.Json!["error"]!.GetValue<string>()));
        Assert.Equal(200, (await alice.CallAsync(HttpMethod.Get, "messages")).Status);

        foreach (var (body, wanted) in new (string, int)[] { ("{}", 400), ("[]", 400), ("{\"client_id\":\"a\",\"text\":\"\"}", 400), ("{\"client_id\":\"a\",\"text\":\"\\u0000\"}", 422), (new string(' ', 10_000), 413) })
        {
            var bob = await fixture.ReaderAsync("bob" + body.Length);
            Assert.Equal(wanted, (await bob.CallAsync(HttpMethod.Post, "messages", null, r => r.Content = new StringContent(body, new MediaTypeHeaderValue("application/json")))).Status);
        }

        Assert.Equal(400, (await alice.CallAsync(HttpMethod.Get, "messages?limit=101")).Status);
        Assert.Equal(400, (await alice.CallAsync(HttpMethod.Get, "messages?after=x")).Status);
        Assert.Empty(await fixture.RowsAsync("SELECT id FROM inbox", r => r.GetInt64(0)));
    }

    [Fact]
    public async Task A_key_needs_the_scope()
    {
        await using var fixture = await WebFixture.StartAsync();
        var made = await (await fixture.Gateway.Http.PostAsJsonAsync("/api/v1/api-keys", new { name = "portal", scopes = new[] { "web-chat:read" } }, TestContext.Current.CancellationToken)).Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken);
        using var http = new HttpClient { BaseAddress = fixture.Gateway.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", made!["secret"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/v1/web-chat/sessions", TestContext.Current.CancellationToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await http.PostAsJsonAsync("/api/v1/web-chat/sessions", new { issuer = "a", subject = "b" }, TestContext.Current.CancellationToken)).StatusCode);
        // And a key is no token.
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/chat/api/v1/messages", TestContext.Current.CancellationToken)).StatusCode);
    }
}
