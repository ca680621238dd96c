using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Somebody typed a code; the account that made it is asked whether the two are one person.</summary>
/// <param name="Id"><c>lr_</c> and 32 hex digits: only the chat that is asked knows it.</param>
/// <param name="Account">Number of the account that made the code. It alone may confirm.</param>
/// <param name="Contact">Where it is asked.</param>
/// <param name="Other">Number of the account that typed the code.</param>
/// <param name="OtherContact">Where that one is told what came of it.</param>
/// <param name="ExpiresAt">From here on nothing can be confirmed.</param>
internal sealed record LinkRequest(string Id, long Account, LinkContact Contact, long Other, LinkContact OtherContact, DateTimeOffset ExpiresAt)
{
    public const string Columns = "id, account, contact, other, other_contact, expires_at, outcome";
    public const string Confirmed = "confirmed";
    public const string Refused = "refused";
    public const string Expired = "expired";

    private const string Prefix = "lr_";

    /// <summary>How long the first side may take. The code's time is over when the request's begins.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>What came of it; null: it is open.</summary>
    public string? Outcome { get; init; }

    public static string NewId() => Prefix + Guid.NewGuid().ToString("N");

    public static LinkRequest Read(DbDataReader row) => new(row.GetString(0), row.GetInt64(1), LinkContact.FromJson(row.GetString(2)), row.GetInt64(3), LinkContact.FromJson(row.GetString(4)), row.Time(5))
    {
        Outcome = row.Text(6),
    };
}
