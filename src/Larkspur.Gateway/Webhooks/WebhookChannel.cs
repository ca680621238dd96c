using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Webhooks.Attempts;
using Larkspur.Gateway.Webhooks.Failing;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Posts outbox rows to business systems, signed by the rules of Standard Webhooks. The row's idempotency key is the webhook-id.</summary>
/// <remarks>
/// Done is a 2xx alone. 410 switches the webhook off. Everything else, redirects and refusals included, is tried again by the schedule: a 404
/// during a deployment or a 401 during a change of secrets passes, and the specification asks for it.
/// </remarks>
internal sealed partial class WebhookChannel(
    WebhookConnections lines, WebhookEndpointStore stored, FailingWebhooks failing, AnswerReader answers, AttemptRecorder recorder,
        TimeProvider clock,
    WebhookMetrics metrics, ILogger<WebhookChannel> logger) : IChannel
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    internal static readonly ProductInfoHeaderValue Agent = new("Larkspur", typeof(WebhookChannel).Assembly.GetName().Version?.ToString(3));

    private static readonly TimeSpan UnreadablePause = TimeSpan.FromSeconds(30);

    /// <summary>So soon messages leave once their webhook is switched on again.</summary>
    private static readonly TimeSpan OffPause = TimeSpan.FromSeconds(10);

    public string Platform => OutboxScope.WebhookPlatform;

    public IReadOnlyCollection<OutboxOperation> Operations { get; } = [MessageOperations.Webhook];

    public DeliveryPolicy Policy => WebhookRetrySchedule.Policy;

    /// <summary>What waits for one that was switched off because it kept failing waits for as long as it is off. A test finds out whether
    /// it is well again.</summary>
    public TimeSpan? Away(OutboxEntry entry) => !IsTest(entry) && failing.IsOff(entry.Message.Target) ? OffPause : null;

    public DateTimeOffset? WaitsSince(OutboxEntry entry) => failing.EnabledAt(entry.Message.Target) is { } at && at > entry.CreatedAt ? at
        : null;

    /// <summary>One that cannot be decrypted is not gone: its messages wait until the right key is back, or its address and secret are set again.</summary>
    public TimeSpan? HoldBack(OutboxEntry entry) => lines.Find(entry.Message.Target) is { } line ? IsTest(entry) ? null : line.Circuit.HoldBack()
        : stored.Find(entry.Message.Target) is { WebhookEndpoint: null } ? UnreadablePause : null;

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var line = await FindAsync(entry.Message.Target, cancellation)
            ?? throw (stored.IsBeingRemoved(entry.Message.Target)
                ? new ChannelException(RemovedBacklog.Reason, $"The webhook \"{entry.Message.Target}\" was removed.", transient: false)
                : new ChannelException("webhook_not_configured", $"The webhook \"{entry.Message.Target}\" is not configured.", transient: false));
        if (IsOff(line))
            throw new ChannelException("webhook_off", $"The webhook \"{line.WebhookEndpoint.Name}\" answered 410 Gone before; it is off until {Return(line.WebhookEndpoint)}.", transient: false);

        var call = new WebhookCall(clock);
        try
        {
            ValueTask Attempt(CancellationToken token) => PostAsync(line, entry, call, token);
            await (IsTest(entry) ? line.Circuit.TestAsync(Attempt, cancellation) : line.Circuit.RunAsync(Attempt, cancellation));
        }
        catch (ChannelException e) when (!e.NotTried)
        {
            recorder.Add(call.Ended(entry, e.Reason));
            // In all processes, and after the next start too. Should this process die before, the next message is told the same.
            if (line.Circuit.IsOff && line.WebhookEndpoint.IsStored) await stored.GoneAsync(line.WebhookEndpoint, CancellationToken.None);
            metrics.Failed(line.WebhookEndpoint.Name, e.Reason);
            throw;
        }

        var attempt = call.Ended(entry, null);
        recorder.Add(attempt);
        metrics.Delivered(line.WebhookEndpoint.Name, attempt.Took);
        return new SendReceipt(entry.IdempotencyKey, null);
    }

    /// <summary>
    /// The receiver. What is not known, or is off, is looked up once more before a message is dead-lettered for it: another process may have added it or switched it on, and
    /// this one not have heard of that yet.
    /// </summary>
    private async ValueTask<WebhookConnection?> FindAsync(string name, CancellationToken cancellation)
    {
        var line = lines.Find(name);
        if (line is not null && !IsOff(line)) return line;
        // That it is gone could not be written at the time.
        if (line is { Circuit.IsOff: true, WebhookEndpoint: { IsStored: true, GoneAt: null } }) await stored.GoneAsync(line.WebhookEndpoint, cancellation);
        await stored.CachedTable.LookAsync(cancellation);
        return lines.Find(name);
    }

    private static bool IsTest(OutboxEntry entry) => entry.Message.MessageType == WebhookTester.EventType;

    private static bool IsOff(WebhookConnection line) => line.Circuit.IsOff || line.WebhookEndpoint.GoneAt is not null;

    private async ValueTask PostAsync(WebhookConnection line, OutboxEntry entry, WebhookCall call, CancellationToken cancellation)
    {
        var webhook = line.WebhookEndpoint;
        using var deadline = new CancellationTokenSource(webhook.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        using var request = Request(webhook, entry, call.Begin());
        try
        {
            // Returns with the headers: of a body no more is waited for than is shown.
            CallGate.Pass();
            using var response = await line.Http.SendAsync(request, both.Token);
            call.Answered();
            call.Answer = await answers.ReadAsync(response, webhook.Url, string.Join(' ',
                request.Headers.GetValues(WebhookHeaders.Signature)),
                both.Token);
            Judge(line, response);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ChannelException("timed_out", $"{webhook.Name} did not answer within {webhook.Timeout}.", transient: true, e) { Ambiguous = true };
        }
        catch (HttpRequestException e) when (e.InnerException is AddressRefusedException refused)
        {
            throw new ChannelException("address_refused", $"{webhook.Name} was not called: {refused.Message}.", transient: true, e);
        }
        catch (HttpRequestException e)
        {
            var reached = e.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError);
            throw new ChannelException(e.HttpRequestError == HttpRequestError.SecureConnectionError ? "tls_failed" : reached ? "no_answer" : "no_connection",
                $"{webhook.Name} cannot be called: {e.Message}", transient: true, e) { Ambiguous = reached };
        }
    }

    private static HttpRequestMessage Request(WebhookEndpoint webhook, OutboxEntry entry, DateTimeOffset now)
    {
        var body = WebhookBody.Of(entry);
        var signature = webhook.PreviousSecret is { } previous && !(webhook.PreviousUntil <= now)
            ? WebhookSignature.Sign(entry.IdempotencyKey, now, body, webhook.Secret, previous)
            : WebhookSignature.Sign(entry.IdempotencyKey, now, body, webhook.Secret);
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new ByteArrayContent(body) { Headers = { ContentType = Json } } };
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add(WebhookHeaders.Id, entry.IdempotencyKey);
        request.Headers.Add(WebhookHeaders.Timestamp, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookHeaders.Signature, signature);
        return request;
    }

    private void Judge(WebhookConnection line, HttpResponseMessage response)
    {
        var name = line.WebhookEndpoint.Name;
        if (response.IsSuccessStatusCode) return;
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            line.Circuit.SwitchOff();
            WebhookGone(name, Return(line.WebhookEndpoint));
            throw new ChannelException("gone", $"{name} answered 410 Gone.", transient: false);
        }

        var status = (int)response.StatusCode;
        var wish = RetryAfter(response);
        if (wish is { } quiet && response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable) line.Circuit.Quiet(quiet);
        throw new ChannelException(status is >= 300 and < 400 ? "redirect_refused" : $"http_{status}",
            status is >= 300 and < 400 ? $"{name} answered {status}; redirects are not followed, configure the new address." : $"{name} answered {status}.", transient: true)
        {
            RetryAfter = wish,
        };
    }

    private static string Return(WebhookEndpoint webhook) => webhook.IsStored ? "somebody switches it on again" : "the next start or its change";

    /// <summary>The receiver's wish, at most the longest pause of the schedule.</summary>
    private TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        var wish = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - clock.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        if (wish <= TimeSpan.Zero) return null;
        return wish < Policy.LongestPause ? wish : Policy.LongestPause;
    }

    [LoggerMessage(LogLevel.Error, "Webhook {Webhook} answered 410 Gone: it gets nothing more until {Return}")]
    private partial void WebhookGone(string webhook, string @return);
}
