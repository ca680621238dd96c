using System.Text.Json;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Telemetry;
using Larkspur.Gateway.Webhooks;
using Microsoft.AspNetCore.Http.Features;

namespace Larkspur.Gateway.Approvals;

/// <summary>
/// <c>/webhook/feishu/{app}/approval-action</c>: what the platform posts when somebody decides another system's task in it. Its token is verified (and the whole decrypted,
/// where a key is set), the decision is recorded, and only then 200. What is refused leaves a counter and nothing else.
/// </summary>
/// <remarks>The platform waits 10 s, and shows the person the words of an answer above 400. Source: facts, section 7.8.</remarks>
internal sealed partial class ExternalActionWebhook(FeishuApps apps, ExternalActionSettings settings, IWebhookEndpoints webhooks,
    InboxWriter inbox, IngressMetrics metrics, TimeProvider clock,
    ILogger<ExternalActionWebhook> logger)
{
    private static string NotNow => ApprovalTexts.NotNow.Chinese + ApprovalTexts.NotNow.English;
    private static readonly TimeSpan BodyDeadline = TimeSpan.FromSeconds(5);

    private readonly IngressRefusals _refusals = new(metrics, clock, logger);
    private readonly BodyBudget _budget = new();

    public static void Map(IEndpointRouteBuilder routes)
    {
        var webhook = routes.ServiceProvider.GetRequiredService<ExternalActionWebhook>();
        // Always with the app's name, "default" too: an app may be called like the last part.
        routes.Map("/webhook/feishu/{app}/" + ExternalActionSettings.Path, webhook.HandleAsync).ExcludeFromDescription();
    }

    private async Task HandleAsync(HttpContext http)
    {
        var started = clock.GetTimestamp();
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.Allow = "POST";
            await _refusals.RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "method_not_allowed");
            return;
        }

        var name = (string)http.Request.RouteValues["app"]!;
        if (!apps.TryGet(name, out var app)) await _refusals.RefuseAsync(http, StatusCodes.Status404NotFound, "unknown_app");
        else if (settings.Receiver is not { } receiver) await _refusals.RefuseAsync(http, StatusCodes.Status403Forbidden, "approval_actions_off");
        else if (await ReadAsync(http) is { } body) await AnswerAsync(http, app.Name, Judge(receiver, body), started);
    }

    /// <returns>The body; null: the request is answered.</returns>
    private async Task<RequestBody?> ReadAsync(HttpContext http)
    {
        // The bound is ours (RequestBody), as at the other webhooks.
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        try
        {
            using var deadline = new CancellationTokenSource(BodyDeadline, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, http.RequestAborted);
            if (await RequestBody.ReadAsync(http.Request, ExternalApprovalReceiver.MaxBodyBytes, _budget, both.Token) is { } body) return body;
            await _refusals.RefuseAndReadAwayAsync(http, StatusCodes.Status413PayloadTooLarge, "too_large");
        }
        catch (BodyBudgetException)
        {
            await _refusals.RefuseAndReadAwayAsync(http, StatusCodes.Status429TooManyRequests, "too_many_large_bodies");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            await _refusals.RefuseAsync(http, e is BadHttpRequestException bad ? bad.StatusCode : StatusCodes.Status408RequestTimeout, "incomplete_body");
        }

        return null;
    }

    private static ExternalApprovalReception Judge(ExternalApprovalReceiver receiver, RequestBody body)
    {
        using (body) return receiver.Receive(body.Span);
    }

    private async Task AnswerAsync(HttpContext http, string app, ExternalApprovalReception reception, long started)
    {
        if (reception.Action is not { } action)
        {
            var status = reception.Refusal is ExternalApprovalRefusal.Malformed ? StatusCodes.Status400BadRequest : StatusCodes.Status401Unauthorized;
            await _refusals.RefuseAsync(http, status, JsonNamingPolicy.SnakeCaseLower.ConvertName(reception.Refusal.ToString()!));
            return;
        }

        if (!webhooks.All.Any(d => d.Wants(ExternalActionEvents.Type)))
        {
            // Nobody would ever hear of it: the person is told so now.
            NoWebhookForDecision(action.ApprovalCode, ExternalActionEvents.Type);
            await SayNotNowAsync(http, "no_webhook");
            return;
        }

        var now = clock.GetUtcNow();
        using var activity = Correlation.Receive("webhook", now - clock.GetElapsedTime(started), http.Request.Headers.TraceParent);
        var inbound = ExternalActionEvents.From(action, app, now);
        try
        {
            var appended = await inbox.AcceptAsync(inbound, null);
            activity?.Received(appended);
            if (appended.Duplicate) metrics.Duplicate(app);
            else metrics.AcceptedAction(app, inbound.EventType, clock.GetElapsedTime(started));
        }
        catch (StorageUnavailableException e)
        {
            metrics.Unavailable();
            activity?.NotRecorded();
            DecisionNotRecorded(action.ApprovalCode, e);
            await SayNotNowAsync(http, "unavailable");
            return;
        }

        await http.WriteJsonAsync(StatusCodes.Status200OK, static _ => { });
    }

    private async Task SayNotNowAsync(HttpContext http, string reason)
    {
        _refusals.Count(http, StatusCodes.Status503ServiceUnavailable, reason);
        http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(ExternalApprovalReceiver.Refusal(NotNow), http.RequestAborted);
    }

    [LoggerMessage(LogLevel.Warning, "Somebody decided a task of {ApprovalCode} in Feishu, and no webhook wants {EventType}")]
    private partial void NoWebhookForDecision(string approvalCode, string eventType);
    [LoggerMessage(LogLevel.Error, "A decision about {ApprovalCode} was not recorded; the person is asked to try again")]
    private partial void DecisionNotRecorded(string approvalCode, Exception error);
}
