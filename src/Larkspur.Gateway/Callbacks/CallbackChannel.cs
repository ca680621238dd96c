using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Larkspur.Gateway.Channels;
using Larkspur.Gateway.Egress;
using Larkspur.Gateway.Outbox;
using Larkspur.Webhooks;

namespace Larkspur.Gateway.Callbacks;

/// <summary>Posts outbox rows to business systems, signed by the rules of Standard Webhooks. The row's idempotency key is the webhook-id.</summary>
/// <remarks>
/// Done is a 2xx alone. 410 switches the destination off. Everything else, redirects and refusals included, is tried again by the schedule: a 404
/// during a deployment or a 401 during a change of secrets passes, and the specification asks for it.
/// </remarks>
internal sealed class CallbackChannel(DestinationLines lines, StoredDestinations stored, TimeProvider clock, CallbackMetrics metrics, ILogger<CallbackChannel> logger) : IChannel
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly ProductInfoHeaderValue Agent = new("Larkspur", typeof(CallbackChannel).Assembly.GetName().Version?.ToString(3));

    private static readonly TimeSpan UnreadablePause = TimeSpan.FromSeconds(30);

    public string Platform => OutboxScope.CallbackPlatform;

    public DeliveryPolicy Policy => CallbackSchedule.Policy;

    /// <summary>One that cannot be decrypted is not gone: its callbacks wait until the right key is back, or its address and secret are set again.</summary>
    public TimeSpan? HoldBack(OutboxEntry entry) => lines.Find(entry.Message.Target) is { } line ? line.Circuit.HoldBack()
        : stored.Find(entry.Message.Target) is { Destination: null } ? UnreadablePause : null;

    public async Task<SendReceipt> SendAsync(OutboxEntry entry, CancellationToken cancellation)
    {
        var line = await FindAsync(entry.Message.Target, cancellation)
            ?? throw (stored.IsBeingRemoved(entry.Message.Target)
                ? new ChannelException(RemovedBacklog.Reason, $"The destination \"{entry.Message.Target}\" was removed.", transient: false)
                : new ChannelException("destination_not_configured", $"The destination \"{entry.Message.Target}\" is not configured.", transient: false));
        if (IsOff(line))
            throw new ChannelException("destination_off", $"The destination \"{line.Destination.Name}\" answered 410 Gone before; it is off until {Return(line.Destination)}.", transient: false);

        var started = clock.GetTimestamp();
        try
        {
            await line.Circuit.RunAsync(token => PostAsync(line, entry, token), cancellation);
        }
        catch (ChannelException e) when (!e.NotTried)
        {
            // In all processes, and after the next start too. Should this process die before, the next callback is told the same.
            if (line.Circuit.IsOff && line.Destination.IsStored) await stored.GoneAsync(line.Destination, CancellationToken.None);
            metrics.Failed(line.Destination.Name, e.Reason);
            throw;
        }

        metrics.Delivered(line.Destination.Name, clock.GetElapsedTime(started));
        return new SendReceipt(entry.IdempotencyKey, null);
    }

    /// <summary>
    /// The receiver. What is not known, or is off, is looked up once more before a callback dies of it: another process may have added it or switched it on, and
    /// this one not have heard of that yet.
    /// </summary>
    private async ValueTask<DestinationLine?> FindAsync(string name, CancellationToken cancellation)
    {
        var line = lines.Find(name);
        if (line is not null && !IsOff(line)) return line;
        // That it is gone could not be written at the time.
        if (line is { Circuit.IsOff: true, Destination: { IsStored: true, GoneAt: null } }) await stored.GoneAsync(line.Destination, cancellation);
        await stored.Watched.LookAsync(cancellation);
        return lines.Find(name);
    }

    private static bool IsOff(DestinationLine line) => line.Circuit.IsOff || line.Destination.GoneAt is not null;

    private async ValueTask PostAsync(DestinationLine line, OutboxEntry entry, CancellationToken cancellation)
    {
        var destination = line.Destination;
        using var deadline = new CancellationTokenSource(destination.Timeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        using var request = Request(destination, entry);
        try
        {
            // Returns with the headers: no body, however long, is waited for.
            CallGate.Pass();
            using var response = await line.Http.SendAsync(request, both.Token);
            Judge(line, response);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new ChannelException("timed_out", $"{destination.Name} did not answer within {destination.Timeout}.", transient: true, e) { Ambiguous = true };
        }
        catch (HttpRequestException e) when (e.InnerException is AddressRefusedException refused)
        {
            throw new ChannelException("address_refused", $"{destination.Name} was not called: {refused.Message}.", transient: true, e);
        }
        catch (HttpRequestException e)
        {
            var reached = e.HttpRequestError is not (HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError);
            throw new ChannelException(e.HttpRequestError == HttpRequestError.SecureConnectionError ? "tls_failed" : reached ? "no_answer" : "no_connection",
                $"{destination.Name} cannot be called: {e.Message}", transient: true, e) { Ambiguous = reached };
        }
    }

    private HttpRequestMessage Request(Destination destination, OutboxEntry entry)
    {
        var body = CallbackBody.Of(entry);
        var now = clock.GetUtcNow();
        var signature = destination.PreviousSecret is { } previous && !(destination.PreviousUntil <= now)
            ? WebhookSignature.Sign(entry.IdempotencyKey, now, body, destination.Secret, previous)
            : WebhookSignature.Sign(entry.IdempotencyKey, now, body, destination.Secret);
        var request = new HttpRequestMessage(HttpMethod.Post, destination.Url) { Content = new ByteArrayContent(body) { Headers = { ContentType = Json } } };
        request.Headers.UserAgent.Add(Agent);
        request.Headers.Add(WebhookHeaders.Id, entry.IdempotencyKey);
        request.Headers.Add(WebhookHeaders.Timestamp, now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookHeaders.Signature, signature);
        return request;
    }

    private void Judge(DestinationLine line, HttpResponseMessage response)
    {
        var name = line.Destination.Name;
        if (response.IsSuccessStatusCode) return;
        if (response.StatusCode == HttpStatusCode.Gone)
        {
            line.Circuit.SwitchOff();
            logger.LogError("Destination {Destination} answered 410 Gone: it gets no more callbacks until {Return}", name, Return(line.Destination));
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

    private static string Return(Destination destination) => destination.IsStored ? "somebody switches it on again" : "the next start or its change";

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
}
