using System.ComponentModel;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>The routes of rules and roles.</summary>
internal static class PermissionRoutes
{
    private const string Match = "The version that is meant; another one is 412 changed_meanwhile. Absent: whichever there is";
    private const string Next = "Where the page before ended: its next";
    private const string Page = "On a page, 1 to 200; default 50";

    public static void Map(IEndpointRouteBuilder api)
    {
        var permissions = api.MapGroup("/permissions");
        MapRules(permissions);
        MapRoles(permissions);
        permissions.MapPost("/check", (Body<CheckPermission> body, PermissionEndpoints on, CancellationToken cancellation) =>
            on.CheckAsync(body, cancellation))
            .WithName("CheckPermission").WithSummary("Whether somebody may use a feature, and which rule says so")
            .Produces<PermissionView>().Refuses(400, 413, 415, 422).Needs(ApiScopes.PermissionsRead);
    }

    private static void MapRules(IEndpointRouteBuilder permissions)
    {
        permissions.MapGet("/rules", ([Description(Next)] string? cursor, [Description(Page)] int? limit, PermissionEndpoints on, CancellationToken cancellation) => on.ListRulesAsync(cursor, limit, cancellation))
            .WithName("ListPermissionRules").WithSummary("The rules that say who may use what, and when").Produces<PermissionRulesView>()
            .Refuses(400).Needs(ApiScopes.PermissionsRead);
        permissions.MapGet("/rules/{name}", (string name, PermissionEndpoints on, CancellationToken cancellation) => on.ShowRuleAsync(name, cancellation))
            .WithName("GetPermissionRule").WithSummary("One rule").Produces<PermissionRuleView>()
            .Refuses(404).Needs(ApiScopes.PermissionsRead);
        permissions.MapPost("/rules", (Body<NewPermissionRule> body, PermissionEndpoints on, CancellationToken cancellation) =>
            on.CreateRuleAsync(body, cancellation))
            .WithName("CreatePermissionRule").WithSummary("Add a rule")
            .WithDescription("What forbids wins. A feature that some rule allows is for those alone whom rules allow it; a feature of which no rule speaks is as Larkspur:People:DefaultPermission says. "
                + "In force in this process when it answers, in others a moment later. Audited.")
            .Produces<PermissionRuleView>(StatusCodes.Status201Created)
            .Refuses(400, 409, 413, 415, 422).Needs(ApiScopes.PermissionsWrite);
        permissions.MapPut("/rules/{name}", (string name, [FromHeader(Name = "If-Match")][Description(Match)] string? ifMatch,
                Body<PutPermissionRule> body, PermissionEndpoints on, CancellationToken cancellation) =>
                on.ReplaceRuleAsync(name, ifMatch, body, cancellation))
            .WithName("PutPermissionRule").WithSummary("Replace a rule").Produces<PermissionRuleView>()
            .Refuses(400, 404, 412, 413, 415, 422).Needs(ApiScopes.PermissionsWrite);
        permissions.MapDelete("/rules/{name}", (string name, [FromHeader(Name = "If-Match")][Description(Match)] string? ifMatch, HttpContext http, PermissionEndpoints on, CancellationToken cancellation) =>
                on.DeleteRuleAsync(name, ifMatch, http, cancellation))
            .WithName("DeletePermissionRule").WithSummary("Forget a rule").Produces(StatusCodes.Status204NoContent)
            .Refuses(400, 404, 412).Needs(ApiScopes.PermissionsWrite);
    }

    private static void MapRoles(IEndpointRouteBuilder permissions)
    {
        permissions.MapGet("/roles", ([Description(Next)] string? cursor, [Description(Page)] int? limit, PermissionEndpoints on, CancellationToken cancellation) => on.ListRolesAsync(cursor, limit, cancellation))
            .WithName("ListPermissionRoles").WithSummary("Roles: people under one name, for rules").Produces<PermissionRolesView>()
            .Refuses(400).Needs(ApiScopes.PermissionsRead);
        permissions.MapGet("/roles/{name}", (string name, PermissionEndpoints on, CancellationToken cancellation) => on.ShowRoleAsync(name, cancellation))
            .WithName("GetPermissionRole").WithSummary("One role").Produces<PermissionRoleView>()
            .Refuses(404).Needs(ApiScopes.PermissionsRead);
        permissions.MapPut("/roles/{name}", (string name, [FromHeader(Name = "If-Match")][Description(Match)] string? ifMatch,
                Body<PutPermissionRole> body, PermissionEndpoints on, CancellationToken cancellation) =>
                on.PutRoleAsync(name, ifMatch, body, cancellation))
            .WithName("PutPermissionRole").WithSummary("Define a role, or say anew who has it").Produces<PermissionRoleView>()
            .Refuses(400, 412, 413, 415, 422).Needs(ApiScopes.PermissionsWrite);
        permissions.MapDelete("/roles/{name}", (string name, [FromHeader(Name = "If-Match")][Description(Match)] string? ifMatch, HttpContext http, PermissionEndpoints on, CancellationToken cancellation) =>
                on.DeleteRoleAsync(name, ifMatch, http, cancellation))
            .WithName("DeletePermissionRole").WithSummary("Forget a role; 409 role_in_use: a rule names it").Produces(StatusCodes.Status204NoContent).Refuses(400, 404, 409, 412).Needs(ApiScopes.PermissionsWrite);
    }
}
