using System.Threading.Channels;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Common.Localisation;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Messaging.Tests;

/// <summary>What an application does with the SDK: a web server that verifies deliveries, dispatches them and answers.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<object> _seen = Channel.CreateUnbounded<object>();

    private WebhookReceiver(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/";

    /// <param name="register">Further handlers.</param>
    /// <param name="clicksUntil">Clicks are answered when this has ended.</param>
    public static async Task<WebhookReceiver> StartAsync(
        Action<FeishuEventDispatcher, Action<object>>? register = null, Task? clicksUntil = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new WebhookReceiver(builder.Build());
        var options = new FeishuOptions
        {
            AppId = EmulatorApp.AppId, AppSecret = EmulatorApp.DefaultApp.AppSecret,
            EncryptKey = EmulatorApp.DefaultApp.EncryptKey, VerificationToken = EmulatorApp.DefaultApp.VerificationToken,
            EventWindow = TimeSpan.FromDays(3650), // the emulator's clock is a manual one
        };
        var feishu = new FeishuEventReceiver(options, TimeProvider.System);
        var dispatcher = new FeishuEventDispatcher().OnCardAction(async (action, _) =>
        {
            receiver.Keep(action.Token);
            if (clicksUntil is not null) await clicksUntil;
            return CardActionResponse.Toast(CardToastType.Success, "ok");
        });
        register?.Invoke(dispatcher, receiver.Keep);
        receiver._app.MapPost("/", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            string? Header(string name) => request.Headers[name].FirstOrDefault();
            FeishuReception reception = feishu.Receive(
                new(Header("X-Lark-Request-Timestamp"), Header("X-Lark-Request-Nonce"), Header("X-Lark-Signature"), request.ContentType), body.ToArray());
            if (reception.Refusal != FeishuRefusal.None) return Results.StatusCode(reception.StatusCode);
            if (reception.Challenge is not null) return Results.Json(new { challenge = reception.Challenge });
            return Results.Bytes(await dispatcher.DispatchAsync(reception.Delivery!), "application/json");
        });
        await receiver._app.StartAsync();
        return receiver;
    }

    public async Task<string> TokenAsync(CancellationToken cancellation) => (string)await NextAsync(cancellation);

    public async Task<object> NextAsync(CancellationToken cancellation)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        return await _seen.Reader.ReadAsync(bound.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private void Keep(object seen) => _seen.Writer.TryWrite(seen);
}
