using System.Net;
using System.Reflection;
using System.Text.Json;
using Larkspur.Client;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>The generated C# client against a real gateway.</summary>
public sealed class ClientTests(GatewayFixture fixture) : IClassFixture<GatewayFixture>
{
    private GatewayApp Gateway => fixture.Gateway;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_sent_once_under_its_key()
    {
        var larkspur = Client(Gateway.Http, GatewayApp.ApiKey);
        var (key, chat) = (FeishuPush.NewId("key-"), FeishuPush.NewId("oc_"));
        var message = new SendMessage { To = new SendMessageTo { ChatId = chat }, Text = "Order 4711 “has arrived” & more" };
        var sent = await larkspur.Messages.SendAsync(message, idempotencyKey: key, wait: 15, cancellation: Cancel);
        Assert.Equal(("sent", chat, "text"), (sent.State, sent.Target, sent.MsgType));
        Assert.NotNull(sent.MessageId);
        var again = await larkspur.Messages.SendAsync(message, idempotencyKey: key, cancellation: Cancel);
        Assert.Equal((sent.Id, sent.MessageId, sent.CreatedAt), (again.Id, again.MessageId, again.CreatedAt));
        var other = await Assert.ThrowsAsync<LarkspurProblemException>(() => larkspur.Messages.SendAsync(message with { Text = "something else" }, idempotencyKey: key, cancellation: Cancel));
        Assert.Equal((HttpStatusCode.Conflict, "key_in_use"), (other.StatusCode, other.Word));
        Assert.Equal("sent", (await larkspur.Messages.GetQueuedAsync(sent.Id!.Value, cancellation: Cancel)).State);
        Assert.Contains(fixture.Feishu.Calls, c => c.Content.Contains("“has arrived” & more", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_names_the_field()
    {
        var larkspur = Client(Gateway.Http, GatewayApp.ApiKey);
        var refused = await Assert.ThrowsAsync<LarkspurProblemException>(() => larkspur.Messages.SendAsync(new SendMessage { To = new SendMessageTo { ChatId = "ou_1" }, Text = "x" }, cancellation: Cancel));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "wrong_id_type", "/to/chat_id"), (refused.StatusCode, refused.Word, refused.Pointer));
        Assert.Equal("urn:larkspur:problem:wrong_id_type", refused.Problem!.Type);
        Assert.Contains("/to/chat_id", refused.Message, StringComparison.Ordinal);
        var card = JsonSerializer.Deserialize<JsonElement>("""{"schema":"2.0","body":{"elements":[{"tag":"marquee"}]}}""");
        var bad = await Assert.ThrowsAsync<LarkspurProblemException>(() => larkspur.Messages.SendAsync(new SendMessage { To = new SendMessageTo { ChatId = "oc_1" }, Card = card }, cancellation: Cancel));
        Assert.Contains(bad.Problem!.Findings!, f => f.Severity == "error" && f.Pointer.StartsWith("/body/elements/0", StringComparison.Ordinal));
        Assert.False((await larkspur.Cards.ValidateAsync(new ValidateCard { Card = card }, Cancel)).Valid);
    }

    [Fact]
    public async Task Keys_are_made_listed_page_by_page_and_ended()
    {
        using var http = new HttpClient();
        var admin = Client(http, GatewayApp.ApiKey);
        var names = new[] { "a", "b", "c" }.Select(n => FeishuPush.NewId($"client-{n}-")).ToArray();
        ApiKeyMade made = null!;
        foreach (var name in names) made = await admin.ApiKeys.CreateAsync(new ApiKeyWanted { Name = name, Scopes = ["status:read"], RequestsPerMinute = 2 }, Cancel);
        List<string> seen = [];
        long? cursor = null;
        do
        {
            var page = await admin.ApiKeys.ListAsync(limit: 2, cursor: cursor, cancellation: Cancel);
            seen.AddRange(page.Items.Select(k => k.Name));
            cursor = page.Next;
        }
        while (cursor is not null);
        Assert.Equal(names.Reverse(), seen.Where(names.Contains));

        var limited = Client(http, made.Secret);
        Assert.NotEmpty((await limited.Status.GetAsync(Cancel)).Status);
        Assert.Equal("missing_scope", (await Assert.ThrowsAsync<LarkspurProblemException>(() => limited.Inbox.ListAsync(cancellation: Cancel))).Word);
        // Two a minute, and one of them is back after half a minute: three calls in a row are one too many on any machine but one that needs 30 s for them.
        LarkspurProblemException? tooMany = null;
        for (var i = 0; i < 20 && tooMany is null; i++) tooMany = await Record.ExceptionAsync(() => limited.Status.GetAsync(Cancel)) as LarkspurProblemException;
        Assert.Equal((HttpStatusCode.TooManyRequests, "key_rate_limited"), (tooMany!.StatusCode, tooMany.Word));
        Assert.InRange(tooMany.RetryAfter!.Value.TotalSeconds, 1, 30);

        Assert.Equal("revoked", (await admin.ApiKeys.RevokeAsync(made.Key.Id, Cancel)).State);
        Assert.Equal("revoked_api_key", (await Assert.ThrowsAsync<LarkspurProblemException>(() => limited.Status.GetAsync(Cancel))).Word);
    }

    [Fact]
    public async Task Whoever_else_answers_is_no_gateway()
    {
        using var http = new HttpClient();
        var larkspur = new LarkspurClient(http, new Uri(fixture.Feishu.Address), "some-key");
        var stranger = await Assert.ThrowsAsync<LarkspurProblemException>(() => larkspur.Status.GetAsync(Cancel));
        Assert.Null(stranger.Problem);
        Assert.Throws<ArgumentException>(() => new LarkspurClient(http, new Uri("ftp://gateway"), "some-key"));
        await Assert.ThrowsAsync<ArgumentException>(() => larkspur.Chats.GetAsync("", cancellation: Cancel));
    }

    [Fact]
    public async Task Every_operation_has_its_method_but_the_download_of_files()
    {
        using var http = new HttpClient();
        var larkspur = Client(http, "some-key");
        var methods = typeof(LarkspurClient).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.PropertyType.Name.EndsWith("Calls", StringComparison.Ordinal))
            .Sum(p => p.GetValue(larkspur)!.GetType().GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Length);
        var document = JsonSerializer.Deserialize<JsonElement>(await Gateway.Http.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), Cancel));
        var json = document.GetProperty("paths").EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).Count(o => o.Value.GetProperty("responses").EnumerateObject()
            .Where(r => r.Name[0] == '2').All(r => !r.Value.TryGetProperty("content", out var content) || content.TryGetProperty("application/json", out _)));
        Assert.Equal(json, methods);
    }

    private LarkspurClient Client(HttpClient http, string key) => new(http, Gateway.Address, key);
}
