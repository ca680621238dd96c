using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Console.Pages.Authorizations;

/// <summary>An authorization as a line of the page.</summary>
public sealed record AuthorizationLine
{
    public required string Id { get; init; }

    public required string App { get; init; }

    /// <summary>The person's id here; null: the gateway does not know them yet.</summary>
    public string? Person { get; init; }

    /// <summary>What they are called; their id at the app where no name is known.</summary>
    public required string Name { get; init; }

    /// <summary>Who calls.</summary>
    public required LocalText Holder { get; init; }

    public required LocalText Reason { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>How it stands now.</summary>
    public required string State { get; init; }

    /// <summary>Why it ended, as programs know it.</summary>
    public string? EndedWhy { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Nobody can answer after it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Where the person answers; null: it waits no more, or there is no address.</summary>
    public string? Link { get; init; }

    /// <summary>It can be taken back.</summary>
    public bool IsOpen => State is AuthorizationStates.Waiting or AuthorizationStates.Given;

    /// <summary>The person has said yes, and nothing has ended it.</summary>
    public bool IsGiven => State == AuthorizationStates.Given;

    internal static AuthorizationLine Of(UserAuthorization row, string state, KnownPerson? person, Uri? link) => new()
    {
        Id = row.Id, App = row.App, Person = person?.Id, Name = person?.Name ?? row.OpenId,
        Holder = AuthorizationHolders.NameOf(row.Holder), Reason = row.Reason,
        Scopes = row.Scopes, State = state, EndedWhy = row.EndedWhy, AskedAt = row.AskedAt, ExpiresAt = row.ExpiresAt,
        DecidedAt = row.DecidedAt, EndedAt = row.EndedAt, Link = state == AuthorizationStates.Waiting ? link?.AbsoluteUri : null,
    };
}
