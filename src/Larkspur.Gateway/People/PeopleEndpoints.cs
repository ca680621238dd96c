using System.Globalization;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.People;

/// <summary>Who is behind an address.</summary>
internal sealed class PeopleEndpoints(PlatformCalls calls, PersonSearch directory, PeopleRefresh refresh)
{
    /// <summary>Each address is in one of the two lists.</summary>
    internal sealed record FoundPeople(string App, IReadOnlyList<FoundPerson> Found, IReadOnlyList<UnknownPerson> Unknown);

    /// <summary>A person; what is missing is not permitted to the app.</summary>
    internal sealed record FoundPerson(string By, string Value, PersonView Person);

    /// <summary>An address of nobody (<c>unknown</c>), or of several people (<c>ambiguous</c>).</summary>
    internal sealed record UnknownPerson(string By, string Value, string Reason);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/lookup", (Body<LookupPeople> body, PeopleEndpoints on, CancellationToken cancellation) =>
            on.LookupAsync(body, cancellation))
            .WithName("LookupPeople").WithSummary("Find people by mail address, mobile or employee number, or by an id")
            .WithDescription("Nobody is guessed: what belongs to nobody, or to two people, is in unknown. Answers are kept for an hour, unknown ones for five minutes.")
            .Produces<FoundPeople>().CallsPlatform().Needs(ApiScopes.PeopleRead);
        api.MapPost("/people/refresh", async (PeopleEndpoints on, CancellationToken cancellation) => await on.RefreshAsync(cancellation))
            .WithName("RefreshPeople").WithSummary("Forget what is remembered of people, departments and roles")
            .WithDescription("The next question reads them anew. Once a minute: 429 refreshed_lately.").Produces(StatusCodes.Status204NoContent).Refuses(429, 503).Needs(ApiScopes.PeopleRead);
    }

    private async Task<IResult> RefreshAsync(CancellationToken cancellation)
    {
        await refresh.RunAsync(cancellation);
        return TypedResults.NoContent();
    }

    private async Task<IResult> LookupAsync(Body<LookupPeople> body, CancellationToken cancellation)
    {
        var sent = await body.ReadAsync(cancellation);
        var app = calls.App(Caller.Grant(body.Http), sent.App, "/app");
        var addresses = new List<PersonAddress>();
        foreach (var (member, kind, values) in sent.Named())
        {
            for (var i = 0; i < values?.Count; i++)
            {
                var pointer = $"/{member}/{i.ToString(CultureInfo.InvariantCulture)}";
                addresses.Add(new Recipient(kind, Recipient.Check(kind, values[i].Trim(), pointer), false, pointer).Address!.Value);
            }
        }

        if (addresses.Count == 0)
        {
            throw RequestRefusedException.Malformed("missing", null,
                $"Nobody is named: give one of {string.Join(", ", sent.Named().Select(n => n.Member))}.");
        }

        var matches = await directory.FindAsync(app, addresses, cancellation);
        return TypedResults.Ok(new FoundPeople(app.Name,
            [.. matches.Where(m => m.Person is not null).Select(m => new FoundPerson(m.Address.Word, m.Address.Value, PersonView.Of(m.Person!)))],
            [.. matches.Where(m => m.Person is null).Select(m => new UnknownPerson(m.Address.Word, m.Address.Value, m.Reason))]));
    }
}

/// <summary>A person over REST.</summary>
internal sealed record PersonView
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OpenId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UnionId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Name { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? EnName { get; init; }

    public static PersonView Of(PlatformPerson person) => new() { OpenId = person.OpenId, UserId = person.UserId, UnionId = person.UnionId, Name = person.Name, EnName = person.EnName };
}
