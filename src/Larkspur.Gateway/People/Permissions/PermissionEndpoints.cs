using System.Globalization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>Rules and roles over REST.</summary>
internal sealed class PermissionEndpoints(PermissionStore store, IPermissions permissions, IIdentities identities, TimeProvider clock)
{
    private const int MostOnPage = 200;
    private const int NormalPage = 50;

    public async Task<IResult> ListRulesAsync(string? cursor, int? limit, CancellationToken cancellation)
    {
        var (items, next) = Page((await store.LookAsync(cancellation)).Rules, r => r.Name, cursor, limit);
        return TypedResults.Ok(new PermissionRulesView([.. items.Select(PermissionRuleView.Of)], next));
    }

    public async Task<IResult> ShowRuleAsync(string name, CancellationToken cancellation) =>
        TypedResults.Ok(PermissionRuleView.Of((await store.LookAsync(cancellation)).Rules.FirstOrDefault(r => r.Name == name)
            ?? throw NoRule()));

    public async Task<IResult> CreateRuleAsync(Body<NewPermissionRule> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var rule = RuleReader.Read(RuleReader.Name(sent.Name, "/name"), sent);
        var kept = (await store.SaveAsync(Caller.Of(body.Http), rule, isNew: true, null, cancellation))!;
        return TypedResults.Created($"/api/v1/permissions/rules/{Uri.EscapeDataString(kept.Name)}", PermissionRuleView.Of(kept));
    }

    public async Task<IResult> ReplaceRuleAsync(string name, string? ifMatch, Body<PutPermissionRule> body, CancellationToken cancellation)
    {
        var rule = RuleReader.Read(name, await body.ReadAsync(cancellation));
        return TypedResults.Ok(PermissionRuleView.Of(
            await store.SaveAsync(Caller.Of(body.Http), rule, isNew: false, Version(ifMatch), cancellation) ?? throw NoRule()));
    }

    public async Task<IResult> DeleteRuleAsync(string name, string? ifMatch, HttpContext http, CancellationToken cancellation) =>
        await store.DeleteAsync(Caller.Of(http), name, Version(ifMatch), cancellation) ? TypedResults.NoContent() : throw NoRule();

    public async Task<IResult> ListRolesAsync(string? cursor, int? limit, CancellationToken cancellation)
    {
        var (items, next) = Page((await store.LookAsync(cancellation)).Roles, r => r.Name, cursor, limit);
        return TypedResults.Ok(new PermissionRolesView([.. items.Select(PermissionRoleView.Of)], next));
    }

    public async Task<IResult> ShowRoleAsync(string name, CancellationToken cancellation) =>
        TypedResults.Ok(PermissionRoleView.Of((await store.LookAsync(cancellation)).Roles.FirstOrDefault(r => r.Name == name)
            ?? throw NoRole()));

    public async Task<IResult> PutRoleAsync(string name, string? ifMatch, Body<PutPermissionRole> body, CancellationToken cancellation)
    {
        RuleReader.Name(name, "/{name}");
        var people = (await body.ReadAsync(cancellation)).People;
        for (var i = 0; i < people.Count; i++)
            if (!KnownPerson.IsId(people[i])) throw RequestRefusedException.Impossible("bad_id", $"/people/{i}", "A person's id is pe_ and 32 hex digits.");
        return TypedResults.Ok(PermissionRoleView.Of(
            await store.SaveRoleAsync(Caller.Of(body.Http), name, people, Version(ifMatch), cancellation)));
    }

    public async Task<IResult> DeleteRoleAsync(string name, string? ifMatch, HttpContext http, CancellationToken cancellation) =>
        await store.DeleteRoleAsync(Caller.Of(http), name, Version(ifMatch), cancellation) ? TypedResults.NoContent() : throw NoRole();

    public async Task<IResult> CheckAsync(Body<CheckPermission> body, CancellationToken cancellation)
    {
        var asked = await body.ReadAsync(cancellation);
        var context = new PermissionContext(
            asked.Platform, asked.App ?? AppNames.Default, asked.Departments ?? [], asked.At ?? clock.GetUtcNow());
        await store.LookAsync(cancellation);
        var person = await identities.FindAsync(asked.Person, cancellation)
            ?? throw RequestRefusedException.Impossible("no_such_person", "/person", "Nobody has this id.");
        var answer = await permissions.CheckAsync(asked.Feature, person, context, cancellation);
        return TypedResults.Ok(new PermissionView(answer.IsAllowed, answer.Rule, answer.Reason));
    }

    private static (IEnumerable<T> Items, string? Next) Page<T>(IReadOnlyList<T> all, Func<T, string> name, string? cursor, int? limit)
    {
        if (limit is < 1 or > MostOnPage) throw RequestRefusedException.Malformed("bad_limit", "?limit", $"From 1 to {MostOnPage}.");
        var size = limit ?? NormalPage;
        var left = all.Where(item => cursor is not { Length: > 0 } || string.CompareOrdinal(name(item), cursor) > 0).ToList();
        return (left.Take(size), left.Count > size ? name(left[size - 1]) : null);
    }

    /// <summary>A version, in quotation marks or not; null: any.</summary>
    private static long? Version(string? ifMatch) => ifMatch is null or "" or "*" ? null
        : long.TryParse(ifMatch.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version
        : throw RequestRefusedException.Malformed("bad_version", null, "If-Match takes the version that an answer gave, like \"12\".");

    private static RequestRefusedException NoRule() => new(StatusCodes.Status404NotFound, "not_found", "/{name}", "There is no rule of this name.");

    private static RequestRefusedException NoRole() => new(StatusCodes.Status404NotFound, "not_found", "/{name}", "There is no role of this name.");
}
