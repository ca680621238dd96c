using System.Text.Json;
using Larkspur.Gateway.Authorizations.Rows;

namespace Larkspur.Gateway.Authorizations.Rest;

/// <summary>Authorizations, the newest first.</summary>
/// <param name="Next">The cursor of the next page; null: this was the last.</param>
internal sealed record AuthorizationListView(IReadOnlyList<AuthorizationView> Items, long? Next);

/// <summary>What a person is asked, or has let somebody do in their own name.</summary>
internal sealed record AuthorizationView
{
    public required string Id { get; init; }

    /// <summary><c>waiting</c>, <c>given</c>, <c>refused</c>, <c>expired</c> (nobody answered), <c>ended</c>.</summary>
    public required string State { get; init; }

    /// <summary><c>assistant</c>, <c>bot</c>, or <c>system:</c> and a business system's name.</summary>
    public required string Holder { get; init; }

    /// <summary>The business system; empty: the gateway's own, or the administrators'.</summary>
    public required string System { get; init; }

    public required string App { get; init; }

    /// <summary>Who, as the app knows them.</summary>
    public required string OpenId { get; init; }

    /// <summary>Who, by their id here; null: the gateway does not know them yet, or the key lacks people:read.</summary>
    public string? Person { get; init; }

    public string? Name { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required AuthorizationReasonView Reason { get; init; }

    /// <summary>Where the person answers; only while it waits. Whoever else opens it cannot answer.</summary>
    public string? Url { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Nobody can answer after it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary><c>withdrawn</c> by the person or an administrator, <c>given_back</c> by the system, <c>revoked</c> on the platform,
    /// <c>run_out</c>, <c>left</c>, <c>replaced</c> by a wider one.</summary>
    public string? EndedWhy { get; init; }

    public static AuthorizationView Of(UserAuthorization row, DateTimeOffset now, Uri? link, string? person, string? name) => new()
    {
        Id = row.Id, State = row.StateAt(now), Holder = row.Holder, System = row.Owner, App = row.App, OpenId = row.OpenId, Person = person,
        Name = name, Scopes = row.Scopes, Reason = new AuthorizationReasonView(row.Reason.Chinese, row.Reason.English),
        Url = row.StateAt(now) == AuthorizationStates.Waiting ? link?.AbsoluteUri : null, AskedAt = row.AskedAt, ExpiresAt = row.ExpiresAt,
        DecidedAt = row.DecidedAt, EndedAt = row.EndedAt, EndedWhy = row.EndedWhy,
    };
}

/// <summary>What for, in both languages.</summary>
internal sealed record AuthorizationReasonView(string Zh, string En);

/// <summary>What a call in somebody's name brought.</summary>
/// <param name="Data">The platform's answer: its <c>data</c>, or the whole of it where it has none.</param>
/// <param name="LogId">The platform's id of the call, for its support.</param>
internal sealed record CallInNameView(JsonElement Data, string? LogId);
