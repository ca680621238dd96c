using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Clients;

/// <summary>A system that people sign in to.</summary>
internal sealed record OidcClient
{
    public const string Columns = "id, name, secret_hash, settings, enabled, owner, created_at, changed_at, changed_by, secret_at";

    private const string Prefix = "lc_";
    private const int Digits = 32;

    /// <summary>Its <c>client_id</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Null: it is public.</summary>
    public string? SecretHash { get; init; }

    public required ClientSettings Settings { get; init; }

    public bool IsEnabled { get; init; } = true;

    /// <summary>The business system that made it; empty: administrators did.</summary>
    public required string Owner { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    public DateTimeOffset? SecretAt { get; init; }

    /// <summary>It runs where it can keep no secret: a page, a program on people's own machines.</summary>
    public bool IsPublic => SecretHash is null;

    public bool NeedsPkce => IsPublic || Settings.RequirePkce;

    public static string NewId() => Prefix + Guid.NewGuid().ToString("N");

    /// <summary>What does not look like one is not looked up.</summary>
    public static bool IsId(string text) => text.Length == Prefix.Length + Digits
        && text.StartsWith(Prefix, StringComparison.Ordinal) && text.Skip(Prefix.Length).All(char.IsAsciiHexDigitLower);

    public static OidcClient Read(DbDataReader row) => new()
    {
        Id = row.GetString(0), Name = row.GetString(1), SecretHash = row.Text(2), Settings = ClientJson.Read(row.GetString(3)),
        IsEnabled = row.GetInt64(4) != 0, Owner = row.GetString(5), CreatedAt = row.Time(6), ChangedAt = row.Time(7),
        ChangedBy = row.GetString(8), SecretAt = row.TimeOrNull(9),
    };

    /// <summary>One, also one that is switched off; null: there is none.</summary>
    public static async ValueTask<OidcClient?> FindAsync(ISql sql, string? id) => id is null || !IsId(id) ? null
        : await sql.FirstAsync($"SELECT {Columns} FROM oidc_client WHERE id = $1", Read, id);

    /// <summary>The id alone.</summary>
    public override string ToString() => Id;
}
