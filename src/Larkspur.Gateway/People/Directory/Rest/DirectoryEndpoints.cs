using System.ComponentModel;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.People.Directory.Rest;

/// <summary>Directories over REST: their syncs, departments, and people who may be one.</summary>
internal sealed class DirectoryEndpoints(IEnumerable<IDirectoryReader> readers, IDatabase database, RunStore runs, PersonMatches matches,
    DirectorySignal signal)
{
    private const int MostOnPage = 200;
    private const int NormalPage = 50;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/directory/sync", (Body<SyncDirectory> body, DirectoryEndpoints on, CancellationToken cancellation) =>
            on.SyncAsync(body, cancellation))
            .WithName("SyncDirectory").WithSummary("Read the company's directory from the platforms")
            .WithDescription("Of each connected platform, or of one. The answer does not wait: see the runs. A run that is"
                + " asked for already is enough. The first one of a platform begins to keep it true: "
                + "by events within seconds, and by a run every night. With dry_run what would change is shown, and nothing changes.")
            .Produces<DirectorySyncView>(StatusCodes.Status202Accepted).Refuses(400, 404, 409, 413, 415, 422).Needs(ApiScopes.PeopleWrite);
        api.MapGet("/directory/runs", ([AsParameters] RunQuery query, HttpContext http, DirectoryEndpoints on,
            CancellationToken cancellation) => on.RunsAsync(query, http, cancellation))
            .WithName("ListDirectoryRuns").WithSummary("Runs of the directory's sync, the newest first")
            .Produces<DirectoryRunListView>().Refuses(400).Needs(ApiScopes.PeopleRead);
        api.MapGet("/directory/runs/{id}", (long id, HttpContext http, DirectoryEndpoints on, CancellationToken cancellation) =>
            on.RunAsync(id, http, cancellation))
            .WithName("GetDirectoryRun").WithSummary("One run").Produces<DirectoryRunView>().Refuses(404).Needs(ApiScopes.PeopleRead);
        api.MapGet("/directory/runs/{id}/changes", (long id, [AsParameters] ChangeQuery query, DirectoryEndpoints on,
            CancellationToken cancellation) => on.ChangesAsync(id, query, cancellation))
            .WithName("ListDirectoryChanges").WithSummary("What a run changed, or would change").Produces<DirectoryChangeListView>()
            .Refuses(400, 404).Needs(ApiScopes.PeopleRead);
        api.MapPost("/directory/runs/{id}/apply", (long id, HttpContext http, DirectoryEndpoints on, CancellationToken cancellation) =>
            on.AnswerAsync(id, http, true, cancellation))
            .WithName("ApplyDirectoryRun").WithSummary("Answer a run that waits with yes")
            .WithDescription("A new run reads everything once more, and treats as having left whom this one asked about and who"
                + " are still missing. 409 run_not_waiting.")
            .Produces<DirectoryRunView>(StatusCodes.Status202Accepted).Refuses(404, 409).Needs(ApiScopes.PeopleWrite);
        api.MapPost("/directory/runs/{id}/discard", (long id, HttpContext http, DirectoryEndpoints on, CancellationToken cancellation) =>
            on.AnswerAsync(id, http, false, cancellation))
            .WithName("DiscardDirectoryRun").WithSummary("Answer a run that waits with no")
            .WithDescription("Nobody is treated as having left; the next run asks again if it finds the same. 409 run_not_waiting.")
            .Produces<DirectoryRunView>().Refuses(404, 409).Needs(ApiScopes.PeopleWrite);
        api.MapGet("/directory/matches", ([AsParameters] MatchQuery query, DirectoryEndpoints on, CancellationToken cancellation) =>
            on.MatchesAsync(query, cancellation))
            .WithName("ListPersonMatches").WithSummary("Two people in directories of two platforms who may be one")
            .WithDescription("They have the same staff number or the same address. Nothing follows from that by itself.")
            .Produces<PersonMatchListView>().Refuses(400).Needs(ApiScopes.PeopleRead);
        api.MapPost("/directory/matches", (Body<DecideMatches> body, DirectoryEndpoints on, CancellationToken cancellation) =>
            on.DecideAsync(body, cancellation))
            .WithName("DecidePersonMatches").WithSummary("Say which of them are one person, and which are two")
            .WithDescription("A join can be undone for 24 hours like every other; both are told. Audited.")
            .Produces<MatchesDecidedView>().Refuses(400, 413, 415, 422).Needs(ApiScopes.PeopleWrite);
        api.MapGet("/departments", ([AsParameters] DepartmentQuery query, DirectoryEndpoints on, CancellationToken cancellation) =>
            on.DepartmentsAsync(query, cancellation))
            .WithName("ListDepartments").WithSummary("Departments of the directories that are kept true").Produces<DepartmentListView>()
            .Refuses(400).Needs(ApiScopes.PeopleRead);
        api.MapGet("/departments/{id}", (long id, DirectoryEndpoints on, CancellationToken cancellation) =>
            on.DepartmentAsync(id, cancellation))
            .WithName("GetDepartment").WithSummary("One department; its members: GET /people?department=").Produces<DepartmentView>()
            .Refuses(404).Needs(ApiScopes.PeopleRead);
    }

    /// <summary>Asks for runs.</summary>
    /// <exception cref="RequestRefusedException">No app of that name or platform can read a directory.</exception>
    public async Task<IReadOnlyList<RunRow>> AskAsync(Actor by, string? platform, string? app, bool dry, CancellationToken cancellation)
    {
        var known = readers.OrderBy(r => r.Platform, StringComparer.Ordinal).ToArray();
        if (platform is not null && Array.TrueForAll(known, r => r.Platform != platform))
            throw RequestRefusedException.Impossible("unknown_platform", "/platform",
                $"There are: {string.Join(", ", known.Select(r => r.Platform))}.");
        var wanted = known.Where(r => platform is null || r.Platform == platform).Select(r => (r.Platform, App: app is null
            ? r.Apps is [var first, ..] ? first : null : r.Apps.Contains(app, StringComparer.Ordinal) ? app : null))
            .Where(r => r.App is not null).ToArray();
        if (wanted.Length == 0)
        {
            throw app is not null ? new RequestRefusedException(StatusCodes.Status404NotFound, "unknown_app", "/app",
                "No connected app of this name reads a directory.")
                : new RequestRefusedException(StatusCodes.Status409Conflict, "no_directory", "/platform",
                    "No app is connected there that could read a directory.");
        }

        var asked = await database.TransactAsync(async unit =>
        {
            var made = new List<RunRow>();
            foreach (var (of, reading) in wanted) made.Add((await RunStore.FindAsync(unit,
                await runs.AskAsync(unit, by, of, reading!, RunCauses.Manual, dry)))!);
            unit.AfterCommit(signal.Wake);
            return made;
        }, cancellation);
        return asked;
    }

    private async Task<IResult> SyncAsync(Body<SyncDirectory> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var asked = await AskAsync(Caller.Of(body.Http), sent.Platform, sent.App, sent.DryRun, cancellation);
        return TypedResults.Accepted("/api/v1/directory/runs", new DirectorySyncView([.. asked.Select(r => View(r, body.Http))]));
    }

    private async Task<IResult> RunsAsync(RunQuery query, HttpContext http, CancellationToken cancellation)
    {
        var limit = Limit(query.Limit);
        var found = await database.ReadAsync(sql =>
            RunStore.ListAsync(sql, ListQuery.NullIfEmpty(query.Platform), query.Cursor, limit + 1), cancellation);
        return TypedResults.Ok(new DirectoryRunListView([.. found.Take(limit).Select(r => View(r, http))], found.Count > limit
            ? found[limit - 1].Id : null));
    }

    private async Task<IResult> RunAsync(long id, HttpContext http, CancellationToken cancellation) =>
        TypedResults.Ok(View(await KnownAsync(id, cancellation), http));

    private async Task<IResult> ChangesAsync(long id, ChangeQuery query, CancellationToken cancellation)
    {
        await KnownAsync(id, cancellation);
        var limit = Limit(query.Limit);
        var found = await database.ReadAsync(sql =>
            ChangeRows.OfRunAsync(sql, id, ListQuery.NullIfEmpty(query.Kind), query.Cursor ?? 0, limit + 1), cancellation);
        return TypedResults.Ok(new DirectoryChangeListView([.. found.Take(limit).Select(c =>
            new DirectoryChangeView(c.Id, c.Kind, c.Item, c.Name, c.Person,
            [.. c.Fields.Select(f => new FieldChangeView(f.Name, f.From, f.To))]))], found.Count > limit ? found[limit - 1].Id : null));
    }

    private async Task<IResult> AnswerAsync(long id, HttpContext http, bool yes, CancellationToken cancellation)
    {
        var (refused, run) = await runs.AnswerAsync(Caller.Of(http), id, yes, cancellation);
        if (refused == "run_not_waiting") throw new RequestRefusedException(StatusCodes.Status409Conflict, refused, "/{id}",
            "This run asks nothing (any more).");
        if (refused is not null) throw NoRun();
        signal.Wake();
        var view = View(await KnownAsync(run ?? id, cancellation), http);
        return yes ? TypedResults.Accepted($"/api/v1/directory/runs/{view.Id}", view) : TypedResults.Ok(view);
    }

    private async Task<IResult> MatchesAsync(MatchQuery query, CancellationToken cancellation)
    {
        var limit = Limit(query.Limit);
        var found = await database.ReadAsync(sql => PersonMatches.OpenAsync(sql, query.Cursor ?? 0, limit + 1), cancellation);
        var views = new List<PersonMatchView>();
        foreach (var match in found.Take(limit))
        {
            var people = await database.ReadAsync(async sql =>
                (await PersonRows.FindAsync(sql, match.Person), await PersonRows.FindAsync(sql, match.Other)), cancellation);
            views.Add(new PersonMatchView(match.Id, match.Reason, match.Value,
                [.. new[] { people.Item1, people.Item2 }.OfType<KnownPerson>()
                .Select(p => new MatchedPersonView(p.Id, p.Name,
                    [.. p.Accounts.Select(a => a.Platform).Distinct(StringComparer.Ordinal)]))], match.FoundAt));
        }

        return TypedResults.Ok(new PersonMatchListView(views, found.Count > limit ? found[limit - 1].Id : null));
    }

    private async Task<IResult> DecideAsync(Body<DecideMatches> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var (joined, dismissed, unknown) = (new List<long>(), new List<long>(), new List<long>());
        foreach (var (ids, areOne, done) in ((IReadOnlyList<long>?, bool, List<long>)[])[(sent.Join, true, joined),
            (sent.Dismiss, false, dismissed)])
        {
            foreach (var id in (ids ?? []).Distinct()) (await matches.DecideAsync(Caller.Of(body.Http), id, areOne, cancellation)
                ? done : unknown).Add(id);
        }

        return TypedResults.Ok(new MatchesDecidedView(joined, dismissed, unknown));
    }

    private async Task<IResult> DepartmentsAsync(DepartmentQuery query, CancellationToken cancellation)
    {
        var limit = Limit(query.Limit);
        var found = await database.ReadAsync(sql => DepartmentList.ReadAsync(sql, ListQuery.NullIfEmpty(query.Platform),
            ListQuery.NullIfEmpty(query.Search?.Trim()), query.Parent, query.Cursor, limit + 1), cancellation);
        return TypedResults.Ok(new DepartmentListView(found.Count > limit ? found.GetRange(0, limit) : found, found.Count > limit
            ? found[limit - 1].Id : null));
    }

    private async Task<IResult> DepartmentAsync(long id, CancellationToken cancellation) =>
        TypedResults.Ok(await database.ReadAsync(sql => DepartmentList.FindAsync(sql, id), cancellation)
            ?? throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", "/{id}",
                "There is no department of this number."));

    private async Task<RunRow> KnownAsync(long id, CancellationToken cancellation) =>
        await database.ReadAsync(sql => RunStore.FindAsync(sql, id), cancellation) ?? throw NoRun();

    private static DirectoryRunView View(RunRow run, HttpContext http)
    {
        var text = run.Reason is { } reason ? DirectoryTexts.FindReason(reason) : null;
        return DirectoryRunView.Of(run, ProblemLanguage.Of(http.Request) == ProblemLanguage.Chinese ? text?.Chinese : text?.English);
    }

    private static RequestRefusedException NoRun() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{id}", "There is no run of this number.");

    private static int Limit(int? limit) => limit is < 1 or > MostOnPage
        ? throw RequestRefusedException.Malformed("bad_limit", "?limit", $"From 1 to {MostOnPage}.") : limit ?? NormalPage;
}

/// <summary>Which runs.</summary>
internal readonly record struct RunQuery(
    [property: Description("Only of this platform"), FromQuery(Name = "platform")] string? Platform,
    [property: Description("Where the page before ended: its next"), FromQuery(Name = "cursor")] long? Cursor,
    [property: Description("Runs on a page, 1 to 200; default 50"), FromQuery(Name = "limit")] int? Limit);

/// <summary>Which changes.</summary>
internal readonly record struct ChangeQuery(
    [property: Description("Only of this kind: joined, left…"), FromQuery(Name = "kind")] string? Kind,
    [property: Description("Where the page before ended: its next"), FromQuery(Name = "cursor")] long? Cursor,
    [property: Description("Changes on a page, 1 to 200; default 50"), FromQuery(Name = "limit")] int? Limit);

/// <summary>Which pairs.</summary>
internal readonly record struct MatchQuery(
    [property: Description("Where the page before ended: its next"), FromQuery(Name = "cursor")] long? Cursor,
    [property: Description("Pairs on a page, 1 to 200; default 50"), FromQuery(Name = "limit")] int? Limit);

/// <summary>Which departments.</summary>
internal readonly record struct DepartmentQuery(
    [property: Description("A part of a name, or the beginning of an id"), FromQuery(Name = "q")] string? Search,
    [property: Description("Only of this platform"), FromQuery(Name = "platform")] string? Platform,
    [property: Description("Only directly below the department of this number; 0: at the top"), FromQuery(Name = "parent")] long? Parent,
    [property: Description("Where the page before ended: its next"), FromQuery(Name = "cursor")] long? Cursor,
    [property: Description("Departments on a page, 1 to 200; default 50"), FromQuery(Name = "limit")] int? Limit);
