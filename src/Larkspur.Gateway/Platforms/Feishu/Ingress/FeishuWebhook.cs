using System.Buffers;
using System.Text.Json;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Ingress;
using Microsoft.AspNetCore.Http.Features;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress;

/// <summary>
/// The address that Feishu pushes to, events and card callbacks alike: verify the raw bytes, record, and only then 200.
/// A refused request leaves a counter and nothing else; nothing that a sender can send makes a 5xx.
/// </summary>
internal sealed partial class FeishuWebhook(FeishuApps apps, EventIntake intake, IngressMetrics metrics, PlatformContacts contacts,
    CallbackProof proof, TimeProvider clock, ILogger<FeishuWebhook> logger)
{
    private static readonly TimeSpan BodyDeadline = TimeSpan.FromSeconds(5);
    private const string JsonType = "application/json; charset=utf-8";
    private static readonly byte[] Acknowledged = "{}"u8.ToArray();
    private static readonly string[] Reasons = Array.ConvertAll(Enum.GetNames<FeishuRefusal>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);

    private readonly IngressRefusals _refusals = new(metrics, clock, logger);
    private readonly BodyBudget _budget = new();

    public async Task HandleAsync(HttpContext http)
    {
        var started = clock.GetTimestamp();
        var name = http.Request.RouteValues["app"] as string ?? FeishuApps.Default;
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await _refusals.RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "method_not_allowed");
            return;
        }

        if (!apps.TryGet(name, out var app))
        {
            await _refusals.RefuseAsync(http, StatusCodes.Status404NotFound, "unknown_app");
            return;
        }

        if (!app.HasWebhook)
        {
            // Its events come over the long connection; without a key or a token nobody could tell Feishu's requests from forged ones.
            await _refusals.RefuseAsync(http, StatusCodes.Status403Forbidden, "long_connection_only");
            return;
        }

        if (http.Request.Headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            // The platform never compresses; what says otherwise is not what it is.
            await _refusals.RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, "content_encoding");
            return;
        }

        // The bound is ours (RequestBody): the server's own would break off the reading away of what is too large, and the connection with it.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        RequestBody? body;
        try
        {
            body = RequestBody.TryRead(http.Request, _budget, out var whole) ? whole : await ReadAsync(http);
        }
        catch (BodyBudgetException)
        {
            await _refusals.RefuseAndReadAwayAsync(http, StatusCodes.Status429TooManyRequests, "too_many_large_bodies");
            return;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // BadHttpRequestException is an IOException: too slow, malformed chunks, or the sender has gone.
            var status = e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status408RequestTimeout;
            await _refusals.RefuseAsync(http, status, "incomplete_body");
            return;
        }

        if (body is not { } received)
        {
            await _refusals.RefuseAndReadAwayAsync(http, StatusCodes.Status413PayloadTooLarge, "too_large");
            return;
        }

        FeishuReception reception;
        using (received)
        {
            reception = app.Receiver.Receive(HeadersOf(http.Request), received.Span);
        }

        // A challenge of the doctor does not carry the token in clear (CallbackProof).
        if (reception.Refusal == FeishuRefusal.WrongToken && proof.Opened(http.Request.Headers[CallbackProof.SealHeader],
            app.Client.Options.VerificationToken) is { } nonce) await ChallengeAsync(http, app.Name, nonce);
        else await AnswerAsync(http, app.Name, reception, started);
    }

    private async Task<RequestBody?> ReadAsync(HttpContext http)
    {
        using var deadline = new CancellationTokenSource(BodyDeadline, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, http.RequestAborted);
        return await RequestBody.ReadAsync(http.Request, FeishuEventReceiver.MaxBodyBytes, _budget, both.Token);
    }

    private static FeishuDeliveryHeaders HeadersOf(HttpRequest request) => new(
        request.Headers["X-Lark-Request-Timestamp"], request.Headers["X-Lark-Request-Nonce"], request.Headers["X-Lark-Signature"], request.ContentType);

    private async Task AnswerAsync(HttpContext http, string app, FeishuReception reception, long started)
    {
        if (reception.Refusal != FeishuRefusal.None)
        {
            metrics.Evidence.Refused(app, reception.Refusal);
            await _refusals.RefuseAsync(http, reception.StatusCode, Reasons[(int)reception.Refusal]);
            return;
        }

        if (reception.Challenge is { } challenge)
        {
            await ChallengeAsync(http, app, challenge);
            return;
        }

        var taken = await intake.TakeAsync(reception.Delivery!, app, "webhook", started, http.Request.Headers.TraceParent);
        if (taken.Event is not { } inbound) await http.WriteErrorAsync(StatusCodes.Status503ServiceUnavailable, "unavailable");
        else if (taken.Answer is not { } answer) Acknowledge(http);
        else await AnswerClickAsync(http, inbound, answer);
    }

    private Task ChallengeAsync(HttpContext http, string app, string challenge)
    {
        metrics.Challenged();
        // Our own says nothing about the platform's way to us.
        if (!CallbackProof.IsOurs(challenge)) contacts.CameAsCheck(PlatformNames.Feishu, app);
        if (proof.Of(challenge) is { } proven) http.Response.Headers[CallbackProof.Header] = proven;
        return http.WriteJsonAsync(StatusCodes.Status200OK, json => json.WriteString("challenge", challenge));
    }

    /// <summary>The server sends it when the request has been handled: nothing is waited for.</summary>
    private static void Acknowledge(HttpContext http)
    {
        http.Response.ContentType = JsonType;
        http.Response.ContentLength = Acknowledged.Length;
        http.Response.BodyWriter.Write(Acknowledged);
    }

    private static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        http.Response.ContentType = JsonType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
        await http.Response.CompleteAsync();
    }

    private async Task AnswerClickAsync(HttpContext http, InboundEvent inbound, GivenAnswer given)
    {
        var written = false;
        try
        {
            await WriteAsync(http, CallbackAnswers.Write(given.Answer, inbound.Kind));
            written = !http.RequestAborted.IsCancellationRequested;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            SenderLeft(inbound.EventId);
        }

        await given.SettleAsync(written);
    }

    [LoggerMessage(LogLevel.Information, "The sender of click {EventId} left before its answer; the card is updated by message")]
    private partial void SenderLeft(string eventId);
}
