using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Larkspur.Testing;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>A business system on loopback that keeps what it receives and answers as told.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebhookReceiver()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public string Secret { get; } = WebhookSecret.Generate();

    public string Url => _app.Urls.First() + "/hook-path-is-secret";

    public ConcurrentQueue<ReceivedWebhook> Calls { get; } = new();

    /// <summary>Writes the answer; null: 204.</summary>
    public Func<ReceivedWebhook, HttpContext, Task>? Answer { get; set; }

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Always the same status.</summary>
    public void AnswerWith(int status) => Answer = (_, http) =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    /// <summary>Settings of a webhook that leads here.</summary>
    public Dictionary<string, string?> Settings(string name = "erp", string events = "*") => new()
    {
        [$"Larkspur:Webhooks:{name}:Url"] = Url,
        [$"Larkspur:Webhooks:{name}:Secret"] = Secret,
        [$"Larkspur:Webhooks:{name}:Events"] = events,
        [$"Larkspur:Webhooks:{name}:AllowPrivateAddresses"] = "true",
        [$"Larkspur:Webhooks:{name}:Timeout"] = "00:02:00",
    };

    /// <summary>What our own verifier says of a call.</summary>
    public WebhookVerdict Judge(ReceivedWebhook call, string? secret = null, DateTimeOffset? now = null) =>
        new WebhookVerifier([WebhookSecret.Parse(secret ?? Secret)], clock: new ManualTimeProvider(now ?? call.SignedAt)).Verify(call.Id, call.Timestamp, call.Signature, call.Body);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var call = new ReceivedWebhook(http.Request.Headers["webhook-id"].ToString(), http.Request.Headers["webhook-timestamp"].ToString(),
            http.Request.Headers["webhook-signature"].ToString(), http.Request.ContentType, body.ToArray());
        Calls.Enqueue(call);
        http.Response.StatusCode = 204;
        if (Answer is { } answer) await answer(call, http);
    }
}

/// <summary>A webhook as it arrived.</summary>
public sealed record ReceivedWebhook(string Id, string Timestamp, string Signature, string? ContentType, byte[] Body)
{
    public DateTimeOffset SignedAt => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp));

    public string Text => Encoding.UTF8.GetString(Body);

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);
}

/// <summary>Moves a gateway's clock.</summary>
internal static class Passing
{
    /// <summary>Lets time pass in steps until something holds. A step comes only now and then, so that what is under way is not outrun.</summary>
    public static async Task PassUntilAsync(this ManualTimeProvider clock, TimeSpan step, Func<Task<bool>> holds)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        for (var tick = 1; !await holds(); tick++)
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
            if (tick % 12 == 0) clock.Advance(step);
        }
    }

    /// <summary>Pushes an event that only forwarding knows.</summary>
    public static async Task ProbeAsync(this FeishuPush push, GatewayApp gateway, string note, string? chat = null, string? eventId = null) =>
        Assert.Equal(200, (await push.SendAsync(gateway, "larkspur.probe_v1", chat is null ? $$"""{"note":"{{note}}"}""" : $$"""{"chat_id":"{{chat}}","note":"{{note}}"}""", eventId)).Status);
}
