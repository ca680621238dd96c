using System.ComponentModel;
using System.Globalization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Approvals;

/// <summary>Payments over REST.</summary>
internal sealed class PaymentEndpoints(PaymentRequests requests, PaymentSteps steps, PaymentStore store, IDatabase database)
{
    private const int PageSize = 50;

    public static void Map(IEndpointRouteBuilder api)
    {
        var payments = api.MapGroup("/payments");
        payments.MapPost("", (Body<CreatePayment> body, PaymentEndpoints on, CancellationToken cancellation) =>
            on.CreateAsync(body, cancellation))
            .Needs(ApiScopes.PaymentsWrite).WithName("CreatePayment").TakesIdempotencyKey().WithSummary("Have a payment approved on the platform")
            .WithDescription("Everything is checked first. With 202 the payment is durable and its approval instance will be made exactly once, however often the call is repeated under one "
                + "Idempotency-Key; each decision is told once by the webhook payment.decided. 409 integration_off, payment_workflow_off, no_approval_code: the workflow is not switched on. "
                + "409 key_in_use: the key was used for another payment.")
            .Produces<PaymentView>(StatusCodes.Status202Accepted).Refuses(400, 403, 404, 409, 413, 415, 422, 429, 502, 503, 504);
        payments.MapGet("", (
                [FromQuery, Description("Only payments in this state")] string? state,
                [FromQuery, Description("Only payments of this number")] string? number,
                [FromQuery, Description("Where the page before ended: its next")] string? cursor,
                [FromQuery, Description("Payments on a page, 1 to 200; default 50")] int? limit,
                KeyGrant caller, PaymentEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, state, number, cursor, limit, cancellation))
            .Needs(ApiScopes.PaymentsRead).WithName("ListPayments").WithSummary("Payments, the newest first").Produces<PaymentListView>().Refuses(400);
        payments.MapGet("/{id}", (string id, KeyGrant caller, PaymentEndpoints on, CancellationToken cancellation) => on.GetAsync(caller, id, cancellation))
            .Needs(ApiScopes.PaymentsRead).WithName("GetPayment").WithSummary("A payment with its time line and the delivery of its webhook").Produces<PaymentView>().Refuses(404);
        payments.MapPost("/{id}/cancel", (string id, HttpContext http, PaymentEndpoints on, CancellationToken cancellation) => on.CancelAsync(id, http, cancellation))
            .Needs(ApiScopes.PaymentsWrite).WithName("CancelPayment").WithSummary("Withdraw a payment in its submitter's name")
            .WithDescription("Queued: the payment is canceled once the platform has withdrawn its instance, and payment.decided tells so. 409 already_decided.")
            .Produces<PaymentView>(StatusCodes.Status202Accepted).Refuses(404, 409, 503);
        payments.MapPost("/{id}/remind", (string id, Body<RemindPayment> body, PaymentEndpoints on, CancellationToken cancellation) =>
                on.RemindAsync(id, body, cancellation))
            .Needs(ApiScopes.PaymentsWrite).WithName("RemindPayment").TakesIdempotencyKey().WithSummary("Remind those whose decision is waited for, by the approval bot")
            .WithDescription("One reminder for each who holds it up; repeated under one Idempotency-Key nobody gets another one.")
            .GoesWithoutBody().Produces<PaymentReminderView>(StatusCodes.Status202Accepted).CallsPlatform();
    }

    private async Task<IResult> CreateAsync(Body<CreatePayment> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var order = PaymentOrder.Of(sent, IdempotencyKey.Read(body.Http.Request, sent.Key), RequestHash.Of(body.Sent));
        var payment = await requests.SubmitAsync(order, Caller.Grant(body.Http), cancellation);
        return TypedResults.Accepted($"/api/v1/payments/{payment.Id}", await ViewAsync(null, payment.Id, cancellation));
    }

    private async Task<IResult> GetAsync(KeyGrant caller, string id, CancellationToken cancellation) => TypedResults.Ok(await ViewAsync(caller, id, cancellation));

    private async Task<IResult> ListAsync(KeyGrant caller, string? state, string? number, string? cursor, int? limit, CancellationToken cancellation)
    {
        if (state is { Length: > 0 } && !PaymentStates.All.Contains(state)) throw RequestRefusedException.Malformed("bad_state", "?state", $"A payment is {string.Join(", ", PaymentStates.All)}.");
        if (limit is < 1 or > PaymentStore.MostOnPage) throw RequestRefusedException.Malformed("bad_limit", "?limit", $"A page has 1 to {PaymentStore.MostOnPage} payments.");
        var (before, beforeId) = CursorOf(cursor);
        var filter = new PaymentFilter(state, number, before, beforeId, (limit ?? PageSize) + 1) { Seen = caller.Readable };
        var found = await database.ReadAsync(sql => store.ListAsync(sql, filter), cancellation);
        var more = found.Count == filter.Limit;
        if (more) found.RemoveAt(found.Count - 1);
        return TypedResults.Ok(new PaymentListView([.. found.Select(PaymentView.Of)], more ? $"{found[^1].CreatedAt.ToUnixTimeMilliseconds()}.{found[^1].Id}" : null));
    }

    private async Task<IResult> CancelAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        await steps.CancelAsync(id, caller, cancellation);
        return TypedResults.Accepted($"/api/v1/payments/{id}", await ViewAsync(caller, id, cancellation));
    }

    private async Task<IResult> RemindAsync(string id, Body<RemindPayment> body, CancellationToken cancellation)
    {
        var sent = await body.ReadIfAnyAsync(cancellation);
        var key = IdempotencyKey.Read(body.Http.Request, sent?.Key);
        var reminded = await steps.RemindAsync(id, sent?.Comment, key, Caller.Grant(body.Http), cancellation);
        return TypedResults.Accepted($"/api/v1/payments/{id}", new PaymentReminderView([.. reminded.Select(p => new PersonView(p, null, null))]));
    }

    /// <param name="caller">Who looks; null: whose request under its own key it was.</param>
    /// <param name="id">The payment.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    private Task<PaymentView> ViewAsync(KeyGrant? caller, string id, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        var payment = await store.FindAsync(sql, id) ?? throw PaymentSteps.Unknown();
        caller?.DemandRead(payment.Owner, payment.App, PaymentSteps.Unknown);
        var lines = await store.LinesAsync(sql, id);
        var names = await PaymentPeople.NamesAsync(sql, payment, lines);
        return PaymentView.Of(payment, lines, await store.DeliveriesAsync(sql, id), names);
    }, cancellation);

    private static (long Before, string BeforeId) CursorOf(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor)) return (long.MaxValue, "");
        return cursor.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var at) && cursor.Length <= 100
            ? (at, cursor[(dot + 1)..])
            : throw RequestRefusedException.Malformed("bad_cursor", "?cursor", "A cursor is the next of the page before.");
    }
}
