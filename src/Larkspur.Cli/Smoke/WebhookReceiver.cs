using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Larkspur.Cli.Smoke;

/// <summary>A business system that gets callbacks: it judges each signature and keeps what it was told.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private const int LargestBody = 1 << 20;

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedWebhook> _received = [];
    private readonly SemaphoreSlim _came = new(0);
    private readonly TaskCompletionSource<WebhookVerifier> _verifier = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WebhookReceiver(WebApplication app) => _app = app;

    public Uri Address => new(Hosting.LocalStack.Address(_app), "/larkspur");

    public IReadOnlyCollection<ReceivedWebhook> Received => _received;

    public static async Task<WebhookReceiver> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LargestBody);
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new WebhookReceiver(app);
        app.MapPost("/larkspur", receiver.TakeAsync);
        await app.StartAsync(cancellation);
        return receiver;
    }

    /// <summary>The secret that the gateway signs with.</summary>
    public void Trust(string secret) => _verifier.TrySetResult(new WebhookVerifier(secret));

    /// <summary>Waits for the first callback of a type about something.</summary>
    public async Task<ReceivedWebhook> WaitAsync(string type, Func<JsonNode, bool> about, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(15));
        while (true)
        {
            if (_received.FirstOrDefault(c => c.Type == type && about(c.Data)) is { } found) return found;
            try
            {
                await _came.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                throw new SmokeFailure($"no callback {type} came within 15 s; these did: {(_received.IsEmpty ? "none" : string.Join(", ", _received.Select(c => c.Type)))}");
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _came.Dispose();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var verifier = await _verifier.Task.WaitAsync(TimeSpan.FromSeconds(5), http.RequestAborted);
        var headers = http.Request.Headers;
        var verdict = verifier.Verify(headers[WebhookHeaders.Id], headers[WebhookHeaders.Timestamp], headers[WebhookHeaders.Signature], body.GetBuffer().AsSpan(0, (int)body.Length));
        if (verdict != WebhookVerdict.Valid || JsonNode.Parse(body.ToArray()) is not JsonObject told)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        _received.Enqueue(new ReceivedWebhook(headers[WebhookHeaders.Id]!, told["type"]?.GetValue<string>() ?? "", told["data"] ?? new JsonObject()));
        _came.Release();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}

/// <summary>A callback whose signature was right.</summary>
/// <param name="Id">Its webhook-id: the same whenever it is sent again.</param>
/// <param name="Type">What happened.</param>
/// <param name="Data">The facts.</param>
internal sealed record ReceivedWebhook(string Id, string Type, JsonNode Data);
