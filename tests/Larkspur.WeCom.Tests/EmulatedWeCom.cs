using System.Threading.Channels;
using Larkspur.Emulator.WeCom;
using Larkspur.WeCom.Callbacks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom.Tests;

/// <summary>The emulated corp, and an application of it whose callbacks the SDK opens.</summary>
internal sealed class EmulatedWeCom : IAsyncDisposable
{
    public static readonly WeComSettings Corp = new();

    private readonly WebApplication _app;
    private readonly Channel<WeComReceived> _heard = Channel.CreateUnbounded<WeComReceived>();

    private EmulatedWeCom(EmulatorApp emulator, WebApplication app) => (Emulator, _app) = (emulator, app);

    public EmulatorApp Emulator { get; }

    public static async Task<EmulatedWeCom> StartAsync(TimeProvider? time = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication app = builder.Build();
        EmulatedWeCom? corp = null;
        app.MapPost("/hook", (HttpRequest request) => corp!.HearAsync(request));
        await app.StartAsync();
        EmulatorApp emulator = await EmulatorApp.StartAsync(s => s with { RealTime = time ?? TimeProvider.System, RateLimitFactor = 0, WeCom = Corp with { CallbackUrl = app.Urls.Single() + "/hook", AiBotCallbackUrl = "" } });
        return corp = new EmulatedWeCom(emulator, app);
    }

    /// <summary>The application's client.</summary>
    public WeComClient Client() => new(Options(Corp.Secret, Corp.AgentId), random: new NoJitter());

    /// <summary>A client of the address-book sync.</summary>
    public WeComClient AddressBook() => new(Options(Corp.ContactSecret, null), random: new NoJitter());

    public Task ActAsync(object action) => Emulator.ActAsync(action);

    /// <summary>The next event of this type that the application heard.</summary>
    public async Task<T> HeardAsync<T>() where T : WeComReceived
    {
        using var timer = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            if (await _heard.Reader.ReadAsync(timer.Token) is T wanted) return wanted;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Emulator.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private WeComOptions Options(string secret, int? agentId) => new()
    {
        CorpId = Corp.CorpId, AgentId = agentId, Secret = secret, BaseUrl = Emulator.BaseUrl, Token = Corp.Token, EncodingAesKey = Corp.EncodingAesKey, CallbackWindow = TimeSpan.FromHours(1),
    };

    private async Task<IResult> HearAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var query = new WeComCallbackQuery(request.Query["msg_signature"], request.Query["timestamp"], request.Query["nonce"], null);
        WeComReception<WeComDelivery> got = new WeComCallbackReceiver(Options(Corp.Secret, Corp.AgentId)).Receive(query, body.ToArray());
        if (got.Delivery is not { } delivery) return Results.StatusCode(got.StatusCode);
        _heard.Writer.TryWrite(delivery.Content);
        return Results.Ok();
    }
}
