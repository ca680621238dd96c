using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Messages;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Approvals;

/// <summary>Approvals that another system decides and the platform shows: their definitions, their instances, and the check whether both sides agree.</summary>
/// <remarks>Members are the platform's own. An instance is named by its id and ordered by update_time: sent again it is the same, so these calls can be repeated.</remarks>
internal sealed class ExternalEndpoints(ApprovalRelay relay, AuditTrail audit)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Post("definitions", Endpoints.ExternalApprovalCreate, "PutExternalApproval", "Make or change a definition that another system decides", ApiScopes.ApprovalsWrite, "approval_name");
        Post("instances", Endpoints.ExternalInstanceCreate, "PutExternalInstance", "Show an instance, or its newer state", ApiScopes.ApprovalsWrite, "instance_id");
        Post("check", Endpoints.ExternalInstanceCheck, "CheckExternalInstances", "Which instances the platform has in another state than their update_time says", ApiScopes.ApprovalsRead, "instances");
        api.MapGet("/external/definitions/{code}", (string code, [FromQuery, Description("The app, by its configured name")] string? app, ExternalEndpoints on, CancellationToken cancellation) =>
                on.GetAsync(code, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetExternalApproval").WithSummary("A definition that another system decides").Produces<JsonElement>().CallsPlatform();

        void Post(string path, FeishuEndpoint endpoint, string name, string summary, string scope, string needed) =>
            api.MapPost("/external/" + path, (HttpRequest request, ExternalEndpoints on, CancellationToken cancellation) => on.RelayAsync(endpoint, needed, request, cancellation))
                .Needs(scope).WithName(name).WithSummary(summary).Produces<JsonElement>().CallsPlatform().Declines(413, 415);
    }

    private async Task<IResult> RelayAsync(FeishuEndpoint endpoint, string needed, HttpRequest request, CancellationToken cancellation)
    {
        var fields = await RequestJson.ReadAsync(request, ApprovalRelay.LargestBody, cancellation);
        var app = relay.App(fields.Text("app", 64), "/app");
        if (!fields.Has(needed)) throw RequestRefusedException.Malformed("missing", fields.At(needed), $"\"{needed}\" is missing.");
        var body = new JsonObject();
        foreach (var member in fields.Left.ToArray()) body[member] = JsonNode.Parse(fields.Any(member)!.Value.GetRawText());
        var answer = await relay.CallAsync(app, endpoint, body, null, cancellation);
        if (endpoint == Endpoints.ExternalApprovalCreate)
            await audit.AddAsync(Caller.Of(request.HttpContext), "approval.external_put", answer.TryGetProperty("approval_code", out var code) ? code.GetString() : null, cancellation: cancellation);
        return TypedResults.Ok(answer);
    }

    private async Task<IResult> GetAsync(string code, string? app, CancellationToken cancellation) =>
        TypedResults.Ok(await relay.CallAsync(relay.App(app), Endpoints.ExternalApprovalGet, null, r => r.WithPath("approval_code", ApprovalRelay.Id(code, "?code")), cancellation));
}
