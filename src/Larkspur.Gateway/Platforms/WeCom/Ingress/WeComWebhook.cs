using System.Text.Json;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Ingress;
using Larkspur.WeCom.AiBots;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>
/// The address that WeCom pushes to, an application's XML and an AI bot's JSON alike: verify the raw bytes, record, and only then 200.
/// A refused request leaves a counter and nothing else; nothing that a sender can send makes a 5xx.
/// </summary>
internal sealed partial class WeComWebhook(WeComApps apps, EventIntake intake, WeComAnswers answers, BotDeliverySeals seals,
    IngressMetrics metrics, PlatformContacts contacts, CallbackProof proof, TimeProvider clock, ILogger<WeComWebhook> logger)
{
    private static readonly TimeSpan BodyDeadline = TimeSpan.FromSeconds(4);
    private static readonly string[] Reasons = Array.ConvertAll(Enum.GetNames<WeComRefusal>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);

    private readonly IngressRefusals _refusals = new(metrics, clock, logger);
    private readonly BodyBudget _budget = new();

    public async Task HandleAsync(HttpContext http)
    {
        var started = clock.GetTimestamp();
        var name = http.Request.RouteValues["app"] as string ?? WeComSettings.Default;
        var isGet = HttpMethods.IsGet(http.Request.Method);
        if (!isGet && !HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, POST";
            await _refusals.RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "method_not_allowed");
        }
        else if (!apps.TryGet(name, out var app))
        {
            await _refusals.RefuseAsync(http, StatusCodes.Status404NotFound, "unknown_app");
        }
        else if (app.Receiver is null && app.BotReceiver is null)
        {
            // Without token and key nobody could tell WeCom's requests from forged ones.
            await _refusals.RefuseAsync(http, StatusCodes.Status403Forbidden, "no_callback");
        }
        else if (isGet)
        {
            await CheckAddressAsync(http, app);
        }
        else if (await TryReadAsync(http) is { } body)
        {
            await ReceiveAsync(http, app, body, started);
        }
    }

    /// <summary>The platform gives a second for this: nothing is asked of anybody.</summary>
    private async Task CheckAddressAsync(HttpContext http, WeComApp app)
    {
        var query = QueryOf(http.Request);
        // Which of the two is meant shows in the receive id alone.
        var application = app.Receiver?.CheckAddress(query);
        var bot = application is { Refusal: WeComRefusal.None } ? null : app.BotReceiver?.CheckAddress(query);
        if ((application?.Echo ?? bot?.Echo) is { } echo)
        {
            metrics.Challenged();
            if (proof.Of(query.Nonce) is { } proven) http.Response.Headers[CallbackProof.Header] = proven;
            if (!CallbackProof.IsOurs(query.Nonce)) contacts.CameAsCheck(WeComApps.Platform, app.Name);
            await WriteAsync(http, echo, "text/plain");
            return;
        }

        var refused = application is { } first && (bot is null || first.Refusal != WeComRefusal.WrongSignature) ? (first.StatusCode, first.Refusal) : (bot!.Value.StatusCode, bot.Value.Refusal);
        await _refusals.RefuseAsync(http, refused.StatusCode, Reasons[(int)refused.Refusal]);
    }

    private async Task<RequestBody?> TryReadAsync(HttpContext http)
    {
        if (http.Request.Headers.ContentEncoding is { Count: > 0 } encoding && !string.Equals(encoding, "identity", StringComparison.OrdinalIgnoreCase))
        {
            // The platform never compresses; what says otherwise is not what it is.
            await _refusals.RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, "content_encoding");
            return null;
        }

        try
        {
            using var deadline = new CancellationTokenSource(BodyDeadline, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, http.RequestAborted);
            if (await RequestBody.ReadAsync(http.Request, WeComCallbackReceiver.MaxBodyBytes, _budget, both.Token) is { } body) return body;
            await _refusals.RefuseAndReadAwayAsync(http, StatusCodes.Status413PayloadTooLarge, Reasons[(int)WeComRefusal.TooLarge]);
        }
        catch (BodyBudgetException)
        {
            await _refusals.RefuseAndReadAwayAsync(http, StatusCodes.Status429TooManyRequests, "too_many_large_bodies");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // BadHttpRequestException is an IOException: too slow, malformed chunks, or the sender has gone.
            await _refusals.RefuseAsync(http, e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status408RequestTimeout, "incomplete_body");
        }

        return null;
    }

    private async Task ReceiveAsync(HttpContext http, WeComApp app, RequestBody body, long started)
    {
        var query = QueryOf(http.Request);
        WeComReception<WeComDelivery>? application = null;
        WeComReception<AiBotDelivery>? bot = null;
        using (body)
        {
            // A bot's envelope is JSON, an application's XML; whatever else it is, the one that is there refuses it.
            if (app.BotReceiver is not null && (app.Receiver is null || body.Span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..])) bot = app.BotReceiver.Receive(query, body.Span);
            else if (app.Receiver is not null) application = app.Receiver.Receive(query, body.Span);
        }

        if ((application?.Refusal ?? bot!.Value.Refusal) is not WeComRefusal.None and var refusal)
        {
            await _refusals.RefuseAsync(http, application?.StatusCode ?? bot!.Value.StatusCode, Reasons[(int)refusal]);
        }
        else if (application?.Delivery is { } delivery)
        {
            await TakeAsync(http, app, delivery, started);
        }
        else if (bot?.Delivery is { } said && (said.BotId.Length == 0 || app.Settings.Bot is not { BotId.Length: > 0 } known || known.BotId == said.BotId))
        {
            await TakeAsync(http, app, said, started);
        }
        else
        {
            // The key is ours and the bot is not.
            await _refusals.RefuseAsync(http, StatusCodes.Status403Forbidden, Reasons[(int)WeComRefusal.WrongReceiver]);
        }
    }

    private async Task TakeAsync(HttpContext http, WeComApp app, WeComDelivery delivery, long started)
    {
        var taken = await intake.TakeAsync(now => WeComInboundEvents.From(delivery, app.Name, now), app.Name, "webhook", started, http.Request.Headers.TraceParent);
        if (taken.Event is null) await http.WriteErrorAsync(StatusCodes.Status503ServiceUnavailable, "unavailable");
        else await AnswerAsync(http, taken.Answer, given => answers.To(app, delivery, given), "text/xml");
    }

    private async Task TakeAsync(HttpContext http, WeComApp app, AiBotDelivery delivery, long started)
    {
        var nonce = http.Request.Query["nonce"].ToString();
        if (delivery.Content is BotStreamPolled poll)
        {
            // How far an answer is, is asked once a second; it is no event.
            if (await answers.ToPollAsync(app, delivery, poll, nonce, http.RequestAborted) is { } answer) await WriteAsync(http, answer, "application/json; charset=utf-8");
            else await http.WriteErrorAsync(StatusCodes.Status503ServiceUnavailable, "unavailable");
            return;
        }

        var taken = await intake.TakeAsync(now => WeComInboundEvents.From(delivery, app.Name, now, seals), app.Name, "webhook", started, http.Request.Headers.TraceParent);
        if (taken.Event is not { } inbound) await http.WriteErrorAsync(StatusCodes.Status503ServiceUnavailable, "unavailable");
        else if (inbound.MessageId is not null && await answers.ToMessageAsync(app, delivery, nonce, http.RequestAborted) is { } first) await WriteAsync(http, first, "application/json; charset=utf-8");
        else await AnswerAsync(http, taken.Answer, given => answers.To(app, delivery, given, nonce), "application/json; charset=utf-8");
    }

    /// <summary>An empty body says that it is recorded; a click's answer goes with it.</summary>
    private async Task AnswerAsync(HttpContext http, GivenAnswer? given, Func<CallbackAnswer, byte[]?> seal, string contentType)
    {
        if (given is null) return;
        var written = false;
        try
        {
            var body = given.Answer is { } answer ? seal(answer) : null;
            if (body is not null) await WriteAsync(http, body, contentType);
            // An answer that has no form here is not written by an empty body: its words follow by themselves.
            written = !http.RequestAborted.IsCancellationRequested && (body is not null || given.Answer?.Late is null);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            SenderLeft();
        }

        await given.SettleAsync(written);
    }

    private static async Task WriteAsync(HttpContext http, byte[] body, string contentType)
    {
        http.Response.ContentType = contentType;
        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
        await http.Response.CompleteAsync();
    }

    private static WeComCallbackQuery QueryOf(HttpRequest request) => new(request.Query["msg_signature"], request.Query["timestamp"], request.Query["nonce"], request.Query["echostr"]);

    [LoggerMessage(LogLevel.Information, "The sender of a click left before its answer; it follows by itself")]
    private partial void SenderLeft();
}
