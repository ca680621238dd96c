using System.Text.Json;
using Larkspur.Feishu.Events;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu.AspNetCore;

/// <summary>One app's address: reads, has verified, has handled, answers in time.</summary>
internal sealed class ReceiverEndpoint(
    FeishuEventReceiver receiver, FeishuEventDispatcher events, TimeProvider clock, ILogger logger, CancellationToken stopping)
{
    /// <summary>The platform waits 3 s; the rest is for the way there and back.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(2.5);

    private readonly RecentDeliveries _deliveries = new(mostAtOnce: 256, remembered: 10_000);

    public async Task HandleAsync(HttpContext http)
    {
        using var late = new CancellationTokenSource(AnswerWithin, clock);
        byte[]? body;
        try
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(late.Token, http.RequestAborted);
            body = await RequestBytes.ReadAsync(http.Request, FeishuEventReceiver.MaxBodyBytes, both.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // Too slow, broken off, or not HTTP as it should be (BadHttpRequestException is an IOException).
            await RefuseAsync(http, (e as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status408RequestTimeout, "incomplete_body");
            return;
        }

        if (body is null) await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, NameOf(FeishuRefusal.TooLarge));
        else await AnswerAsync(http, receiver.Receive(HeadersOf(http.Request), body), late.Token);
    }

    private async Task AnswerAsync(HttpContext http, FeishuReception reception, CancellationToken late)
    {
        if (reception.Refusal != FeishuRefusal.None)
        {
            await RefuseAsync(http, reception.StatusCode, NameOf(reception.Refusal));
        }
        else if (reception.Challenge is { } challenge)
        {
            await WriteAsync(http, StatusCodes.Status200OK, Json("challenge", challenge));
        }
        else
        {
            await DeliverAsync(http, reception.Delivery!, late);
        }
    }

    private async Task DeliverAsync(HttpContext http, FeishuDelivery delivery, CancellationToken late)
    {
        string reference = http.TraceIdentifier;
        if (_deliveries.HandleOnce(delivery.EventId, () => DispatchAsync(delivery, reference)) is not { } handling)
        {
            Log.Busy(logger, delivery.EventType, delivery.EventId);
            await FailAsync(http, delivery, StatusCodes.Status503ServiceUnavailable, "busy", () => Toasts.Busy);
            return;
        }

        // Not the wait of the handler: the sender's, and of this request.
        if (!handling.IsCompleted) await ((Task)handling).WaitAsync(late).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!handling.IsCompleted)
        {
            Log.Late(logger, delivery.EventType, delivery.EventId, AnswerWithin);
            await FailAsync(http, delivery, StatusCodes.Status503ServiceUnavailable, "still_at_work", () => Toasts.StillAtWork);
        }
        else if (await handling is { } answer)
        {
            await WriteAsync(http, StatusCodes.Status200OK, answer);
        }
        else
        {
            await FailAsync(http, delivery, StatusCodes.Status500InternalServerError, "handler_failed", () => Toasts.Failed(reference));
        }
    }

    /// <returns>The body to answer with; null: the handler threw.</returns>
    private async Task<byte[]?> DispatchAsync(FeishuDelivery delivery, string reference)
    {
        try
        {
            return await events.DispatchAsync(delivery, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            Log.Stopped(logger, delivery.EventType, delivery.EventId);
            return null;
        }
        catch (Exception e)
        {
            Log.HandlerFailed(logger, e, delivery.EventType, delivery.EventId, reference);
            return null;
        }
    }

    /// <summary>An event comes again when the status says so; somebody who clicked is told at once.</summary>
    private static Task FailAsync(HttpContext http, FeishuDelivery delivery, int status, string error, Func<CardActionResponse> toast) =>
        delivery.EventType == CardActionTrigger.EventType || delivery.Kind == FeishuDeliveryKind.LegacyCardCallback
            ? WriteAsync(http, StatusCodes.Status200OK, toast().ToUtf8Json(delivery.Kind))
            : WriteAsync(http, status, Json("error", error));

    private Task RefuseAsync(HttpContext http, int status, string reason)
    {
        Log.Refused(logger, status, reason);
        return WriteAsync(http, status, Json("error", reason));
    }

    private static async Task WriteAsync(HttpContext http, int status, byte[] json)
    {
        if (http.RequestAborted.IsCancellationRequested) return;
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = json.Length;
        // Whoever asked may have left; then there is nobody to tell.
        await http.Response.Body.WriteAsync(json, http.RequestAborted).AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static FeishuDeliveryHeaders HeadersOf(HttpRequest request) => new(
        request.Headers["X-Lark-Request-Timestamp"],
        request.Headers["X-Lark-Request-Nonce"],
        request.Headers["X-Lark-Signature"],
        request.ContentType);

    private static string NameOf(FeishuRefusal refusal) => JsonNamingPolicy.SnakeCaseLower.ConvertName(refusal.ToString());

    private static byte[] Json(string name, string value) =>
        JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { [name] = value });
}
