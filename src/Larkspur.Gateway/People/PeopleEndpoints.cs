using System.Globalization;
using System.Text.Json.Serialization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.People;

/// <summary>Who is behind an address.</summary>
internal sealed class PeopleEndpoints(PlatformCalls calls, PeopleDirectory directory, PeopleRefresh refresh)
{
    private const int LargestBody = 64 << 10;
    private const int MostOfKind = 500;
    private const int LongestAddress = 254;

    private static readonly (string Member, string Kind)[] Members =
        [("emails", "email"), ("mobiles", "mobile"), ("employee_nos", "employee_no"), ("user_ids", "user_id"), ("open_ids", "open_id"), ("union_ids", "union_id")];

    /// <summary>Up to 500 of each kind.</summary>
    internal sealed record LookupPeople(IReadOnlyList<string>? Emails, IReadOnlyList<string>? Mobiles, IReadOnlyList<string>? EmployeeNos, IReadOnlyList<string>? UserIds,
        IReadOnlyList<string>? OpenIds, IReadOnlyList<string>? UnionIds, string? App);

    /// <summary>Each address is in one of the two lists.</summary>
    internal sealed record FoundPeople(string App, IReadOnlyList<FoundPerson> Found, IReadOnlyList<UnknownPerson> Unknown);

    /// <summary>A person; what is missing is not permitted to the app.</summary>
    internal sealed record FoundPerson(string By, string Value, PersonView Person);

    /// <summary>An address of nobody (<c>unknown</c>), or of several people (<c>ambiguous</c>).</summary>
    internal sealed record UnknownPerson(string By, string Value, string Reason);

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/people/lookup", (HttpRequest request, PeopleEndpoints on, CancellationToken cancellation) => on.LookupAsync(request, cancellation))
            .WithName("LookupPeople").WithSummary("Find people by mail address, mobile or employee number, or by an id")
            .WithDescription("Nobody is guessed: what belongs to nobody, or to two people, is in unknown. Answers are kept for an hour, unknown ones for five minutes.")
            .Takes<LookupPeople>().Produces<FoundPeople>().CallsPlatform().Needs(ApiScopes.PeopleRead);
        api.MapPost("/people/refresh", async (PeopleEndpoints on, CancellationToken cancellation) => await on.RefreshAsync(cancellation))
            .WithName("RefreshPeople").WithSummary("Forget what is remembered of people, departments and roles")
            .WithDescription("The next question reads them anew. Once a minute: 429 refreshed_lately.").Produces(StatusCodes.Status204NoContent).Refuses(429, 503).Needs(ApiScopes.PeopleRead);
    }

    private async Task<IResult> RefreshAsync(CancellationToken cancellation)
    {
        await refresh.RunAsync(cancellation);
        return TypedResults.NoContent();
    }

    private async Task<IResult> LookupAsync(HttpRequest request, CancellationToken cancellation)
    {
        var body = await RequestJson.ReadAsync(request, LargestBody, cancellation);
        var app = calls.App(Caller.Grant(request.HttpContext), body.Text("app"), body.At("app"));
        var addresses = new List<PersonAddress>();
        foreach (var (member, kind) in Members)
        {
            var at = body.At(member);
            var values = body.Texts(member, MostOfKind, LongestAddress) ?? [];
            for (var i = 0; i < values.Count; i++)
            {
                var pointer = $"{at}/{i.ToString(CultureInfo.InvariantCulture)}";
                addresses.Add(new Recipient(kind, Recipient.Check(kind, values[i].Trim(), pointer), false, pointer).Address!.Value);
            }
        }

        body.End();
        if (addresses.Count == 0) throw RequestRefusedException.Malformed("missing", null, $"Nobody is named: give one of {string.Join(", ", Members.Select(m => m.Member))}.");
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

    public static PersonView Of(DirectoryPerson person) => new() { OpenId = person.OpenId, UserId = person.UserId, UnionId = person.UnionId, Name = person.Name, EnName = person.EnName };
}
