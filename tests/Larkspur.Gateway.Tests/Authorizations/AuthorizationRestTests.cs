using System.Text.Json;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Webhooks;

namespace Larkspur.Gateway.Tests.Authorizations;

/// <summary>Business systems act in people's names, each by its own authorization.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class AuthorizationRestTests : IAsyncLifetime
{
    private static readonly string[] Scopes = ["authorizations:read", "authorizations:write", "authorizations:call"];
    private static readonly object Primary = new { endpoint = "calendar.v4.calendar.primary" };

    private AuthorizationFixture _on = null!;
    private WebhookReceiver _hook = null!;
    private string _mica = "";

    public async ValueTask InitializeAsync()
    {
        _hook = await WebhookReceiver.StartAsync();
        _on = await AuthorizationFixture.StartAsync(_hook.Settings(events: "authorization.given,authorization.refused,authorization.ended"));
        _mica = (await _on.Gateway.MakeKeyAsync("mica", Scopes)).Secret;
    }

    public async ValueTask DisposeAsync()
    {
        await _on.DisposeAsync();
        await _hook.DisposeAsync();
    }

    [Fact]
    public async Task A_system_asks_Bob_and_makes_an_event_in_his_own_calendar()
    {
        var asked = await AskAsync();
        Assert.Equal((201, "waiting", "system:mica"), (asked.Status, asked.Text("state"), asked.Text("holder")));
        var id = asked.Text("id")!;
        var early = await CallAsync(_mica, id, Primary);
        Assert.Equal((409, "authorization_needed"), (early.Status, early.Error));
        Assert.Contains(asked.Text("url")!, early.Text("detail") ?? early.Text("message"), StringComparison.Ordinal);
        var link = await _on.LinkAsync();
        Assert.Equal(asked.Text("url"), link);
        using (var browser = _on.Browser("zh-CN"))
        {
            Assert.True((await browser.GetAsync(new Uri(link))).Says("业务系统“mica”"));
            await AuthorizationFixture.AllowAsync(browser, link, "bob");
        }

        var given = await _on.Gateway.CallAsync(_mica, HttpMethod.Get, $"/authorizations/{id}");
        Assert.Equal(("given", null), (given.Text("state"), given.Text("url")));
        var primary = await CallAsync(_mica, id, Primary);
        Assert.Equal(200, primary.Status);
        var calendar = primary.Body.GetProperty("data").GetProperty("calendars")[0].GetProperty("calendar").GetProperty("calendar_id").GetString();
        var at = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds();
        var made = await CallAsync(_mica, id, new
        {
            endpoint = "calendar.v4.calendar.event.create", path = new { calendar_id = calendar }, query = new { user_id_type = "open_id" },
            body = new { summary = "PO-1 review", start_time = new { timestamp = $"{at}" }, end_time = new { timestamp = $"{at + 1800}" } },
        });
        Assert.True(made.Status == 200, made.ToString());
        Assert.Contains("PO-1 review", (await _on.Emulator.StateAsync())["calendar_events"]!.ToJsonString(), StringComparison.Ordinal);
        await _on.HoldsAsync(() => _hook.Calls.Any(c => Type(c) == "authorization.given"), "the webhook");
        var told = _hook.Calls.Single(c => Type(c) == "authorization.given");
        Assert.Equal((id, "mica"), (Data(told).GetProperty("authorization").GetString(), Data(told).GetProperty("system").GetString()));
        var audit = (await _on.Gateway.GetRestAsync("/audit?what=authorization.used")).Items;
        // What was not called, since Bob had not answered, stands nowhere as a call.
        Assert.Equal(2, audit.Length);
    }

    [Fact]
    public async Task Another_systems_authorization_is_not_there_and_not_even_an_administrator_acts_by_it()
    {
        var id = (await AskAsync()).Text("id")!;
        await _on.AllowAsync(await _on.LinkAsync());
        var orca = (await _on.Gateway.MakeKeyAsync("orca", Scopes)).Secret;
        Assert.Empty((await _on.Gateway.CallAsync(orca, HttpMethod.Get, "/authorizations")).Body.GetProperty("items").EnumerateArray());
        Assert.Equal(404, (await _on.Gateway.CallAsync(orca, HttpMethod.Get, $"/authorizations/{id}")).Status);
        Assert.Equal(404, (await _on.Gateway.CallAsync(orca, HttpMethod.Delete, $"/authorizations/{id}")).Status);
        Assert.Equal(404, (await CallAsync(orca, id, Primary)).Status);
        var wide = (await _on.Gateway.MakeKeyAsync("wide", [.. Scopes, "others:write"])).Secret;
        foreach (var key in (string[])[wide, Larkspur.Testing.GatewayApp.ApiKey])
        {
            var refused = await CallAsync(key, id, Primary);
            Assert.Equal((403, "system_not_held"), (refused.Status, refused.Error));
        }

        Assert.Equal(200, (await CallAsync(_mica, id, Primary)).Status);
        // An administrator may take it back.
        Assert.Equal(204, (await _on.Gateway.RestAsync(HttpMethod.Delete, $"/authorizations/{id}")).Status);
        Assert.Equal(409, (await CallAsync(_mica, id, Primary)).Status);
        Assert.Equal(0, await _on.TokensAsync());
    }

    [Fact]
    public async Task What_others_were_allowed_does_not_count()
    {
        // Bob's token has the calendar's scope by the bot's command; mica was allowed documents alone.
        await _on.SayAsync("/agenda");
        await _on.AllowAsync(await _on.LinkAsync());
        await _on.HearsAsync("周会");
        var id = (await AskAsync("docx:document:readonly")).Text("id")!;
        await _on.AllowAsync(await _on.LinkAsync(after: 1));
        var before = await _on.CallsAsync("/calendar/");
        var refused = await CallAsync(_mica, id, Primary);
        Assert.Equal((409, "authorization_needed", "/endpoint"), (refused.Status, refused.Error, refused.Text("pointer")));
        Assert.Equal(before, await _on.CallsAsync("/calendar/"));
    }

    [Fact]
    public async Task Asked_twice_it_is_one_question_and_what_is_allowed_is_not_asked()
    {
        var first = await AskAsync();
        var second = await AskAsync();
        Assert.Equal((200, first.Text("id")), (second.Status, second.Text("id")));
        await _on.AllowAsync(await _on.LinkAsync());
        var third = await AskAsync();
        Assert.Equal((200, "given"), (third.Status, third.Text("state")));
        Assert.Single(_on.Links());
        // A refusal is kept for seven days, and so many questions are before one person at most.
        foreach (var scope in (string[])["docx:document:readonly", "approval:task:read", "wiki:node:read"])
            Assert.Equal(201, (await AskAsync(scope)).Status);
        var many = await AskAsync("task:task:read");
        Assert.Equal((409, "too_many_waiting"), (many.Status, many.Error));
        // Taken back and asked again, it is a question still.
        for (var i = 0; i < 20; i++)
        {
            var id = (await _on.Gateway.CallAsync(_mica, HttpMethod.Get, "/authorizations?state=waiting")).Body.GetProperty("items")[0];
            Assert.Equal(204, (await _on.Gateway.CallAsync(_mica, HttpMethod.Delete, "/authorizations/" + id.GetProperty("id").GetString())).Status);
            many = await AskAsync("task:task:read");
            if (many.Status != 201) break;
        }

        Assert.Equal((409, "asked_too_often"), (many.Status, many.Error));
    }

    [Fact]
    public async Task Nobody_is_asked_for_what_the_app_does_not_have()
    {
        await _on.Emulator.ControlAsync(HttpMethod.Post, $"apps/{Larkspur.Testing.EmulatorApp.AppId}/scopes",
            new { revoke = new[] { "docx:document:readonly", "calendar:calendar:readonly" }, grant = new[] { "im:message.p2p_msg:readonly" } });
        var refused = await AskAsync("approval:task:read", "docx:document:readonly");
        Assert.Equal((422, "scope_not_enabled", "/scopes/1"), (refused.Status, refused.Error, refused.Text("pointer")));
        await _on.SayAsync("/agenda");
        await _on.HearsAsync("an administrator has to enable the user scopes calendar:calendar:readonly");
        Assert.Empty(_on.Links());
    }

    [Theory]
    [InlineData("""{"to":{"email":"bob@mica.example"},"reason":"x","scopes":["calendar:calendar:readonli"]}""", 422, "unknown_scope", "/scopes/0")]
    [InlineData("""{"to":{"email":"nobody@mica.example"},"reason":"x","scopes":["calendar:calendar:readonly"]}""", 422, "unknown_person", "/to/email")]
    [InlineData("""{"to":{"department_id":"od-1"},"reason":"x","scopes":["calendar:calendar:readonly"]}""", 422, "wrong_id_type", "/to/department_id")]
    [InlineData("""{"reason":"x","scopes":["calendar:calendar:readonly"]}""", 400, "missing", "/to")]
    [InlineData("""{"person":"pe_1","reason":"x","scopes":["calendar:calendar:readonly"]}""", 422, "unknown_person", "/person")]
    [InlineData("""{"to":{"email":"bob@mica.example"},"scopes":["calendar:calendar:readonly"]}""", 400, "missing", "/reason")]
    [InlineData("""{"to":{"email":"bob@mica.example"},"reason":"x","scopes":[]}""", 400, "empty", "/scopes")]
    [InlineData("""{"to":{"email":"bob@mica.example"},"reason":"x","scope":["a"],"scopes":["calendar:calendar:readonly"]}""", 400, "unknown_field", "/scope")]
    public async Task What_cannot_be_asked_is_refused_with_its_place(string body, int status, string word, string pointer)
    {
        var refused = await _on.Gateway.CallAsync(_mica, HttpMethod.Post, "/authorizations", body);
        Assert.Equal((status, word, pointer), (refused.Status, refused.Error, refused.Text("pointer")));
        Assert.Empty(_on.Links());
    }

    [Theory]
    [InlineData("""{"endpoint":"calendar.v4.calendar.primari"}""", 422, "unknown_endpoint", "/endpoint")]
    [InlineData("""{"endpoint":"authen.v1.user_info.get"}""", 422, "unknown_endpoint", "/endpoint")]
    [InlineData("""{"endpoint":"im.v1.message.create"}""", 422, "unknown_endpoint", "/endpoint")]
    [InlineData("""{"endpoint":"docx.v1.document.create"}""", 409, "authorization_needed", "/endpoint")]
    [InlineData("""{"endpoint":"calendar.v4.exchange_binding.create"}""", 409, "authorization_needed", "/endpoint")]
    [InlineData("""{"endpoint":"calendar.v4.calendar.event.list","path":{"calendar_id":["a","b"]}}""", 400, "wrong_type", "/path/calendar_id")]
    [InlineData("""{"endpoint":"calendar.v4.calendar.event.list"}""", 400, "missing", "/path/calendar_id")]
    [InlineData("""{"endpoint":"calendar.v4.calendar.event.list","path":{"calendar_id":".."}}""", 400, "bad_value", "/path/calendar_id")]
    [InlineData("""{"endpoint":"calendar.v4.calendar.event.list","path":{"calendar_id":"a","event_id":"b"}}""", 400, "unknown_field", "/path/event_id")]
    [InlineData("""{"endpoint":"calendar.v4.calendar.event.list","path":{"calendar_id":"a"},"query":[1]}""", 400, "wrong_type", "/query")]
    public async Task What_cannot_be_called_is_refused_with_its_place(string body, int status, string word, string pointer)
    {
        var id = (await AskAsync()).Text("id")!;
        await _on.AllowAsync(await _on.LinkAsync());
        var refused = await CallAsync(_mica, id, body);
        Assert.True((status, word, pointer) == (refused.Status, refused.Error, refused.Text("pointer")), refused.ToString());
    }

    [Fact]
    public async Task A_path_value_stays_one_step_of_the_address()
    {
        var id = (await AskAsync()).Text("id")!;
        await _on.AllowAsync(await _on.LinkAsync());
        var refused = await CallAsync(_mica, id, new { endpoint = "calendar.v4.calendar.get", path = new { calendar_id = "../../contact/v3/users/x?y=1#z" } });
        Assert.InRange(refused.Status, 400, 499);
        Assert.Equal(0, await _on.CallsAsync("/contact/v3/users/x"));
    }

    private Task<KeyAnswer> AskAsync(params string[] scopes) => _on.Gateway.CallAsync(_mica, HttpMethod.Post, "/authorizations", new
    {
        to = new { email = "bob@mica.example" }, scopes = scopes.Length == 0
            ? ["calendar:calendar:readonly", "calendar:calendar.event:create"] : scopes,
        reason = new { zh = "安排采购评审", en = "to plan reviews of purchases" },
    });

    private Task<KeyAnswer> CallAsync(string key, string id, object body) =>
        _on.Gateway.CallAsync(key, HttpMethod.Post, $"/authorizations/{id}/calls", body);

    private static string? Type(ReceivedWebhook call) => Json(call).GetProperty("type").GetString();

    private static JsonElement Data(ReceivedWebhook call) => Json(call).GetProperty("data");

    private static JsonElement Json(ReceivedWebhook call) => JsonSerializer.Deserialize<JsonElement>(call.Body);
}
