using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Tokens;

/// <summary>What a person gave a client at one sign-in. Its tokens end with it.</summary>
internal sealed record TokenFamily
{
    public const string Columns = "f.id, f.client, f.person, f.sid, f.offline, f.scopes, f.auth_time, f.used_at, f.expires_at, f.ended_at";

    /// <summary>Columns that <see cref="Read"/> takes.</summary>
    public const int Width = 10;

    public required string Id { get; init; }

    public required string Client { get; init; }

    public required string Person { get; init; }

    /// <summary>The session that it came of.</summary>
    public required string Sid { get; init; }

    /// <summary>It outlasts the session.</summary>
    public required bool IsOffline { get; init; }

    public required string Scopes { get; init; }

    public required DateTimeOffset AuthTime { get; init; }

    /// <summary>When a refresh token of it was used last.</summary>
    public required DateTimeOffset UsedAt { get; init; }

    /// <summary>Nothing of it holds longer.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public static string NewId() => "lf_" + Guid.NewGuid().ToString("N");

    public static TokenFamily Read(DbDataReader row) => new()
    {
        Id = row.GetString(0), Client = row.GetString(1), Person = row.GetString(2), Sid = row.GetString(3),
        IsOffline = row.GetInt64(4) != 0, Scopes = row.GetString(5), AuthTime = row.Time(6), UsedAt = row.Time(7),
        ExpiresAt = row.Time(8), EndedAt = row.TimeOrNull(9),
    };

    public override string ToString() => Id;
}

/// <summary>A token that somebody shows, with its family.</summary>
internal sealed record KnownToken
{
    public required string Hash { get; init; }

    public required bool IsRefresh { get; init; }

    public required string Scopes { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Of a refresh token: it was exchanged then.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    public required TokenFamily Family { get; init; }

    public override string ToString() => Family.Id;
}
