using System.Net.Http.Headers;
using System.Text;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.AspNetCore.Tests;

/// <summary>An ASP.NET Core app with <c>MapFeishu</c> on a free port, for the emulator's default app.</summary>
internal sealed class ReceiverApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ReceiverApp(WebApplication app)
    {
        _app = app;
        Url = app.Urls.Single() + "/webhook/feishu";
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
    }

    public string Url { get; }

    public HttpClient Http { get; }

    public KeptLog Log => _app.Services.GetRequiredService<KeptLog>();

    /// <summary>The keys of the emulator's default app.</summary>
    public static void UseDefaultApp(FeishuOptions app)
    {
        app.AppId = EmulatorApp.AppId;
        app.AppSecret = EmulatorApp.DefaultApp.AppSecret;
        app.EncryptKey = EmulatorApp.DefaultApp.EncryptKey;
        app.VerificationToken = EmulatorApp.DefaultApp.VerificationToken;
    }

    public static FeishuOptions DefaultOptions
    {
        get
        {
            var options = new FeishuOptions();
            UseDefaultApp(options);
            return options;
        }
    }

    /// <summary>Now, and it stays now: no delivery is late unless a test wants it to be.</summary>
    public static ManualTimeProvider StillTime() => new(TimeProvider.System.GetUtcNow());

    /// <param name="clock">Null: <see cref="StillTime"/>.</param>
    public static async Task<ReceiverApp> StartAsync(
        FeishuEventDispatcher events,
        TimeProvider? clock = null,
        Action<FeishuOptions>? change = null,
        Action<IServiceCollection>? add = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<KeptLog>();
        builder.Services.AddSingleton<ILoggerProvider>(services => services.GetRequiredService<KeptLog>());
        builder.Services.AddSingleton(clock ?? StillTime());
        builder.Services.AddFeishu(app =>
        {
            UseDefaultApp(app);
            change?.Invoke(app);
        });
        add?.Invoke(builder.Services);
        var app = builder.Build();
        if (add is not null) app.UseAuthorization();
        app.MapFeishu("/webhook/feishu", events);
        await app.StartAsync();
        return new ReceiverApp(app);
    }

    /// <summary>A delivery as the platform would send it: encrypted and signed.</summary>
    public static FeishuSignedRequest Signed(
        string eventId, string type = "im.message.receive_v1", string body = "{}", TimeProvider? clock = null)
    {
        var token = EmulatorApp.DefaultApp.VerificationToken;
        var envelope = $$"""
            {"schema":"2.0","header":{"event_id":"{{eventId}}","event_type":"{{type}}","token":"{{token}}",
             "app_id":"{{EmulatorApp.AppId}}","tenant_key":"tk"},"event":{{body}}}
            """;
        return FeishuEventSigner.CreateRequest(DefaultOptions, Encoding.UTF8.GetBytes(envelope), clock);
    }

    public Task<(int Status, string Body)> PostAsync(FeishuSignedRequest request) =>
        PostAsync(request.Headers, new ByteArrayContent(request.Body));

    public async Task<(int Status, string Body)> PostAsync(FeishuDeliveryHeaders headers, HttpContent content)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, Url) { Content = content };
        message.Headers.Add("X-Lark-Request-Timestamp", headers.Timestamp);
        message.Headers.Add("X-Lark-Request-Nonce", headers.Nonce);
        message.Headers.Add("X-Lark-Signature", headers.Signature);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(headers.ContentType!);
        using var response = await Http.SendAsync(message);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Begins to stop: handlers are told.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
