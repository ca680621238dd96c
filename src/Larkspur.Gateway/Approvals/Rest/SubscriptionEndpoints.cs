using System.ComponentModel;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Mvc;
using ApprovalFiles = Larkspur.Feishu.Api.ApprovalOpenapi.V2;

namespace Larkspur.Gateway.Approvals;

/// <summary>Whether the platform sends the events of an approval code, and files for forms.</summary>
internal sealed class SubscriptionEndpoints(ApprovalRelay relay, PlatformCalls calls, ApprovalCodeStore codes, PaymentWorkflow workflow, OwnedObjects objects, UploadPlaces places, AuditTrail audit, IDatabase database, TimeProvider clock)
{
    private const long LargestFile = 50L << 20;
    private const long LargestImage = 10L << 20;

    /// <summary>A subscription.</summary>
    /// <param name="ApprovalCode">Of which code.</param>
    /// <param name="App">To which app the events come.</param>
    /// <param name="State">none, wanted, active, refused, removed: as the gateway last found it.</param>
    /// <param name="Reason">Why not.</param>
    /// <param name="Attempts">Failed ones in a row.</param>
    /// <param name="ChangedAt">When that was found.</param>
    /// <param name="NextAttemptAt">When the gateway tries, or makes sure, next; null: it is not the payments' code.</param>
    internal sealed record SubscriptionView(string ApprovalCode, string App, string State, string? Reason, long Attempts, DateTimeOffset? ChangedAt, DateTimeOffset? NextAttemptAt);

    /// <summary>A file for a form.</summary>
    /// <param name="Code">What stands in the form.</param>
    /// <param name="Url">Where the platform has it.</param>
    internal sealed record FileView(string? Code, string? Url);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/{code}/subscription", (string code, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, SubscriptionEndpoints on, CancellationToken cancellation) =>
                on.GetAsync(caller, code, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetApprovalSubscription").WithSummary("Whether the events of an approval code come").Produces<SubscriptionView>().Refuses(400, 404);
        api.MapPut("/{code}/subscription", (string code, [FromQuery, Description("The app, by its configured name")] string? app, HttpContext http, SubscriptionEndpoints on, CancellationToken cancellation) =>
                on.SetAsync(code, app, true, http, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("SubscribeApproval").WithSummary("Have the events of an approval code sent").Produces<SubscriptionView>().CallsPlatform();
        api.MapDelete("/{code}/subscription", (string code, [FromQuery, Description("The app, by its configured name")] string? app, HttpContext http, SubscriptionEndpoints on, CancellationToken cancellation) =>
                on.SetAsync(code, app, false, http, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("UnsubscribeApproval").WithSummary("Have them sent no more")
            .WithDescription("409 in_use: the payment workflow needs them.").Produces<SubscriptionView>().CallsPlatform();
        api.MapPost("/files", (HttpRequest request, SubscriptionEndpoints on, CancellationToken cancellation) => on.UploadAsync(request, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("UploadApprovalFile").WithSummary("Upload a file for a form")
            .WithDescription("As the raw body with file_name in the address, or as the part file of a multipart/form-data. type: attachment (default, up to 50 MB) or image (up to 10 MB).")
            .WithMetadata(new RequestSizeLimitAttribute(LargestFile + (1 << 20))).Produces<FileView>(StatusCodes.Status201Created).CallsPlatform().Refuses(413)
            .TakesFile("file", ("file_name", "As people see it; needed with a raw body"), ("type", "attachment (default) or image"),
                ("app", "The app, by its configured name"));
    }

    private async Task<IResult> GetAsync(KeyGrant caller, string code, string? app, CancellationToken cancellation)
    {
        var configured = relay.App(caller, app);
        var row = await database.ReadAsync(sql => codes.SubscriptionAsync(sql, configured.Name, ApprovalRelay.Id(code, "?code")), cancellation);
        return TypedResults.Ok(View(code, configured, row));
    }

    private async Task<IResult> SetAsync(string code, string? app, bool wanted, HttpContext http, CancellationToken cancellation)
    {
        var caller = Caller.Grant(http);
        var configured = relay.App(caller, app);
        code = ApprovalRelay.Id(code, "?code");
        // Others may wait for these events: who alone asked for them ends them. Of several nobody does, but an administrator's key.
        if (!wanted && !caller.MayChange(await objects.OwnerOfAsync(configured.Name, OwnedObjects.Subscription, code, cancellation))) throw KeyGrant.NotMine();
        var before = wanted ? await database.ReadAsync(sql => codes.SubscriptionAsync(sql, configured.Name, code), cancellation) : null;
        if (!wanted && workflow.Target == (configured.Name, code))
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "in_use", null, "The payment workflow needs the events of this code: switch it off first.");
        var definitions = configured.Client.Approvals.Definitions;
        if (wanted) await definitions.SubscribeAsync(code, calls.Call(configured, Endpoints.ApprovalSubscribe), cancellation);
        else await definitions.UnsubscribeAsync(code, calls.Call(configured, Endpoints.ApprovalUnsubscribe), cancellation);
        var row = new SubscriptionRow(wanted ? SubscriptionRow.Active : SubscriptionRow.Removed, null, 0, clock.GetUtcNow(), null);
        await database.TransactAsync(async unit =>
        {
            await codes.SubscribedAsync(unit, configured.Name, code, row);
            if (!wanted) await OwnedObjects.RemoveAsync(unit, configured.Name, OwnedObjects.Subscription, code);
            else if (before is not { State: SubscriptionRow.Active }) await objects.AddAsync(unit, caller, configured.Name, OwnedObjects.Subscription, code);
            else await OwnedObjects.ShareAsync(unit, configured.Name, OwnedObjects.Subscription, code, caller.Owner);
            await audit.AddAsync(unit, caller.Who, wanted ? "approval.subscribed" : "approval.unsubscribed", code);
        }, cancellation);
        return TypedResults.Ok(View(code, configured, row));
    }

    private Task<IResult> UploadAsync(HttpRequest request, CancellationToken cancellation) =>
        places.RunAsync(Caller.Grant(request.HttpContext).Owner, end => InPlaceAsync(request, end), cancellation);

    private async Task<IResult> InPlaceAsync(HttpRequest request, CancellationToken cancellation)
    {
        await using var upload = await UploadRequest.ReadAsync(request, "file", ["file_name", "type", "app"], LargestFile, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var app = relay.App(caller, upload.Field("app"), "/app");
        var name = FileAnswer.NameOf(upload.Field("file_name") ?? upload.File.Name ?? throw RequestRefusedException.Malformed("missing", "/file_name", "The file has no name: give file_name."));
        var type = upload.Field("type") ?? "attachment";
        if (type is not ("attachment" or "image")) throw RequestRefusedException.Impossible("bad_type", "/type", "type is attachment or image.");
        if (type == "image" && upload.File.Content.Length > LargestImage) throw SpooledFile.TooLarge(LargestImage);
        var made = await app.Client.ApprovalOpenapi.V2.File.UploadAsync(new() { Name = name, Type = type, Content = new(upload.File.Content, name) }, calls.Call(app, ApprovalFiles.Endpoints.FileUpload, upload: true), cancellation);
        return TypedResults.Created((string?)null, new FileView(made.Code, made.Url));
    }

    private static SubscriptionView View(string code, FeishuApp app, SubscriptionRow? row) =>
        new(code, app.Name, row?.State ?? SubscriptionRow.None, row?.Reason, row?.Attempts ?? 0, row?.ChangedAt, row?.NextAt);
}
