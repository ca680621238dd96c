using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larkspur.Emulator.Dify;

/// <summary>Writes events as Dify frames them: <c>data: {json}</c> and an empty line, a bare <c>event: ping</c> every 10 s, no <c>[DONE]</c>. Source: <c>base_app_generator.py</c>.</summary>
internal sealed class DifyEventStream(HttpContext http, VirtualClock clock)
{
    private static readonly TimeSpan PingEvery = TimeSpan.FromSeconds(10);
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task BeginAsync()
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        await http.Response.StartAsync(http.RequestAborted);
    }

    public async Task SendAsync(object happened)
    {
        await http.Response.WriteAsync($"data: {JsonSerializer.Serialize(happened, Json)}\n\n", http.RequestAborted);
        await http.Response.Body.FlushAsync(http.RequestAborted);
    }

    /// <summary>Waits on the virtual clock, and keeps the connection alive meanwhile.</summary>
    public async Task PauseAsync(TimeSpan pause, CancellationToken stop)
    {
        if (pause <= TimeSpan.Zero) return;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop, http.RequestAborted);
        for (var left = pause; left > TimeSpan.Zero; left -= PingEvery)
        {
            await Task.Delay(left < PingEvery ? left : PingEvery, clock, end.Token);
            if (left < PingEvery) return;
            await http.Response.WriteAsync("event: ping\n\n", end.Token);
            await http.Response.Body.FlushAsync(end.Token);
        }
    }
}
