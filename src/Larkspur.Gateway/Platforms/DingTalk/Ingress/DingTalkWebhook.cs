using System.Text.Json;
using Larkspur.DingTalk;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Ingress;
using Microsoft.AspNetCore.Http.Features;

namespace Larkspur.Gateway.Platforms.DingTalk.Ingress;

/// <summary>
/// The address that DingTalk calls: robot messages (signed), events (signed and encrypted), card callbacks (signed). Verify the raw bytes, record, and only then 200. A refused request leaves a
/// counter and nothing else; nothing that a sender can send makes a 5xx.
/// </summary>
internal sealed partial class DingTalkWebhook(DingTalkApps apps, DingTalkIntake intake, IngressMetrics metrics, PlatformContacts contacts,
    CallbackProof proof, TimeProvider clock, ILogger<DingTalkWebhook> logger)
{
    private const string JsonType = "application/json; charset=utf-8";
    private static readonly TimeSpan BodyDeadline = TimeSpan.FromSeconds(5);
    private static readonly string[] Reasons = Array.ConvertAll(Enum.GetNames<DingTalkRefusal>(), static name => "dingtalk_" + JsonNamingPolicy.SnakeCaseLower.ConvertName(name));

    private readonly IngressRefusals _refusals = new(metrics, clock, logger);
    private readonly BodyBudget _budget = new();

    public async Task HandleAsync(HttpContext http)
    {
        var started = clock.GetTimestamp();
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await _refusals.RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "method_not_allowed");
            return;
        }

        if (!apps.TryGet(http.Request.RouteValues["app"] as string ?? DingTalkSettings.Default, out var app))
        {
            await _refusals.RefuseAsync(http, StatusCodes.Status404NotFound, "unknown_app");
            return;
        }

        if (!app.HasWebhook)
        {
            await _refusals.RefuseAsync(http, StatusCodes.Status403Forbidden, "stream_only");
            return;
        }

        if (http.Request.Headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            // The platform never compresses; what says otherwise is not what it is.
            await _refusals.RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, "content_encoding");
            return;
        }

        if (await ReceiveAsync(http, app) is { } reception) await AnswerAsync(http, app, reception, started);
    }

    /// <returns>Null: it was refused.</returns>
    private async Task<DingTalkReception?> ReceiveAsync(HttpContext http, DingTalkApp app)
    {
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
            return null;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // BadHttpRequestException is an IOException: too slow, malformed chunks, or the sender has gone.
            await _refusals.RefuseAsync(http, e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status408RequestTimeout, "incomplete_body");
            return null;
        }

        if (body is not { } received)
        {
            await _refusals.RefuseAndReadAwayAsync(http, StatusCodes.Status413PayloadTooLarge, "too_large");
            return null;
        }

        using (received)
        {
            var reception = app.Receiver.Receive(HeadOf(http.Request), received.Span.ToArray());
            if (reception.Refusal == DingTalkRefusal.None) return reception;
            await _refusals.RefuseAsync(http, reception.StatusCode, Reasons[(int)reception.Refusal]);
            return null;
        }
    }

    private async Task<RequestBody?> ReadAsync(HttpContext http)
    {
        using var deadline = new CancellationTokenSource(BodyDeadline, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, http.RequestAborted);
        return await RequestBody.ReadAsync(http.Request, DingTalkReceiver.MaxBodyBytes, _budget, both.Token);
    }

    private static DingTalkRequestHead HeadOf(HttpRequest request) => new()
    {
        ContentType = request.ContentType,
        Timestamp = request.Headers["timestamp"],
        Sign = request.Headers["sign"],
        CardTimestamp = request.Headers["x-ddpaas-signature-timestamp"],
        CardSignature = request.Headers["x-ddpaas-signature"],
        EventSignature = request.Query["msg_signature"] is { Count: > 0 } signature ? signature : request.Query["signature"],
        EventTimestamp = request.Query["timestamp"],
        EventNonce = request.Query["nonce"],
    };

    private async Task AnswerAsync(HttpContext http, DingTalkApp app, DingTalkReception reception, long started)
    {
        if (reception.Delivery is not { } delivery)
        {
            metrics.Challenged();
            // The signature, which held, covers the nonce.
            var nonce = http.Request.Query["nonce"].ToString();
            if (proof.Of(nonce) is { } proven) http.Response.Headers[CallbackProof.Header] = proven;
            if (!CallbackProof.IsOurs(nonce)) contacts.CameAsCheck(DingTalkApps.Platform, app.Name);
            await WriteAsync(http, reception.Answer!);
            return;
        }

        if (await intake.TakeAsync(delivery, app, "webhook", started, http.Request.Headers.TraceParent) is not { } taken)
        {
            await http.WriteErrorAsync(StatusCodes.Status503ServiceUnavailable, "unavailable");
            return;
        }

        if (taken.Settle is not { } settle)
        {
            await WriteAsync(http, reception.Answer!);
            return;
        }

        var written = false;
        try
        {
            await WriteAsync(http, taken.Answer.ToUtf8Json());
            written = !http.RequestAborted.IsCancellationRequested;
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            SenderLeft(delivery.Id);
        }

        await settle(written);
    }

    private static async Task WriteAsync(HttpContext http, ReadOnlyMemory<byte> body)
    {
        http.Response.ContentType = JsonType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
        await http.Response.CompleteAsync();
    }

    [LoggerMessage(LogLevel.Information, "The sender of click {EventId} left before its answer")]
    private partial void SenderLeft(string eventId);
}
