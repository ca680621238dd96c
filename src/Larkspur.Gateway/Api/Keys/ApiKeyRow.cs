using System.Collections.Frozen;
using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Api.Keys;

/// <summary>A key as it is kept. <see cref="OldUntil"/>: until then the key before the last rotation is taken too.</summary>
internal sealed record ApiKeyRow(long Id, string Name, string Prefix, string Hash, string? OldHash, DateTimeOffset? OldUntil, FrozenSet<string> Scopes, int PerMinute,
    DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? RotatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? UsedAt, DateTimeOffset? RevokedAt, string? RevokedBy, KeyReach Reach)
{
    public const string Columns = "id, name, prefix, hash, old_hash, old_until, scopes, per_minute, created_at, created_by, "
        + "rotated_at, expires_at, used_at, revoked_at, revoked_by, system, apps, issuers, addresses, holder, left_at";

    public static ApiKeyRow Read(DbDataReader row) => new(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Text(4), row.TimeOrNull(5), ScopesOf(row.GetString(6)),
        (int)row.GetInt64(7), row.Time(8), row.GetString(9), row.TimeOrNull(10), row.TimeOrNull(11), row.TimeOrNull(12), row.TimeOrNull(13), row.Text(14),
        KeyReach.Read(row.GetString(15), row.Text(16), row.Text(17), row.Text(18)))
    {
        Holder = row.Text(19), HolderLeftAt = row.TimeOrNull(20),
    };

    /// <summary>A key that its holder left behind.</summary>
    public const string HolderLeft = "holder_left";

    /// <summary>The person whose it is; null: nobody's, its system's alone.</summary>
    public string? Holder { get; init; }

    /// <summary>Since then the holder may not work: it opens nothing until it is handed over.</summary>
    public DateTimeOffset? HolderLeftAt { get; init; }

    /// <summary><c>active</c>, <c>holder_left</c>, <c>expired</c> or <c>revoked</c>.</summary>
    public string StateAt(DateTimeOffset now) =>
        RevokedAt is not null ? "revoked" : HolderLeftAt is not null ? HolderLeft : ExpiresAt <= now ? "expired" : "active";

    private static FrozenSet<string> ScopesOf(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);
}
