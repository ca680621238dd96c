using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Platforms.Feishu.Ingress;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Larkspur.Gateway.Hosting;

/// <summary>
/// Runs once everything that the first event would else be the first to run: the address, the decryption, the transaction, the JSON types, the cards.
/// Readiness turns green when it is through. Tokens and the bot's identity come in the background: the platform may be away.
/// </summary>
internal sealed partial class WarmUp(IServer server, IDatabase database, IInboxStore inbox, IOutboxStore outbox, IAnswerCardCheck cards,
    FeishuApps apps, CommandRegistry commands,
    EventRouter router, Readiness readiness, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<WarmUp> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private readonly ConditionalWeakTable<FeishuApp, FeishuApp> _warmed = [];
    private IDisposable? _following;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        if (apps.All.Count == 0) NoAppConnected();
        _following = apps.OnChange(WarmApps);
        WarmApps();
        WarmJson();
        await Task.WhenAll(WarmStorageAsync(), WarmAddressAsync(cancellationToken));
        readiness.WarmedUp();
        WarmedUp(clock.GetElapsedTime(started).TotalMilliseconds, commands.Fixed.Count);
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        _following?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Each app once, whenever it comes.</summary>
    private void WarmApps()
    {
        foreach (var app in apps.All)
        {
            if (_warmed.TryAdd(app, app)) _ = Task.Run(() => WarmAsync(app, lifetime.ApplicationStopping), CancellationToken.None);
        }
    }

    /// <summary>False once its settings have changed: another one took its place.</summary>
    private bool IsThere(FeishuApp app) => apps.TryGet(app.Name, out var current) && ReferenceEquals(current, app);

    private void WarmJson()
    {
        _ = router.Find(PlatformNames.Feishu, "im.message.receive_v1");
        _ = JsonSerializer.Deserialize<ImMessageReceiveV1>("""{"sender":{"sender_id":{"open_id":"o"}},"message":{"mentions":[{"id":{}}]}}""", FeishuJson.Options);
        _ = JsonSerializer.Deserialize<CardActionTrigger>("""{"operator":{},"action":{"value":{}},"context":{}}""", FeishuJson.Options);
        var button = new Button("warm") { Behaviors = [Behavior.Callback("warm")] };
        _ = new CardBuilder().Header("warm", HeaderTemplate.Blue).Markdown("warm").Row([button]).ToJson();
        _ = CallbackAnswers.Write(new CallbackAnswer { Toast = Toast.Of("info", BotTexts.ClickWorking), Card = "{}" }, EventKind.Callback);
    }

    /// <summary>A whole event with its effects, rolled back.</summary>
    private async Task WarmStorageAsync()
    {
        var inbound = new InboundEvent
        {
            Platform = "warm", App = "warm", EventId = "warm", EventType = "warm", OrderingKey = "warm", ChatId = "warm", MessageId = "warm", UniqueByMessage = true,
            ReceivedAt = clock.GetUtcNow(), Payload = "{}"u8.ToArray(),
        };
        try
        {
            await database.TransactAsync<bool>(async unit =>
            {
                var appended = (await inbox.AppendAsync(unit, [new NewEvent(inbound, Reference.For("warm", "warm", "warm"), null)]))[0];
                var effects = new Effects(unit, outbox, cards, inbound, clock.GetUtcNow());
                effects.Send(OutboxMessage.ToChat("warm", "text", "{}"));
                var entry = new InboxEntry { Id = appended.Id, App = inbound.App, OrderingKey = inbound.OrderingKey, Reference = "warm", Partition = inbound.Partition };
                await effects.StoreAsync(entry, static (_, _) => { });
                await inbox.FinishAsync(unit, appended.Id, default, Outcome.Answered, effect: true, clock.GetUtcNow());
                throw new NothingIsKeptException();
            });
        }
        catch (NothingIsKeptException)
        {
            // As meant: the rows are gone again.
        }

        _ = await inbox.ReadAsync(0, CancellationToken.None);
    }

    /// <summary>An address check of our own through the front door: it is answered and leaves nothing behind.</summary>
    private async Task WarmAddressAsync(CancellationToken cancellation)
    {
        if (LocalAddress() is not { } address) return;
        // Never through a proxy: it is this very process.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(5) };
        try
        {
            (await http.GetAsync(new Uri("/health/live", UriKind.Relative), cancellation)).Dispose();
            foreach (var app in apps.All.Where(a => a.HasWebhook))
            {
                using var content = new ByteArrayContent(Challenge(app.Client.Options));
                content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
                using var answer = await http.PostAsync(new Uri($"/webhook/feishu/{app.Name}", UriKind.Relative), content, cancellation);
                if (!answer.IsSuccessStatusCode) AddressCheckRefused(app.Name, (int)answer.StatusCode);
            }
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            if (lifetime.ApplicationStopping.IsCancellationRequested) StoppedEarly();
            else AddressUnreachable(address, e.Message);
        }
    }

    private Uri? LocalAddress()
    {
        var listening = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(a => a.StartsWith("http://", StringComparison.Ordinal));
        if (listening is null) return null;
        var reachable = listening.Replace("//[::]", "//127.0.0.1", StringComparison.Ordinal).Replace("//0.0.0.0", "//127.0.0.1", StringComparison.Ordinal)
            .Replace("//*", "//127.0.0.1", StringComparison.Ordinal).Replace("//+", "//127.0.0.1", StringComparison.Ordinal);
        return Uri.TryCreate(reachable, UriKind.Absolute, out var uri) ? uri : null;
    }

    private static byte[] Challenge(FeishuOptions options)
    {
        // By its name it is told from the platform's: it says nothing about the way from outside.
        var (challenge, token) = (CallbackProof.NewNonce(), options.VerificationToken ?? "");
        var plain = JsonSerializer.SerializeToUtf8Bytes(new { challenge, token, type = "url_verification" });
        if (options.EncryptKey is not { } encryptKey) return plain;
        using var aes = Aes.Create();
        aes.Key = SHA256.HashData(Encoding.UTF8.GetBytes(encryptKey));
        var iv = RandomNumberGenerator.GetBytes(16);
        byte[] sealedBytes = [.. iv, .. aes.EncryptCbc(plain, iv)];
        return JsonSerializer.SerializeToUtf8Bytes(new { encrypt = Convert.ToBase64String(sealedBytes) });
    }

    /// <summary>Fetches the token and learns who the bot is, again and again until the platform answers.</summary>
    private async Task WarmAsync(FeishuApp app, CancellationToken stopping)
    {
        for (var pause = FirstPause; IsThere(app); pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var bot = await app.BotAsync(stopping);
                BotKnown(app.Name, app.Client.Options.AppId, bot.Name);
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is PlatformApiException or PlatformNetworkException or InvalidOperationException)
            {
                AppUnreachable(app.Name, e.Message, pause);
            }

            try
            {
                await Task.Delay(pause, clock, stopping);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private sealed class NothingIsKeptException : Exception;

    [LoggerMessage(LogLevel.Information, "No Feishu app is connected: set FEISHU_APP_ID and FEISHU_APP_SECRET, or the settings "
        + "auth.feishu.* (docs/settings.md). Until then nothing is received")]
    private partial void NoAppConnected();
    [LoggerMessage(LogLevel.Information, "Warmed up in {Milliseconds:0} ms; {Commands} commands")]
    private partial void WarmedUp(double milliseconds, int commands);
    [LoggerMessage(LogLevel.Warning, "The gateway's own address check of app {App} was answered {Status}")]
    private partial void AddressCheckRefused(string app, int status);
    [LoggerMessage(LogLevel.Debug, "Stopped while warming up")] private partial void StoppedEarly();
    [LoggerMessage(LogLevel.Warning,
        "The gateway cannot reach its own address {Address} ({Reason}); it starts without that part of the warm-up")]
    private partial void AddressUnreachable(Uri address, string reason);
    [LoggerMessage(LogLevel.Information, "Feishu app {App} ({AppId}) is the bot {Bot}")]
    private partial void BotKnown(string app, string appId, string bot);
    [LoggerMessage(LogLevel.Warning, "Feishu app {App} could not be reached: {Reason}; next try in {Pause}")]
    private partial void AppUnreachable(string app, string reason, TimeSpan pause);
}
