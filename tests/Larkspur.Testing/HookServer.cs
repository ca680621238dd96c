using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Testing;

/// <summary>Starts web servers that keep what is sent to them.</summary>
public static class HookServer
{
    /// <param name="receive">Gets the request and its body; says what is kept and how it is answered. A negative status never answers.</param>
    /// <param name="contentType">Of the answers; <see langword="null"/>: they name none.</param>
    /// <typeparam name="T">What is kept of a request.</typeparam>
    public static async Task<HookServer<T>> StartAsync<T>(Func<HttpRequest, string, (T Kept, int Status, string Body)> receive, string? contentType = "application/json")
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new HookServer<T>(app);
        app.Map("/hook", async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var (kept, status, body) = receive(http.Request, await reader.ReadToEndAsync());
            server.Keep(kept);
            if (status < 0) await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
            http.Response.StatusCode = status;
            http.Response.ContentType = contentType;
            await http.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return server;
    }
}

/// <summary>A web server on a free port of loopback: keeps what is sent to its one path, in order, and answers as told.</summary>
/// <typeparam name="T">What is kept of a request.</typeparam>
public sealed class HookServer<T> : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;
    private readonly Channel<T> _received = Channel.CreateUnbounded<T>();

    internal HookServer(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/hook";

    /// <summary>Nothing waits to be taken.</summary>
    public bool Idle => !_received.Reader.TryPeek(out _);

    /// <summary>The next one, in the order of arrival.</summary>
    /// <exception cref="OperationCanceledException">Nothing came within a minute.</exception>
    public async Task<T> NextAsync()
    {
        using var timer = new CancellationTokenSource(Patience);
        return await _received.Reader.ReadAsync(timer.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    internal void Keep(T received) => _received.Writer.TryWrite(received);
}
