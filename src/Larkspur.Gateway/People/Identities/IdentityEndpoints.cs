using System.Text.Json;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Directory.Rest;

namespace Larkspur.Gateway.People.Identities;

/// <summary>People over REST: looking at them, and saying who is who.</summary>
internal sealed class IdentityEndpoints(PersonAdministration people, PeopleList list)
{
    private const int MostOnPage = 200;
    private const int NormalPage = 50;
    private const int LongestSearch = 200;

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/people", ([AsParameters] PersonQuery query, IdentityEndpoints on, CancellationToken cancellation) =>
            on.ListAsync(query, cancellation))
            .WithName("ListPeople").WithSummary("People whom the gateway knows, with their accounts on all platforms, the newest first")
            .WithDescription("Those whom the directory has, and those who have written or logged in.").Produces<KnownPeopleView>()
            .Refuses(400).Needs(ApiScopes.PeopleRead);
        api.MapGet("/people/{id}", (string id, IdentityEndpoints on, CancellationToken cancellation) => on.ShowAsync(id, cancellation))
            .WithName("GetPerson").WithSummary("One person, also by an id from before a merge").Produces<KnownPersonView>()
            .Refuses(404).Needs(ApiScopes.PeopleRead);
        api.MapPatch("/people/{id}", (string id, Body<ChangePerson> body, IdentityEndpoints on, CancellationToken cancellation) =>
            on.ChangeAsync(id, body, cancellation))
            .WithName("ChangePerson").WithSummary("Write something of a person that no directory changes").Produces<KnownPersonView>()
            .Refuses(400, 404, 413, 415, 422).Needs(ApiScopes.PeopleWrite);
        api.MapGet("/people/{id}/history", (string id, IdentityEndpoints on, CancellationToken cancellation) =>
            on.HistoryAsync(id, cancellation))
            .WithName("GetPersonHistory").WithSummary("What the directories told of a person over time").Produces<PersonHistoryListView>()
            .Refuses(404).Needs(ApiScopes.PeopleRead);
        api.MapPost("/people/{id}/merge", (string id, Body<MergePeople> body, IdentityEndpoints on, CancellationToken cancellation) =>
                on.MergeAsync(id, body, cancellation))
            .WithName("MergePeople").WithSummary("Make one person of two")
            .WithDescription("from becomes part of the one in the address: accounts, conversations and what else is kept of them; its id finds that one from now on. A repeat finds it done. All their accounts are told, and can undo it for 24 hours. Audited.")
            .Produces<KnownPersonView>().Refuses(400, 404, 413, 415, 422).Needs(ApiScopes.PeopleWrite);
        api.MapPost("/people/{id}/unlink", (string id, Body<UnlinkAccount> body, IdentityEndpoints on, CancellationToken cancellation) =>
                on.UnlinkAsync(id, body, cancellation))
            .WithName("UnlinkPerson").WithSummary("Make an account a person of its own")
            .WithDescription("With account: what was kept until now stays with the person in the address, and so do roles. With join, within 24 hours: the two who became one are two again, under the ids of before, "
                + "each with what was theirs; what was asked meanwhile is theirs whose account asked it. Their accounts are told. 409 only_account: there is nothing to unlink it from. Audited.")
            .Produces<UnlinkedView>().Refuses(400, 404, 409, 413, 415, 422).Needs(ApiScopes.PeopleWrite);
        api.MapPost("/people/{id}/disable", (string id, HttpContext http, IdentityEndpoints on, CancellationToken cancellation) => on.DisableAsync(id, http, true, cancellation))
            .WithName("DisablePerson").WithSummary("Shut a person out: nothing is permitted to them on any platform").Produces<KnownPersonView>().Refuses(404).Needs(ApiScopes.PeopleWrite);
        api.MapPost("/people/{id}/enable", (string id, HttpContext http, IdentityEndpoints on, CancellationToken cancellation) => on.DisableAsync(id, http, false, cancellation))
            .WithName("EnablePerson").WithSummary("Let a person in again").Produces<KnownPersonView>()
            .Refuses(404).Needs(ApiScopes.PeopleWrite);
    }

    private async Task<IResult> ListAsync(PersonQuery query, CancellationToken cancellation)
    {
        if (query.Limit is < 1 or > MostOnPage) throw RequestRefusedException.Malformed("bad_limit", "?limit", $"From 1 to {MostOnPage}.");
        foreach (var (name, text) in new[] { ("q", query.Search), ("platform", query.Platform) })
        {
            if (text is { Length: > LongestSearch } || text?.Contains('\0', StringComparison.Ordinal) == true) throw RequestRefusedException.Malformed("bad_filter", "?" + name, "It is too long, or no text.");
        }

        if (query.State is { Length: > 0 } state && !PersonFilter.States.Contains(state, StringComparer.Ordinal))
            throw RequestRefusedException.Malformed("bad_filter", "?state", $"There are: {string.Join(", ", PersonFilter.States)}.");
        var limit = query.Limit ?? NormalPage;
        var found = await people.ListAsync(new PersonFilter
        {
            Search = ListQuery.NullIfEmpty(query.Search?.Trim()), Platform = ListQuery.NullIfEmpty(query.Platform),
                Disabled = query.Disabled,
            Department = query.Department, State = ListQuery.NullIfEmpty(query.State), Cursor = query.Cursor, Limit = limit + 1,
        }, cancellation);
        return TypedResults.Ok(new KnownPeopleView(await list.ViewAsync([.. found.Take(limit)], cancellation), found.Count > limit
            ? found[limit - 1].Seq : null));
    }

    private async Task<IResult> ShowAsync(string id, CancellationToken cancellation) =>
        TypedResults.Ok(await ViewAsync(await people.FindAsync(Id(id), cancellation) ?? throw Nobody(), cancellation));

    private async Task<IResult> MergeAsync(string id, Body<MergePeople> body, CancellationToken cancellation)
    {
        var from = (await body.ReadAsync(cancellation)).From;
        if (!KnownPerson.IsId(from)) throw RequestRefusedException.Impossible("bad_id", "/from", "A person's id is pe_ and 32 hex digits.");
        var merged = await people.MergeAsync(Caller.Of(body.Http), from, Id(id), cancellation) ?? throw Nobody();
        return TypedResults.Ok(await ViewAsync(merged, cancellation));
    }

    private async Task<IResult> ChangeAsync(string id, Body<ChangePerson> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        if (sent.Fields.ValueKind != JsonValueKind.Object) throw RequestRefusedException.Malformed("wrong_type", "/fields",
            "An object with the fields.");
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var field in sent.Fields.EnumerateObject())
        {
            if (field.Value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
                throw RequestRefusedException.Malformed("wrong_type", "/fields/" + field.Name, "A text, or null.");
            fields[field.Name] = field.Value.GetString();
        }

        var changed = await list.ChangeAsync(Caller.Of(body.Http), Id(id), fields, cancellation) ?? throw Nobody();
        return TypedResults.Ok(await ViewAsync(changed, cancellation));
    }

    private async Task<IResult> HistoryAsync(string id, CancellationToken cancellation)
    {
        var person = await people.FindAsync(Id(id), cancellation) ?? throw Nobody();
        return TypedResults.Ok(new PersonHistoryListView(await list.HistoryAsync(person.Id, cancellation)));
    }

    private async Task<KnownPersonView> ViewAsync(KnownPerson person, CancellationToken cancellation) =>
        (await list.ViewAsync([person], cancellation))[0]
            with { Joins = [.. (await people.JoinsAsync(person.Id, cancellation)).Select(JoinView.Of)] };

    private async Task<IResult> UnlinkAsync(string id, Body<UnlinkAccount> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        if (sent.Join is { } join)
        {
            if (sent.Account is not null)
                throw RequestRefusedException.Malformed("account_or_join", "/join", "Give either account, or join.");
            var (stays, separated) = await people.UndoAsync(Caller.Of(body.Http), Id(id), join, cancellation) ?? throw Nobody();
            return TypedResults.Ok(new UnlinkedView(await ViewAsync(stays, cancellation), await ViewAsync(separated, cancellation)));
        }

        var account = sent.Account ?? throw BodyRefusals.Missing("/account", "account", [], "the account's number");
        var (person, unlinked) = await people.UnlinkAsync(Caller.Of(body.Http), Id(id), account, cancellation) ?? throw Nobody();
        return TypedResults.Ok(new UnlinkedView(KnownPersonView.Of(person), KnownPersonView.Of(unlinked)));
    }

    private async Task<IResult> DisableAsync(string id, HttpContext http, bool disabled, CancellationToken cancellation) =>
        TypedResults.Ok(KnownPersonView.Of(await people.DisableAsync(Caller.Of(http), Id(id), disabled, cancellation) ?? throw Nobody()));

    private static string Id(string id) => KnownPerson.IsId(id) ? id : throw Nobody();

    private static RequestRefusedException Nobody() => new(StatusCodes.Status404NotFound, "not_found", "/{id}", "Nobody has this id.");
}
