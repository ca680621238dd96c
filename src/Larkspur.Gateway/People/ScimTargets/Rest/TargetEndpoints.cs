using System.Text.RegularExpressions;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Mapping;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.People.ScimTargets.Rest;

/// <summary>SCIM targets over REST, and for the console under the same rules.</summary>
internal sealed partial class TargetEndpoints(TargetStore store, TargetDifference differences, ConfiguredWebhooks settings,
    IDatabase database)
{
    private const int MostFailures = 50;
    private const int LongestToken = 4096;

    private const string NameRule =
        "A name has lower-case letters, digits, '-' and '_', begins with a letter or digit, and has at most 40 characters.";

    private static readonly string[] GroupKinds = [TargetRow.Departments, TargetRow.NoGroups];

    public static void Map(IEndpointRouteBuilder api)
    {
        var targets = api.MapGroup("/scim-targets");
        targets.MapGet("", (KeyGrant caller, TargetEndpoints on, CancellationToken cancellation) => on.ListAsync(caller, cancellation))
            .WithName("ListScimTargets").WithSummary("Systems that people are pushed to over SCIM, and how each stands")
            .Produces<ScimTargetListView>().Refuses().Needs(ApiScopes.PeopleRead);
        targets.MapGet("/{name}", (string name, KeyGrant caller, TargetEndpoints on, CancellationToken cancellation) =>
            on.ShowAsync(caller, name, cancellation))
            .WithName("GetScimTarget").WithSummary("One of them, with what failed").Produces<ScimTargetView>().Refuses(404)
            .Needs(ApiScopes.PeopleRead);
        targets.MapPut("/{name}", (Body<PutScimTarget> body, string name, TargetEndpoints on, CancellationToken cancellation) =>
            on.PutAsync(body, name, cancellation))
            .WithName("PutScimTarget").WithSummary("Push people to a system over SCIM, or change what the body names of one")
            .WithDescription(
                "Everybody whom a directory or a SCIM upstream knows is pushed: made, changed, and deactivated when they leave; "
                + "nobody is deleted. It begins at once; changes follow within seconds. Another url is another target: it needs its token.")
            .Produces<ScimTargetView>().Produces<ScimTargetView>(StatusCodes.Status201Created).Refuses(400, 403, 409, 413, 415, 422)
            .Needs(ApiScopes.PeopleWrite, also: ApiScopes.PeopleRead);
        targets.MapDelete("/{name}", (HttpContext http, string name, TargetEndpoints on, CancellationToken cancellation) =>
            on.DeleteAsync(http, name, cancellation))
            .WithName("DeleteScimTarget").WithSummary("Forget a target")
            .WithDescription("What stands there stays as it is: nobody is deactivated.")
            .Produces(StatusCodes.Status204NoContent).Refuses(403, 404).Needs(ApiScopes.PeopleWrite);
        targets.MapPost("/{name}/sync", (Body<SyncScimTarget> body, string name, TargetEndpoints on, CancellationToken cancellation) =>
            on.SyncAsync(body, name, cancellation))
            .WithName("SyncScimTarget").WithSummary("Compare everything with a target now, or show what would change")
            .WithDescription("With dry_run the answer says who would be made, changed, deactivated and left out, and nothing changes. With "
                + "confirm those who wait to be deactivated may be. A target that is paused begins again.")
            .GoesWithoutBody().Produces<ScimSyncView>().Produces<ScimSyncView>(StatusCodes.Status202Accepted)
            .Refuses(400, 403, 404, 413, 415, 422, 503).Needs(ApiScopes.PeopleWrite, also: ApiScopes.PeopleRead);
    }

    /// <summary>Those that a caller may see, by name.</summary>
    public async Task<IReadOnlyList<ScimTargetView>> ViewsAsync(KeyGrant caller, CancellationToken cancellation) =>
        await database.ReadAsync(async sql =>
        {
            var views = new List<ScimTargetView>();
            foreach (var row in (await TargetRow.AllAsync(sql)).Where(r => caller.MayRead(r.Owner))) views.Add(await ViewAsync(sql, row));
            return views;
        }, cancellation);

    /// <summary>A target, for who may see it.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none.</exception>
    public async Task<ScimTargetView> ViewAsync(KeyGrant caller, string name, CancellationToken cancellation)
    {
        var row = await KnownAsync(caller, name, change: false, cancellation);
        return await database.ReadAsync(sql => ViewAsync(sql, row), cancellation);
    }

    /// <summary>Makes or changes a target.</summary>
    /// <exception cref="RequestRefusedException">It cannot be so; the word and the pointer say why.</exception>
    public async Task<(ScimTargetView View, bool IsNew)> PutAsync(
        KeyGrant caller, string name, PutScimTarget sent, CancellationToken cancellation)
    {
        if (!Name().IsMatch(name)) throw RequestRefusedException.Malformed("bad_name", "/{name}", NameRule);
        var change = Read(sent);
        try
        {
            var (row, isNew) = await store.PutAsync(caller, name, change, cancellation);
            return (await database.ReadAsync(sql => ViewAsync(sql, row), cancellation), isNew);
        }
        catch (TargetRefusedException e)
        {
            throw e.Word switch
            {
                "system_not_held" => KeyGrant.NotMine(),
                "name_in_use" => new RequestRefusedException(StatusCodes.Status409Conflict, e.Word, e.Pointer,
                    $"Another SCIM target has this name: choose another one. {KeyGrant.OthersHint}"),
                "too_many" => RequestRefusedException.Impossible(e.Word, null, 
                    $"There may be {TargetStore.MostOfOne} SCIM targets of one system, and {TargetStore.Most} in all."),
                _ => RequestRefusedException.Malformed("missing", e.Pointer, e.Pointer == "/token"
                    ? "The token is missing: a new target, and one that gets another address, needs it."
                        : "The url is missing: a new target needs it."),
            };
        }
    }

    /// <summary>Asks for a comparison of everything.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none, or it is another's.</exception>
    public async Task<ScimTargetView> AskAsync(KeyGrant caller, string name, bool confirm, CancellationToken cancellation)
    {
        var row = await JudgedAsync(() => store.AskAsync(caller, name, confirm, cancellation)) ?? throw NotFound();
        return await database.ReadAsync(sql => ViewAsync(sql, row), cancellation);
    }

    /// <summary>What a sync would change.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none, or it is another's.</exception>
    public async Task<ScimDifferenceView> DifferenceAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        await differences.OfAsync(await KnownAsync(caller, name, change: true, cancellation), cancellation);

    /// <summary>Forgets a target.</summary>
    /// <exception cref="RequestRefusedException">For this caller there is none, or it is another's.</exception>
    public async Task RemoveAsync(KeyGrant caller, string name, CancellationToken cancellation)
    {
        if (!await JudgedAsync(() => store.RemoveAsync(caller, name, cancellation))) throw NotFound();
    }

    private async Task<IResult> ListAsync(KeyGrant caller, CancellationToken cancellation) =>
        TypedResults.Ok(new ScimTargetListView(await ViewsAsync(caller, cancellation)));

    private async Task<IResult> ShowAsync(KeyGrant caller, string name, CancellationToken cancellation) =>
        TypedResults.Ok(await ViewAsync(caller, name, cancellation));

    private async Task<IResult> PutAsync(Body<PutScimTarget> body, string name, CancellationToken cancellation)
    {
        var (view, isNew) = await PutAsync(Caller.Grant(body.Http), name, await body.ReadAsync(cancellation), cancellation);
        return isNew ? TypedResults.Created($"/api/v1/scim-targets/{name}", view) : TypedResults.Ok(view);
    }

    private async Task<IResult> DeleteAsync(HttpContext http, string name, CancellationToken cancellation)
    {
        await RemoveAsync(Caller.Grant(http), name, cancellation);
        return TypedResults.NoContent();
    }

    private async Task<IResult> SyncAsync(Body<SyncScimTarget> body, string name, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var sent = await body.ReadIfAnyAsync(cancellation) ?? new SyncScimTarget();
        if (sent is { DryRun: true, Confirm: true }) throw RequestRefusedException.Malformed("two_ways", "/confirm",
            "A dry run changes nothing, and confirms nothing: leave one of the two out.");
        if (sent.DryRun)
        {
            var difference = await DifferenceAsync(caller, name, cancellation);
            return TypedResults.Ok(new ScimSyncView
            {
                DryRun = true, Target = await ViewAsync(caller, name, cancellation), Difference = difference,
            });
        }

        var view = await AskAsync(caller, name, sent.Confirm, cancellation);
        return TypedResults.Accepted($"/api/v1/scim-targets/{name}", new ScimSyncView { DryRun = false, Target = view });
    }

    private TargetChange Read(PutScimTarget sent)
    {
        string? url = null;
        if (sent.Url is { } given)
        {
            (url, var problem) = TargetAddresses.Read(given, settings.PrivateReach);
            if (problem is not null) throw RequestRefusedException.Impossible("bad_url", "/url", problem);
        }

        if (sent.Token is { } token && (token.Length is 0 or > LongestToken || token.Any(c => c is <= ' ' or >= '\u007f')))
            throw RequestRefusedException.Impossible("bad_secret", "/token",
                $"A token is 1 to {LongestToken} letters, digits and signs without blanks, as the target shows it.");
        if (sent.UserName is { } name && UserNameField.Problem(name) is { } wrong)
            throw RequestRefusedException.Impossible("bad_value", "/user_name", wrong);
        if (sent.Groups is { } groups && !GroupKinds.Contains(groups, StringComparer.Ordinal))
        {
            var near = Spelling.Nearest(groups, GroupKinds) is { } meant ? $" Did you mean \"{meant}\"?" : "";
            throw RequestRefusedException.Impossible("bad_value", "/groups", $"There are: {string.Join(", ", GroupKinds)}.{near}");
        }

        return new TargetChange { Url = url, Token = sent.Token, UserName = sent.UserName, Groups = sent.Groups };
    }

    private async Task<TargetRow> KnownAsync(KeyGrant caller, string name, bool change, CancellationToken cancellation)
    {
        if (await store.FindAsync(name, cancellation) is not { } row || !caller.MayRead(row.Owner)) throw NotFound();
        return !change || caller.MayChange(row.Owner) ? row : throw KeyGrant.NotMine();
    }

    /// <summary>Whose a target is, is judged where it is changed: under the name there may be another one a moment later.</summary>
    private static async Task<T> JudgedAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (TargetRefusedException e) when (e.Word == "system_not_held")
        {
            throw KeyGrant.NotMine();
        }
    }

    private static RequestRefusedException NotFound() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{name}", $"No SCIM target has this name. {KeyGrant.OthersHint}");

    private static async ValueTask<ScimTargetView> ViewAsync(ISql sql, TargetRow row)
    {
        var counts = await ResourceRows.CountAsync(sql, row.Id);
        var sentence = TargetSentences.Of(row);
        return new ScimTargetView
        {
            Name = row.Name, Url = row.Url, UserName = row.UserName, Groups = row.Groups, System = row.Owner,
            State = TargetSentences.StateOf(row), Reason = row.Paused ?? row.Away, Message = sentence?.English,
                MessageZh = sentence?.Chinese,
            NextTryAt = row.NotBefore, Waiting = row.Asks, Patch = row.TakesPatch, Users = counts.Users, Deactivated = counts.Deactivated,
            GroupsThere = counts.Groups, LeftOut = counts.LeftOut, Failing = counts.Failing, Failures = await FailuresAsync(sql, row.Id),
            ComparedAt = row.ComparedAt, CreatedAt = row.CreatedAt, ChangedAt = row.ChangedAt, ChangedBy = row.ChangedBy,
        };
    }

    private static async ValueTask<IReadOnlyList<ScimFailureView>> FailuresAsync(ISql sql, long target)
    {
        var views = new List<ScimFailureView>();
        foreach (var row in await ResourceRows.FailedAsync(sql, target, MostFailures))
        {
            var name = row.Kind == ResourceKinds.User ? (await PersonRows.FindAsync(sql, row.Item))?.Name
                : (await GroupRows.FindAsync(sql, long.Parse(row.Item, System.Globalization.CultureInfo.InvariantCulture)))?.Name;
            var (failure, sentence) = (row.Failure!, TargetSentences.Of(row.Failure!));
            views.Add(new(row.Kind, row.Item, name ?? row.Name, failure.Reason, failure.IsLeftOut, failure.Status, failure.ScimType,
                failure.Detail, sentence.English, sentence.Chinese, row.Tries, row.NotBefore, row.ChangedAt));
        }

        return views;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,39}\\z")]
    private static partial Regex Name();
}
