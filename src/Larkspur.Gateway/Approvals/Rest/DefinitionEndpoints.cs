using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Approvals;

/// <summary>The platform's approval definitions over REST.</summary>
internal sealed class DefinitionEndpoints(ApprovalRelay relay, DefinitionCache definitions, ApprovalCodeStore codes, OwnedObjects objects, AuditTrail audit, IDatabase database, TimeProvider clock)
{
    private static readonly string[] PlatformMembers =
        ["approval_name", "description", "viewers", "node_list", "settings", "config", "icon", "i18n_resources", "process_manager_ids"];

    /// <summary>A definition.</summary>
    /// <param name="ApprovalCode">Its code.</param>
    /// <param name="Name">As people see it.</param>
    /// <param name="State">active, inactive, deleted, unknown.</param>
    /// <param name="Form">Its controls.</param>
    /// <param name="Nodes">Its steps.</param>
    internal sealed record DefinitionView(string ApprovalCode, string Name, string State, IReadOnlyList<ControlView> Form, IReadOnlyList<NodeView> Nodes);

    /// <summary>A control of a form.</summary>
    /// <param name="Id">The platform's id.</param>
    /// <param name="CustomId">The author's id, if there is one.</param>
    /// <param name="Name">As people see it.</param>
    /// <param name="Type">The platform's word.</param>
    /// <param name="Required">It must be given.</param>
    /// <param name="Submittable">A value can be given over the API.</param>
    /// <param name="Options">What can be chosen.</param>
    /// <param name="Currencies">Of an amount.</param>
    /// <param name="Children">Of a table or group.</param>
    internal sealed record ControlView(string Id, string? CustomId, string Name, string Type, bool Required, bool Submittable, IReadOnlyList<OptionView> Options, IReadOnlyList<string> Currencies,
        IReadOnlyList<ControlView> Children);

    /// <summary>An option.</summary>
    internal sealed record OptionView(string Key, string Text);

    /// <summary>A step.</summary>
    /// <param name="Id">The platform's id.</param>
    /// <param name="CustomId">The author's id, if there is one.</param>
    /// <param name="Name">As people see it.</param>
    /// <param name="Type">AND, OR, SEQUENTIAL, CC_NODE.</param>
    /// <param name="NeedsApprover">Who asks names who decides.</param>
    /// <param name="MayNameSeveral">More than one.</param>
    internal sealed record NodeView(string Id, string? CustomId, string Name, string Type, bool NeedsApprover, bool MayNameSeveral);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/definitions/{code}", (string code, [FromQuery, Description("The app, by its configured name")] string? app, KeyGrant caller, DefinitionEndpoints on, CancellationToken cancellation) =>
                on.GetAsync(caller, code, app, cancellation))
            .Needs(ApiScopes.ApprovalsRead).WithName("GetApprovalDefinition").WithSummary("A definition with its form and its steps")
            .WithDescription("Read from the platform and kept for a few minutes; its change is heard of at once. 422 unknown_approval_code.").Produces<DefinitionView>().CallsPlatform();
        api.MapPost("/definitions", (HttpRequest request, DefinitionEndpoints on, CancellationToken cancellation) => on.CreateAsync(null, request, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("CreateApprovalDefinition").WithSummary("Make a definition")
            .WithDescription("Members as the platform names them (approval_name, viewers, node_list, i18n_resources…); form is the list of controls. A definition that was made over the API cannot be "
                + "removed over it; the platform advises to make definitions in its console.")
            .Takes<JsonElement>().Produces<JsonElement>(StatusCodes.Status201Created).CallsPlatform().Refuses(413, 415);
        api.MapPut("/definitions/{code}", (string code, HttpRequest request, DefinitionEndpoints on, CancellationToken cancellation) => on.CreateAsync(code, request, cancellation))
            .Needs(ApiScopes.ApprovalsWrite).WithName("ReplaceApprovalDefinition").WithSummary("Replace a definition as a whole")
            .Takes<JsonElement>().Produces<JsonElement>().CallsPlatform().Refuses(413, 415);
    }

    private async Task<IResult> GetAsync(KeyGrant caller, string code, string? app, CancellationToken cancellation) =>
        TypedResults.Ok(View(await definitions.GetAsync(relay.App(caller, app), ApprovalRelay.Id(code, "?code"), null, cancellation)));

    private async Task<IResult> CreateAsync(string? code, HttpRequest request, CancellationToken cancellation)
    {
        var fields = await RequestJson.ReadAsync(request, ApprovalRelay.LargestBody, cancellation);
        var caller = Caller.Grant(request.HttpContext);
        var app = relay.App(caller, fields.Text("app", 64), "/app");
        // People fill these forms in, whoever made them: another's is seen by all, and replaced by its maker.
        if (code is not null && !caller.MayChange(await objects.OwnerOfAsync(app.Name, OwnedObjects.Definition, code, cancellation))) throw KeyGrant.NotMine();
        var body = new JsonObject();
        var form = fields.Any("form") is { ValueKind: JsonValueKind.Array } controls ? controls
            : throw RequestRefusedException.Malformed("wrong_type", fields.At("form"), "\"form\" must be the list of the form's controls.");
        body["form"] = new JsonObject { ["form_content"] = form.GetRawText() };
        foreach (var member in PlatformMembers)
        {
            if (fields.Any(member) is { } value) body[member] = JsonNode.Parse(value.GetRawText());
        }

        fields.End();
        if (code is not null) body["approval_code"] = ApprovalRelay.Id(code, "?code");
        var made = await relay.CallAsync(app, Endpoints.ApprovalCreate, body, r => r.WithQuery("user_id_type", "open_id").WithQuery("department_id_type", "open_department_id"), cancellation);
        var known = made.TryGetProperty("approval_code", out var given) ? given.GetString() : code;
        await database.TransactAsync(async unit =>
        {
            await objects.AddAsync(unit, caller, app.Name, OwnedObjects.Definition, known);
            await audit.AddAsync(unit, caller.Who, code is null ? "approval.created" : "approval.replaced", known);
            if (known is not null) await codes.DefinitionChangedAsync(unit, app.Name, known, clock.GetUtcNow());
        }, cancellation);
        return code is null ? TypedResults.Created($"/api/v1/approvals/definitions/{known}", made) : TypedResults.Ok(made);
    }

    private static DefinitionView View(ApprovalDefinition definition) => new(definition.ApprovalCode, definition.Name, definition.State.ToString().ToLowerInvariant(),
        [.. definition.Controls.Select(View)], [.. definition.Nodes.Select(n => new NodeView(n.Id, n.CustomId, n.Name, n.Type, n.NeedsApprover, n.MayNameSeveral))]);

    private static ControlView View(ApprovalControl control) => new(control.Id, control.CustomId, control.Name, control.Type, control.Required, control.CanBeSubmitted,
        [.. control.Options.Select(o => new OptionView(o.Key, o.Text))], control.Currencies, [.. control.Children.Select(View)]);
}
