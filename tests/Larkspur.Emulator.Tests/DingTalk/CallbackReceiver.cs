using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

/// <summary>An app's web server for what DingTalk pushes over HTTP.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private HookServer<Received> _server = null!;

    public string Url => _server.Url;

    /// <summary>How each delivery is answered.</summary>
    public Func<Received, (int Status, string Body)> Answer { get; set; } = _ => (200, "{}");

    public static async Task<WebhookReceiver> StartAsync()
    {
        var receiver = new WebhookReceiver();
        receiver._server = await HookServer.StartAsync((request, body) =>
        {
            var received = new Received(
                body, JsonNode.Parse(body)!.AsObject(), request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                request.Query.ToDictionary(q => q.Key, q => q.Value.ToString()));
            var (status, answer) = receiver.Answer(received);
            return (received, status, answer);
        });
        return receiver;
    }

    public Task<Received> NextAsync() => _server.NextAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}

internal sealed record Received(string Raw, JsonObject Json, IReadOnlyDictionary<string, string> Headers, IReadOnlyDictionary<string, string> Query);
