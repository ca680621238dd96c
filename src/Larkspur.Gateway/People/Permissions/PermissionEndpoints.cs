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
    private const int LargestBody = 256 << 10;
    private const int MostOnPage = 200;
    private const int NormalPage = 50;
    private const int MostPeople = 1000;
    private const int MostPlaces = 500;

    public async Task<IResult> ListRulesAsync(string? cursor, int? limit, CancellationToken cancellation)
    {
        var (items, next) = Page((await store.LookAsync(cancellation)).Rules, r => r.Name, cursor, limit);
        return TypedResults.Ok(new PermissionRulesView([.. items.Select(PermissionRuleView.Of)], next));
    }

    public async Task<IResult> ShowRuleAsync(string name, CancellationToken cancellation) =>
        TypedResults.Ok(PermissionRuleView.Of((await store.LookAsync(cancellation)).Rules.FirstOrDefault(r => r.Name == name) ?? throw NoRule()));

    public async Task<IResult> CreateRuleAsync(HttpContext http, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(http.Request, LargestBody, cancellation);
        var rule = RuleReader.Read(RuleReader.Name(body.Need("name", body.Text("name")), body.At("name")), body);
        var kept = (await store.SaveAsync(Caller.Of(http), rule, isNew: true, null, cancellation))!;
        return TypedResults.Created($"/api/v1/permissions/rules/{Uri.EscapeDataString(kept.Name)}", PermissionRuleView.Of(kept));
    }

    public async Task<IResult> ReplaceRuleAsync(string name, string? ifMatch, HttpContext http, CancellationToken cancellation)
    {
        var rule = RuleReader.Read(name, await RequestJson.ReadAsync(http.Request, LargestBody, cancellation));
        return TypedResults.Ok(PermissionRuleView.Of(await store.SaveAsync(Caller.Of(http), rule, isNew: false, Version(ifMatch), cancellation) ?? throw NoRule()));
    }

    public async Task<IResult> DeleteRuleAsync(string name, string? ifMatch, HttpContext http, CancellationToken cancellation) =>
        await store.DeleteAsync(Caller.Of(http), name, Version(ifMatch), cancellation) ? TypedResults.NoContent() : throw NoRule();

    public async Task<IResult> ListRolesAsync(string? cursor, int? limit, CancellationToken cancellation)
    {
        var (items, next) = Page((await store.LookAsync(cancellation)).Roles, r => r.Name, cursor, limit);
        return TypedResults.Ok(new PermissionRolesView([.. items.Select(PermissionRoleView.Of)], next));
    }

    public async Task<IResult> ShowRoleAsync(string name, CancellationToken cancellation) =>
        TypedResults.Ok(PermissionRoleView.Of((await store.LookAsync(cancellation)).Roles.FirstOrDefault(r => r.Name == name) ?? throw NoRole()));

    public async Task<IResult> PutRoleAsync(string name, string? ifMatch, HttpContext http, CancellationToken cancellation)
    {
        RuleReader.Name(name, "/{name}");
        var body = await RequestJson.ReadAsync(http.Request, LargestBody, cancellation);
        var people = body.Need("people", body.Texts("people", MostPeople, 64));
        body.End();
        for (var i = 0; i < people.Count; i++)
            if (!KnownPerson.IsId(people[i])) throw RequestRefusedException.Impossible("bad_id", $"/people/{i}", "A person's id is pe_ and 32 hex digits.");
        return TypedResults.Ok(PermissionRoleView.Of(await store.SaveRoleAsync(Caller.Of(http), name, people, Version(ifMatch), cancellation)));
    }

    public async Task<IResult> DeleteRoleAsync(string name, string? ifMatch, HttpContext http, CancellationToken cancellation) =>
        await store.DeleteRoleAsync(Caller.Of(http), name, Version(ifMatch), cancellation) ? TypedResults.NoContent() : throw NoRole();

    public async Task<IResult> CheckAsync(HttpContext http, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(http.Request, LargestBody, cancellation);
        var feature = body.Need("feature", body.Text("feature", 80));
        var id = body.Need("person", body.Text("person", 64));
        var context = new PermissionContext(body.Need("platform", body.Text("platform", 32)), body.Text("app", 64) ?? AppNames.Default,
            body.Texts("departments", MostPlaces) ?? [], Time(body, "at") ?? clock.GetUtcNow());
        body.End();
        await store.LookAsync(cancellation);
        var person = await identities.FindAsync(id, cancellation) ?? throw RequestRefusedException.Impossible("no_such_person", "/person", "Nobody has this id.");
        var answer = await permissions.CheckAsync(feature, person, context, cancellation);
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

    private static DateTimeOffset? Time(JsonFields body, string name) => body.Text(name, 40) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : throw RequestRefusedException.Malformed("bad_time", body.At(name), "A time is written in ISO 8601, like 2027-01-31T00:00:00Z.");

    private static RequestRefusedException NoRule() => new(StatusCodes.Status404NotFound, "not_found", "/{name}", "There is no rule of this name.");

    private static RequestRefusedException NoRole() => new(StatusCodes.Status404NotFound, "not_found", "/{name}", "There is no role of this name.");
}
