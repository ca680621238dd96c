using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Larkspur.Feishu.Messaging;

/// <summary>A custom bot: a webhook that writes into the one group it was added to, and can do nothing else.</summary>
/// <remarks>
/// Thread-safe; keep one per hook. Text, post (without styles), image, share_chat and cards, at most 20 KB; 100 messages a minute and 5 a second, which are
/// kept here. Callbacks of its cards go nowhere. Whoever knows the hook's address can write to the group: it is treated as a secret. Hooks know no
/// idempotency key, so only what surely had no effect is tried again. Source: ukTMukTMukTM/ucTM5YjL3ETO24yNxkjN.
/// </remarks>
public sealed class FeishuCustomBot
{
    private const int LargestAnswer = 64 << 10;
    private const int LongestText = 500;

    private static readonly RateLimit Documented = new(PerSecond: 5, PerMinute: 100);
    private readonly Uri _hook;
    private readonly CustomBotOptions _options;
    private readonly TimeProvider _clock;
    private readonly IRateLimiter _rateLimiter;
    private readonly Backoff _backoff;
    private readonly string _key;

    /// <summary>A bot by its hook.</summary>
    /// <param name="hook">The address as the group shows it. https, save on this machine.</param>
    /// <param name="options">Secret and transport; null: not signed.</param>
    /// <exception cref="ArgumentException">No address of a hook; the message does not repeat it.</exception>
    public FeishuCustomBot(Uri hook, CustomBotOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hook);
        if (!hook.IsAbsoluteUri || hook.AbsolutePath.Length < 2) throw new ArgumentException("This is no address of a custom bot: it must be whole, with its path.", nameof(hook));
        if (hook.Scheme != Uri.UriSchemeHttps && !(hook.Scheme == Uri.UriSchemeHttp && hook.IsLoopback))
            throw new ArgumentException("A custom bot's address must be https: whoever reads it on the way can write to the group.", nameof(hook));
        if (hook.UserInfo.Length > 0) throw new ArgumentException("A custom bot's address has no user name.", nameof(hook));
        _options = options ?? new();
        if (_options.Secret is { Length: 0 }) throw new ArgumentException("The secret is empty; leave it null when the bot does not sign.", nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxAttempts, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.Timeout, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(_options.AttemptTimeout, TimeSpan.Zero, nameof(options));
        _hook = hook;
        _clock = _options.Clock ?? TimeProvider.System;
        _rateLimiter = _options.RateLimiter ?? new RateLimiter(_clock);
        _backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20), _options.Random);
        // Names the bot to a shared rate limiter without giving its address away.
        _key = "feishu.custom-bot " + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hook.AbsoluteUri)).AsSpan(0, 12));
    }

    /// <summary>Sends a message, when its permit has come.</summary>
    /// <param name="content">What. Text may mention people by open_id or user_id and <c>all</c>; styles and links in text are shown as they stand.</param>
    /// <param name="cancellationToken">Gives up waiting; the message may have been sent.</param>
    /// <exception cref="MessageContentException">A type that custom bots do not have, or more than 20 KB. Nothing was sent.</exception>
    /// <exception cref="CustomBotException">The platform did not take it, though it may have answered HTTP 200.</exception>
    /// <exception cref="PlatformNetworkException">No answer came in time; <see cref="PlatformNetworkException.EffectUnknown"/> says whether it may have been sent.</exception>
    public async Task SendAsync(MessageContent content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        CustomBotBody.Write(content, _options.Secret, _clock.GetUtcNow()); // judged before it waits
        using var deadline = new CancellationTokenSource(_options.Timeout, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        CustomBotException? refused = null;
        PlatformNetworkException? lost = null;
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                await _rateLimiter.WaitAsync(_key, Documented, both.Token);
                try
                {
                    // Signed anew each time: a signature is good for an hour, but a permit may be long in coming.
                    await TryAsync(CustomBotBody.Write(content, _options.Secret, _clock.GetUtcNow()), both.Token);
                    return;
                }
                catch (CustomBotException e) when (e.Reason == CustomBotRefusal.TooFast && attempt < _options.MaxAttempts)
                {
                    refused = e;
                }
                catch (PlatformNetworkException e) when (!e.EffectUnknown && attempt < _options.MaxAttempts)
                {
                    lost = e;
                }

                _rateLimiter.Pause(_key, _backoff.Next(attempt));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The last answer says more than that time ran out.
            if (refused is not null) throw refused;
            throw lost
                ?? new PlatformNetworkException("feishu", "The custom bot's message had no permit, or no answer, in time.", effectUnknown: false, timedOut: true);
        }
    }

    /// <summary>Sends plain text.</summary>
    /// <inheritdoc cref="SendAsync(MessageContent, CancellationToken)" path="/exception"/>
    public Task SendAsync(string text, CancellationToken cancellationToken = default) => SendAsync(MessageContent.Text(text), cancellationToken);

    /// <summary>Not shown: the hook's address.</summary>
    public override string ToString() => $"custom bot at {_hook.Host}";

    private async Task TryAsync(byte[] body, CancellationToken cancellationToken)
    {
        using var own = new CancellationTokenSource(_options.AttemptTimeout, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, own.Token);
        using var request = new HttpRequestMessage(HttpMethod.Post, _hook) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        try
        {
            using HttpResponseMessage response = await (_options.Http ?? PlatformHttp.Shared).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            await response.Content.LoadIntoBufferAsync(LargestAnswer, both.Token);
            Judge(await response.Content.ReadAsByteArrayAsync(both.Token), (int)response.StatusCode, response.IsSuccessStatusCode);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested || own.IsCancellationRequested)
        {
            bool connecting = !own.IsCancellationRequested && exception.InnerException is TimeoutException;
            throw new PlatformNetworkException("feishu", "The custom bot's hook did not answer in time.", effectUnknown: !connecting, timedOut: true, exception);
        }
        catch (HttpRequestException exception)
        {
            bool sent = exception.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError);
            throw new PlatformNetworkException("feishu", $"The custom bot's hook gave no answer: {exception.HttpRequestError}.", effectUnknown: sent, timedOut: false, exception);
        }
        catch (IOException exception)
        {
            throw new PlatformNetworkException("feishu", "The connection to the custom bot's hook broke.", effectUnknown: true, timedOut: false, exception);
        }
    }

    /// <summary>HTTP 200 says nothing; the body's <c>code</c> does (older answers have <c>StatusCode</c> alone).</summary>
    private void Judge(byte[] answer, int status, bool success)
    {
        int? code = null;
        string msg = "";
        try
        {
            using JsonDocument document = JsonDocument.Parse(answer);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                code = Number(document.RootElement, "code") ?? Number(document.RootElement, "StatusCode");
                msg = Words(document.RootElement, "msg") ?? Words(document.RootElement, "StatusMessage") ?? "";
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // A proxy's page, or a text that was cut within a character (JsonElement throws then): judged by code and status below.
            msg = "unreadable";
        }

        if (code == 0 && success) return;
        throw CustomBotException.From(code ?? 0, Harmless(msg), status);
    }

    /// <summary>What comes back is not trusted to keep our secrets.</summary>
    private string Harmless(string msg)
    {
        string masked = msg.Replace(_hook.AbsoluteUri, "***", StringComparison.OrdinalIgnoreCase).Replace(_hook.AbsolutePath, "***", StringComparison.OrdinalIgnoreCase)
            .Replace(_hook.Segments[^1], "***", StringComparison.OrdinalIgnoreCase);
        if (_options.Secret is { } secret) masked = masked.Replace(secret, "***", StringComparison.Ordinal);
        return masked.Truncate(LongestText);
    }

    private static int? Number(JsonElement answer, string name)
        => answer.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int number) ? number : null;

    private static string? Words(JsonElement answer, string name)
        => answer.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
