using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Larkspur.Webhooks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Testing;

/// <summary>A procurement system on loopback: it takes callbacks, judges their signatures, and can keep one waiting.</summary>
public sealed class BusinessSystem : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly WebhookVerifier _verifier;
    private TaskCompletionSource? _held;

    private BusinessSystem()
    {
        _verifier = new WebhookVerifier(Secret);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public string Secret { get; } = WebhookSecret.Generate();

    /// <summary>What was told, repeats included: id, type, data.</summary>
    public ConcurrentQueue<(string Id, string Type, JsonNode Data)> Told { get; } = new();

    /// <summary>How many calls were not the gateway's.</summary>
    public int Forged { get; private set; }

    /// <summary>Environment of a gateway that tells it everything.</summary>
    public Dictionary<string, string> Settings() => new()
    {
        ["Larkspur__Webhooks__mica__Url"] = _app.Urls.First() + "/larkspur",
        ["Larkspur__Webhooks__mica__Secret"] = Secret,
        ["Larkspur__Webhooks__mica__AllowPrivateAddresses"] = "true",
    };

    /// <summary>Starts it.</summary>
    public static async Task<BusinessSystem> StartAsync()
    {
        var system = new BusinessSystem();
        await system._app.StartAsync();
        return system;
    }

    /// <summary>Calls get no answer until <see cref="Release"/>.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Answers again, and what waits as well.</summary>
    public void Release()
    {
        var held = _held;
        _held = null;
        held?.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Release();
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var headers = http.Request.Headers;
        var id = headers[WebhookHeaders.Id].ToString();
        if (_verifier.Verify(id, headers[WebhookHeaders.Timestamp], headers[WebhookHeaders.Signature], body.ToArray()) != WebhookVerdict.Valid)
        {
            Forged++;
            http.Response.StatusCode = 401;
            return;
        }

        var told = JsonNode.Parse(body.ToArray())!;
        Told.Enqueue((id, told["type"]!.GetValue<string>(), told["data"]!));
        if (_held is { } held) await held.Task.WaitAsync(TimeSpan.FromSeconds(60), http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Response.StatusCode = 204;
    }
}
