using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Settings;
using Microsoft.AspNetCore.Mvc;
using Task = System.Threading.Tasks.Task;

namespace Larkspur.Gateway.Approvals;

/// <summary>Approvals that another system decides and the platform shows: their definitions, their instances, and the check whether both sides agree.</summary>
/// <remarks>Members are the platform's own. An instance is named by its id and ordered by update_time: sent again it is the same, so these calls can be repeated.</remarks>
internal sealed class ExternalEndpoints(ApprovalRelay relay, ExternalActionSettings actions, ISettings settings, OwnedObjects objects, AuditTrail audit)
{
    public static void Map(IEndpointRouteBuilder api)
    {
        Post("definitions", Endpoints.ExternalApprovalCreate, "PutExternalApproval", "Make or change a definition that another system decides; quick_approval: true has decisions made in the platform sent to this gateway", ApiScopes.ApprovalsWrite, "approval_name");
        Post("instances", Endpoints.ExternalInstanceCreate, "PutExternalInstance", "Show an instance, or its newer state", ApiScopes.ApprovalsWrite, "instance_id");
        Post("check", Endpoints.ExternalInstanceCheck, "CheckExternalInstances", "Which instances the platform has in another state than their update_time says", ApiScopes.ApprovalsRead, "instances");
        api.MapGet("/external/definitions/{code}", (string code, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, ExternalEndpoints on, CancellationToken cancellation) =>
                on.GetAsync(caller, code, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetExternalApproval").WithSummary("A definition that another system decides").Produces<JsonElement>().CallsPlatform();

        void Post(string path, FeishuEndpoint endpoint, string name, string summary, string scope, string needed) =>
            api.MapPost("/external/" + path, (HttpRequest request, ExternalEndpoints on, CancellationToken cancellation) => on.RelayAsync(endpoint, needed, request, cancellation))
                .Needs(scope).WithName(name).WithSummary(summary).Takes<JsonElement>().Produces<JsonElement>().CallsPlatform().Refuses(413, 415);
    }

    private async Task<IResult> RelayAsync(FeishuEndpoint endpoint, string needed, HttpRequest request, CancellationToken cancellation)
    {
        var fields = await RequestJson.ReadAsync(request, ApprovalRelay.LargestBody, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var app = relay.App(caller, fields.Text("app", 64), "/app");
        if (!fields.Has(needed)) throw RequestRefusedException.Malformed("missing", fields.At(needed), $"\"{needed}\" is missing.");
        var quick = endpoint == Endpoints.ExternalApprovalCreate && fields.Truth("quick_approval") == true;
        var body = new JsonObject();
        foreach (var member in fields.Left.ToArray()) body[member] = JsonNode.Parse(fields.Any(member)!.Value.GetRawText());
        if (Text(body, "approval_code") is { } named) body["approval_code"] = ApprovalRelay.Id(named, "/approval_code");
        await DemandAsync(caller, app, endpoint, body, cancellation);
        await TakeAsync(caller, app, endpoint, body, cancellation);
        if (quick) AddCallback(body, app);
        var answer = await relay.CallAsync(app, endpoint, body, null, cancellation);
        if (endpoint == Endpoints.ExternalApprovalCreate)
        {
            var code = answer.TryGetProperty("approval_code", out var made) ? made.GetString() : null;
            if (code is { Length: > 0 }) await objects.TakeAsync(caller, app.Name, OwnedObjects.ExternalDefinition, code, cancellation);
            await audit.AddAsync(caller.Who, "approval.external_put", code, cancellation: cancellation);
        }

        return TypedResults.Ok(Shown(answer));
    }

    /// <summary>
    /// The platform gives a definition back with what proves its callbacks. With a quick approval that is this gateway's own, and whoever
    /// had it could send decisions in anybody's name.
    /// </summary>
    private static JsonNode? Shown(JsonElement answer)
    {
        var shown = JsonNode.Parse(answer.GetRawText());
        if (shown?["external"] is JsonObject external)
        {
            external.Remove("action_callback_token");
            external.Remove("action_callback_key");
        }

        return shown;
    }

    /// <summary>
    /// A definition that is there is changed by its maker, its instances are shown by the maker of theirs, and of instances the state is told to who showed them. What the
    /// gateway does not know may be on the platform all the same: it is asked.
    /// </summary>
    private async Task DemandAsync(KeyGrant caller, FeishuApp app, FeishuEndpoint endpoint, JsonObject body, CancellationToken cancellation)
    {
        if (caller.ChangesAll) return;
        if (endpoint == Endpoints.ExternalInstanceCheck)
        {
            if (caller.ReadsAll) return;
            string[] ids = [.. (body["instances"] as JsonArray ?? []).Select(i => Text(i, "instance_id")).OfType<string>().Distinct(StringComparer.Ordinal)];
            var owners = await objects.OwnersOfAsync(app.Name, OwnedObjects.ExternalInstance, ids, cancellation);
            if (ids.Any(id => !owners.TryGetValue(id, out var of) || !caller.MayRead(of))) throw ApprovalRelay.UnknownInstance();
            return;
        }

        var code = Text(body, "approval_code");
        if (code is null && endpoint == Endpoints.ExternalApprovalCreate) return;
        var owner = code is null ? null : await objects.OwnerOfAsync(app.Name, OwnedObjects.ExternalDefinition, code, cancellation);
        if (endpoint == Endpoints.ExternalApprovalCreate)
        {
            if (owner is null && !await IsThereAsync(app, code!, cancellation)) return;
            if (!caller.MayChange(owner)) throw KeyGrant.NotMine();
            return;
        }

        if (!caller.MayChange(owner)) throw KeyGrant.NotMine();
        if (Text(body, "instance_id") is { } instance && await objects.OwnerOfAsync(app.Name, OwnedObjects.ExternalInstance, instance, cancellation) is { } shownBy && !caller.MayChange(shownBy)) throw KeyGrant.NotMine();
    }

    /// <summary>
    /// Before the call, so that of two who name the same thing at one moment the second is refused. A definition is known by its maker's
    /// own word for it as well as by the platform's code: the platform takes either for a change.
    /// </summary>
    private async Task TakeAsync(KeyGrant caller, FeishuApp app, FeishuEndpoint endpoint, JsonObject body, CancellationToken cancellation)
    {
        var (kind, id) = endpoint == Endpoints.ExternalApprovalCreate ? (OwnedObjects.ExternalDefinition, Text(body, "approval_code"))
            : endpoint == Endpoints.ExternalInstanceCreate ? (OwnedObjects.ExternalInstance, Text(body, "instance_id")) : default;
        if (id is not { Length: > 0 }) return;
        if (!caller.MayChange(await objects.TakeAsync(caller, app.Name, kind, id, cancellation))) throw KeyGrant.NotMine();
    }

    private async Task<bool> IsThereAsync(FeishuApp app, string code, CancellationToken cancellation)
    {
        try
        {
            await relay.CallAsync(app, Endpoints.ExternalApprovalGet, null, r => r.WithPath("approval_code", ApprovalRelay.Id(code, "/approval_code")), cancellation);
            return true;
        }
        catch (FeishuApiException e) when (DefinitionCache.IsUnknown(e))
        {
            // Every other refusal says nothing of whose it is.
            return false;
        }
    }

    private static string? Text(JsonNode? of, string name) => of is JsonObject fields && fields[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>Decisions made in the platform come to this gateway; the business system needs to know neither token nor key.</summary>
    private void AddCallback(JsonObject body, FeishuApp app)
    {
        if (body["external"] is not JsonObject external) throw RequestRefusedException.Malformed("missing", "/external", "\"external\" is missing: a definition says where one asks.");
        if (actions.Now is not { } now) throw Unset(ExternalActionSettings.TokenSetting);
        var root = settings.Now.Text(FeishuIntegration.CallbackDomain) ?? throw Unset(FeishuIntegration.CallbackDomain);
        external["action_callback_url"] = new Uri(new Uri(root), $"/webhook/feishu/{app.Name}/{ExternalActionSettings.Path}").AbsoluteUri;
        external["action_callback_token"] = now.Token;
        external["action_callback_key"] = now.Key;
        external["enable_quick_operate"] = true;
        if (now.Key is null) external.Remove("action_callback_key");

        static RequestRefusedException Unset(string setting) => new(StatusCodes.Status409Conflict, "approval_actions_off", "/quick_approval", $"Quick approvals need the setting {setting}.");
    }

    private async Task<IResult> GetAsync(KeyGrant caller, string code, string? app, CancellationToken cancellation) =>
        TypedResults.Ok(Shown(await relay.CallAsync(relay.App(caller, app), Endpoints.ExternalApprovalGet, null,
            r => r.WithPath("approval_code", ApprovalRelay.Id(code, "?code")), cancellation)));
}
