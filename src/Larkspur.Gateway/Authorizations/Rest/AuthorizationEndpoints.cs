using System.ComponentModel;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Authorizations.Requests;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.People;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Authorizations.Rest;

/// <summary>Asking people to let a business system call their platform in their own name, looking at what they said, and calling.</summary>
internal sealed class AuthorizationEndpoints(IDatabase database, AuthorizationStore store, AuthorizationRequests requests,
    AppScopes granted, NamedCalls named, PlatformCalls calls, PersonSearch search, IIdentities identities)
{
    private const int LargestPage = 200;

    public static void Map(IEndpointRouteBuilder api)
    {
        var group = api.MapGroup("/authorizations");
        group.MapGet("", ([AsParameters] AuthorizationQuery query, KeyGrant caller, AuthorizationEndpoints on,
            CancellationToken cancellation) => on.ListAsync(caller, query, cancellation))
            .WithName("ListAuthorizations").WithSummary("What people let others do in their own name, the newest first")
            .Produces<AuthorizationListView>().Refuses(400).Needs(ApiScopes.AuthorizationsRead);
        group.MapPost("", (Body<AskAuthorization> body, AuthorizationEndpoints on, CancellationToken cancellation) =>
            on.AskAsync(body, cancellation))
            .WithName("AskAuthorization").WithSummary("Ask somebody to let this system call the platform in their own name")
            .WithDescription("They are sent a card with a link, and the webhook authorization.given or authorization.refused tells what "
                + "they said. What they allow already, or are asked already, is not asked for again (200).")
            .Produces<AuthorizationView>().Produces<AuthorizationView>(StatusCodes.Status201Created).CallsPlatform()
            .Needs(ApiScopes.AuthorizationsWrite, also: ApiScopes.AuthorizationsRead);
        group.MapGet("/{id}", (string id, KeyGrant caller, AuthorizationEndpoints on, CancellationToken cancellation) =>
            on.ShowAsync(caller, id, cancellation))
            .WithName("GetAuthorization").WithSummary("One of them").Produces<AuthorizationView>().Refuses(404)
            .Needs(ApiScopes.AuthorizationsRead);
        group.MapDelete("/{id}", (string id, KeyGrant caller, AuthorizationEndpoints on, CancellationToken cancellation) =>
            on.EndAsync(caller, id, cancellation))
            .WithName("EndAuthorization").WithSummary("Give an authorization back, or take a question back")
            .WithDescription("With the last one of a person their tokens are forgotten.")
            .Produces(StatusCodes.Status204NoContent).Refuses(403, 404).Needs(ApiScopes.AuthorizationsWrite);
        group.MapPost("/{id}/calls", (string id, Body<CallInName> body, AuthorizationEndpoints on, CancellationToken cancellation) =>
            on.CallAsync(id, body, cancellation))
            .WithName("CallInName").WithSummary("Call the platform in the person's own name")
            .WithDescription("Any endpoint that takes a user's token and is opened by a scope of this authorization; it is for the system "
                + "that asked alone. 409 authorization_needed: the person has not said yes, or not any more.")
            .Produces<CallInNameView>().CallsPlatform().Needs(ApiScopes.AuthorizationsCall);
    }

    private async Task<IResult> ListAsync(KeyGrant caller, AuthorizationQuery query, CancellationToken cancellation)
    {
        if (query.Limit is < 1 or > LargestPage) throw RequestRefusedException.Malformed("bad_limit", "?limit",
            $"limit is 1 to {LargestPage}.");
        if (query.State is { Length: > 0 } state && !AuthorizationStates.All.Contains(state, StringComparer.Ordinal))
            throw RequestRefusedException.Malformed("bad_state", "?state",
                $"A state is one of {string.Join(", ", AuthorizationStates.All)}.");
        var size = query.Limit ?? 50;
        var filter = new AuthorizationFilter
        {
            Seen = caller.Readable, App = ListQuery.NullIfEmpty(query.App), State = ListQuery.NullIfEmpty(query.State),
            Before = query.Cursor, Limit = size + 1,
        };
        if (query.Person is { Length: > 0 } person)
        {
            var known = await identities.FindAsync(person, cancellation);
            filter = filter with { OpenIds = [.. FeishuOpenIds.Of(known).Select(i => i.Value)] };
        }

        var rows = await store.PageAsync(filter, cancellation);
        var page = rows.Take(size).ToArray();
        return TypedResults.Ok(new AuthorizationListView(await ViewsAsync(caller, page, cancellation),
            rows.Count > size ? page[^1].Number : null));
    }

    private async Task<IResult> ShowAsync(KeyGrant caller, string id, CancellationToken cancellation) =>
        TypedResults.Ok((await ViewsAsync(caller, [await KnownAsync(caller, id, change: false, cancellation)], cancellation))[0]);

    private async Task<IResult> AskAsync(Body<AskAuthorization> body, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var sent = await body.ReadAsync(cancellation);
        var app = calls.App(caller, sent.App, "/app");
        for (var i = 0; i < sent.Scopes.Count; i++) Demand(sent.Scopes[i], $"/scopes/{i}");
        if (sent.Scopes.Count == 0) throw RequestRefusedException.Malformed("empty", "/scopes", "Name a scope.");
        var reason = CardMessageReader.ReadText(sent.Reason, "/reason", AskAuthorization.LongestReason);
        if ((reason.Chinese + reason.English).Any(char.IsControl))
            throw RequestRefusedException.Malformed("bad_text", "/reason", "It is one line without control characters.");
        if (!requests.CanAsk) throw RequestRefusedException.Impossible("no_public_address", null,
            "The gateway has no public address that a link could lead to: set LARKSPUR_BASE_URL.");
        if (await granted.MissingAsync(app, sent.Scopes, cancellation) is [var first, ..] missing)
        {
            var at = sent.Scopes.ToList().IndexOf(first);
            throw RequestRefusedException.Impossible("scope_not_enabled", at < 0 ? "/scopes" : $"/scopes/{at}",
                $"The app does not have {string.Join(", ", missing)}: enable it as a user scope on the open platform, and publish a "
                + "version.");
        }

        var openId = await PersonAsync(caller, app, sent, cancellation);
        var wish = new AuthorizationWish(app.Name, openId, AuthorizationHolders.OfSystem(caller.Owner), caller.Owner, sent.Scopes,
            reason.Select(t => VisibleText.Of(t, AskAuthorization.LongestReason)));
        try
        {
            var (row, isNew) = await database.TransactAsync(unit => sent.Notify
                ? requests.AskAsync(unit, caller.Who, wish, "rest", Reference.For(PlatformNames.Feishu, app.Name, wish.ToString()))
                : store.AskAsync(unit, caller.Who, wish), cancellation);
            var view = (await ViewsAsync(caller, [row], cancellation))[0];
            return isNew ? TypedResults.Created($"/api/v1/authorizations/{row.Id}", view) : TypedResults.Ok(view);
        }
        catch (AuthorizationRefusedException e)
        {
            throw new RequestRefusedException(StatusCodes.Status409Conflict, e.Word, null, e.Word switch
            {
                "refused_before" => "The person refused this, or a part of it, within the last seven days.",
                "asked_too_often" => $"This system has asked the person {AuthorizationStore.MostAsked} times within seven days.",
                _ => $"The person has {AuthorizationStore.MostWaiting} questions of this system before them already.",
            });
        }
    }

    private async Task<IResult> EndAsync(KeyGrant caller, string id, CancellationToken cancellation)
    {
        var row = await KnownAsync(caller, id, change: true, cancellation);
        await store.EndAsync(caller.Who, row, row.Holder == AuthorizationHolders.OfSystem(caller.Owner) ? AuthorizationEnds.GivenBack
            : AuthorizationEnds.Withdrawn, cancellation);
        return TypedResults.NoContent();
    }

    private async Task<IResult> CallAsync(string id, Body<CallInName> body, CancellationToken cancellation)
    {
        var caller = Caller.Grant(body.Http);
        var sent = await body.ReadAsync(cancellation);
        var row = await KnownAsync(caller, id, change: false, cancellation);
        // Not even administrators speak for a person who has allowed it to somebody else.
        if (row.Holder != AuthorizationHolders.OfSystem(caller.Owner)) throw new RequestRefusedException(StatusCodes.Status403Forbidden,
            "system_not_held", null, "Only the system that the person has allowed it calls in their name.");
        return TypedResults.Ok(await named.CallAsync(caller, calls.App(row.App), row, sent, cancellation));
    }

    private async Task<string> PersonAsync(KeyGrant caller, FeishuApp app, AskAuthorization sent, CancellationToken cancellation)
    {
        if (sent.Person is null == sent.To is null)
            throw RequestRefusedException.Malformed(sent.To is null ? "missing" : "several_receivers", "/to",
                "Name the person by their id (person), or as a recipient (to).");
        if (sent.Person is { } id)
        {
            var known = await identities.FindAsync(id, cancellation);
            return FeishuOpenIds.Of(known).FirstOrDefault(i => i.Scope == app.Name).Value
                ?? throw RequestRefusedException.Impossible("unknown_person", "/person", "The app knows nobody of this id.");
        }

        var named = Recipient.Of(sent.To!, "/to");
        if (named.Address is not { } address)
            throw RequestRefusedException.Impossible("wrong_id_type", $"/to/{named.Kind}", "One person is asked, not many.");
        return (await search.FindAsync(app, [address], cancellation))[0].Person?.OpenId
            ?? throw RequestRefusedException.Impossible("unknown_person", $"/to/{named.Kind}", "The app knows nobody of this address.");
    }

    private static void Demand(string scope, string pointer)
    {
        if (CallableEndpoints.Scopes.Contains(scope)) return;
        var near = Spelling.Nearest(scope, CallableEndpoints.Scopes, 3) is { } meant ? $" Did you mean \"{meant}\"?" : "";
        throw RequestRefusedException.Impossible("unknown_scope", pointer,
            $"No endpoint that takes a user's token is opened by the scope \"{JsonFields.Shown(scope)}\".{near}");
    }

    private async Task<UserAuthorization> KnownAsync(KeyGrant caller, string id, bool change, CancellationToken cancellation)
    {
        var row = UserAuthorization.IsId(id) ? await store.FindAsync(id, cancellation) : null;
        if (row is null) throw NotFound();
        if (change) caller.DemandChange(row.Owner, row.App, NotFound);
        else caller.DemandRead(row.Owner, row.App, NotFound);
        return row;
    }

    private async Task<IReadOnlyList<AuthorizationView>> ViewsAsync(KeyGrant caller, IReadOnlyList<UserAuthorization> rows,
        CancellationToken cancellation)
    {
        var views = new List<AuthorizationView>();
        foreach (var row in rows)
        {
            // Whose address it was that was named is the directory's to tell.
            var person = caller.Has(ApiScopes.PeopleRead)
                ? await identities.FindAsync(FeishuOpenIds.Of(row.App, row.OpenId), cancellation) : null;
            views.Add(AuthorizationView.Of(row, store.Now, requests.LinkOf(row), person?.Id, person?.Name));
        }

        return views;
    }

    private static RequestRefusedException NotFound() =>
        new(StatusCodes.Status404NotFound, "not_found", "/{id}", $"No authorization has this id. {KeyGrant.OthersHint}");
}

/// <summary>The query of the list.</summary>
internal readonly record struct AuthorizationQuery
{
    [Description("Only of this person, by their id here"), FromQuery(Name = "person")]
    public string? Person { get; init; }

    [Description("Only of this app"), FromQuery(Name = "app")]
    public string? App { get; init; }

    [Description("Only in this state: waiting, given, refused, expired, ended"), FromQuery(Name = "state")]
    public string? State { get; init; }

    [Description("Where the page before ended: its next"), FromQuery(Name = "cursor")]
    public long? Cursor { get; init; }

    [Description("Rows on a page, 1 to 200; default 50"), FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}
