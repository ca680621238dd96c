using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>A person's session of the web chat.</summary>
internal sealed record WebSession
{
    public const string Prefix = "ws_";
    public const string Columns = "s.id, s.session, s.person, s.issuer, s.subject, s.name, s.email, s.language, s.origins, s.created_at, s.created_by, s.expires_at, s.revoked_at, s.revoked_by, p.disabled_at, "
        + "s.named, s.owner";

    /// <summary>Its row; rises with each new one.</summary>
    public long Id { get; init; }

    /// <summary><c>ws_</c> and 32 hexadecimal digits; no secret.</summary>
    public required string Name { get; init; }

    /// <summary>Whose it is, also after the person has become another.</summary>
    public required string Person { get; init; }

    /// <summary>Who calls the person <see cref="Subject"/>.</summary>
    public string? Issuer { get; init; }

    /// <summary>Null: it was begun for the person itself.</summary>
    public string? Subject { get; init; }

    /// <summary>The person whom it was begun for by id, also after they have become another; null: it was begun for a subject.</summary>
    public string? Named { get; init; }

    public string? PersonName { get; init; }

    public string? Email { get; init; }

    /// <summary>Null: the browser's.</summary>
    public Language? Language { get; init; }

    public required IReadOnlyList<string> Origins { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public string? RevokedBy { get; init; }

    /// <summary>The system whose key began it; empty: the key of LARKSPUR_API_KEY did.</summary>
    public required string Owner { get; init; }

    /// <summary>An administrator shut the person out.</summary>
    public bool IsShutOut { get; init; }

    /// <summary>Who writes in it.</summary>
    public PlatformAccount Account => Subject is null ? UserResolver.OfPerson(WebChat.App, Named ?? Person)
        : new PlatformAccount { Platform = WebChat.Platform, App = WebChat.App, Ids = [IdentityOf(Issuer!, Subject)], Name = PersonName, VerifiedEmail = Email };

    public string StateAt(DateTimeOffset now) => RevokedAt is not null ? "revoked" : ExpiresAt <= now ? "expired" : "active";

    public bool IsOpenAt(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now && !IsShutOut;

    /// <summary>Whom an issuer calls so.</summary>
    public static PlatformIdentity IdentityOf(string issuer, string subject) => new(WebChat.Platform, issuer, "subject", subject);

    public static string NewName() => Prefix + Guid.NewGuid().ToString("N");

    /// <summary>It has the form of a session's name.</summary>
    public static bool IsName(string text) => text.Length == Prefix.Length + 32 && text.StartsWith(Prefix, StringComparison.Ordinal) && text.AsSpan(Prefix.Length).IndexOfAnyExceptInRange('0', 'f') < 0 && text.AsSpan(Prefix.Length).IndexOfAnyInRange(':', '`') < 0;

    public static WebSession Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Name = row.GetString(1), Person = row.GetString(2), Issuer = row.Text(3), Subject = row.Text(4), PersonName = row.Text(5), Email = row.Text(6),
        Language = Languages.FromTag(row.Text(7)), Origins = JsonSerializer.Deserialize<string[]>(row.GetString(8)) ?? [], CreatedAt = row.Time(9), CreatedBy = row.GetString(10), ExpiresAt = row.Time(11),
        RevokedAt = row.TimeOrNull(12), RevokedBy = row.Text(13), IsShutOut = !row.IsDBNull(14), Named = row.Text(15), Owner = row.GetString(16),
    };
}
