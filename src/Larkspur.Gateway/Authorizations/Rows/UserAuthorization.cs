using System.Data.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations.Rows;

/// <summary>Somebody is asked to let an app call its platform in their own name, or has let it.</summary>
internal sealed record UserAuthorization
{
    public const string Columns =
        "number, id, app, open_id, holder, owner, scopes, reason_zh, reason_en, state, asked_at, expires_at, decided_at, ended_at, "
        + "ended_why";

    private const string Prefix = "au_";
    private const int Digits = 32;

    /// <summary>Rises with each new one.</summary>
    public long Number { get; init; }

    /// <summary><c>au_</c> and 32 hexadecimal digits. It stands in a link that a person is sent: whoever else has the link cannot answer
    /// it, since the platform says who they are.</summary>
    public required string Id { get; init; }

    /// <summary>The app's name in the settings.</summary>
    public required string App { get; init; }

    /// <summary>The person, as the app knows them.</summary>
    public required string OpenId { get; init; }

    /// <summary>Who calls in their name: a word of <see cref="AuthorizationHolders"/>.</summary>
    public required string Holder { get; init; }

    /// <summary>The business system; empty: the gateway's own, or the administrators'.</summary>
    public required string Owner { get; init; }

    /// <summary>What of the platform may be called.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>What for, as the person reads it.</summary>
    public required LocalText Reason { get; init; }

    /// <summary>As it was written; <see cref="StateAt"/> knows of time.</summary>
    public required string State { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>Nobody can answer after it.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? DecidedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>A word of <see cref="AuthorizationEnds"/>.</summary>
    public string? EndedWhy { get; init; }

    /// <summary>How it stands.</summary>
    public string StateAt(DateTimeOffset now) =>
        State == AuthorizationStates.Waiting && now >= ExpiresAt ? AuthorizationStates.Expired : State;

    /// <summary>The person may say yes to it.</summary>
    public bool IsOpenAt(DateTimeOffset now) => (State is AuthorizationStates.Waiting or AuthorizationStates.Refused) && now < ExpiresAt;

    /// <summary>The person has let it, and nothing has ended it.</summary>
    public bool IsGiven => State == AuthorizationStates.Given;

    public static string NewId() => Prefix + Guid.NewGuid().ToString("N");

    /// <summary>It has the form of an id.</summary>
    public static bool IsId(string? text) => text?.Length == Prefix.Length + Digits && text.StartsWith(Prefix, StringComparison.Ordinal)
        && text.Skip(Prefix.Length).All(char.IsAsciiHexDigitLower);

    public static string Text(IEnumerable<string> scopes) => string.Join(' ', scopes);

    public static UserAuthorization Read(DbDataReader row) => new()
    {
        Number = row.GetInt64(0), Id = row.GetString(1), App = row.GetString(2), OpenId = row.GetString(3), Holder = row.GetString(4),
        Owner = row.GetString(5), Scopes = row.GetString(6).Split(' ', StringSplitOptions.RemoveEmptyEntries),
        Reason = new LocalText(row.GetString(7), row.GetString(8)), State = row.GetString(9), AskedAt = row.Time(10),
        ExpiresAt = row.Time(11), DecidedAt = row.TimeOrNull(12), EndedAt = row.TimeOrNull(13), EndedWhy = row.Text(14),
    };

    /// <summary>The id alone.</summary>
    public override string ToString() => Id;
}
