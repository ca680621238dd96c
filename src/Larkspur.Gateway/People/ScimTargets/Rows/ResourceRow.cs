using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Rows;

/// <summary>Kinds of resources at targets.</summary>
internal static class ResourceKinds
{
    public const string User = "user";
    public const string Group = "group";
}

/// <summary>A person or a department at a target, as it was pushed last.</summary>
/// <param name="Kind">A word of <see cref="ResourceKinds"/>.</param>
/// <param name="Item">The person's id; the department's number.</param>
internal sealed record ResourceRow(string Kind, string Item)
{
    public const string Columns = "r.kind, r.item, r.id, r.remote_id, r.name, r.pushed, r.is_active, r.off_since, r.off_at, r.reason,"
        + " r.status, r.scim_type, r.detail, r.tries, r.not_before, r.changed_at";

    /// <summary>0: there is no row yet.</summary>
    public long Id { get; init; }

    /// <summary>The target's id of it; null: it is not there, as far as is known.</summary>
    public string? RemoteId { get; init; }

    /// <summary>userName or displayName there.</summary>
    public string? Name { get; init; }

    /// <summary>Hashes of the attributes that were pushed, by their names: what has the same is not pushed again, and nobody can read here
    /// what it was.</summary>
    public IReadOnlyDictionary<string, string> Pushed { get; init; } = new Dictionary<string, string>();

    public bool IsActive { get; init; } = true;

    /// <summary>It waits to be deactivated since then.</summary>
    public DateTimeOffset? OffSince { get; init; }

    /// <summary>When it was deactivated; null: never, or somebody was asked before.</summary>
    public DateTimeOffset? OffAt { get; init; }

    public PushFailure? Failure { get; init; }

    public int Tries { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public static ResourceRow Read(DbDataReader row) => new(row.GetString(0), row.GetString(1))
    {
        Id = row.GetInt64(2), RemoteId = row.Text(3), Name = row.Text(4),
        Pushed = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(5))!, IsActive = row.GetInt64(6) != 0,
        OffSince = row.TimeOrNull(7), OffAt = row.TimeOrNull(8),
        Failure = row.Text(9) is { } reason
            ? new(reason, row.IsDBNull(10) ? null : (int)row.GetInt64(10), row.Text(11), row.Text(12)) : null,
        Tries = (int)row.GetInt64(13), NotBefore = row.TimeOrNull(14), ChangedAt = row.Time(15),
    };

    /// <summary>It is done as it should be: nothing failed before.</summary>
    public ResourceRow Well() => this with { Failure = null, Tries = 0, NotBefore = null };

    /// <summary>It differs in more than the time.</summary>
    public bool Differs(ResourceRow other) => this with { Pushed = other.Pushed, ChangedAt = other.ChangedAt } != other
        || !Pushed.OrderBy(p => p.Key, StringComparer.Ordinal).SequenceEqual(other.Pushed.OrderBy(p => p.Key, StringComparer.Ordinal));
}

/// <summary>Why a person or department is left out, or could not be pushed.</summary>
/// <param name="Reason">A word of <c>TargetTexts.json</c>.</param>
/// <param name="Status">What the target answered; null: nothing.</param>
/// <param name="ScimType">Its <c>scimType</c>.</param>
/// <param name="Detail">Its <c>detail</c>, or what else helps; without secrets.</param>
internal sealed record PushFailure(string Reason, int? Status = null, string? ScimType = null, string? Detail = null)
{
    private static readonly string[] LeftOut = ["no_user_name", "bad_user_name", "hidden", "duplicate", "no_group_name"];

    /// <summary>The reasons of what is left out, as a list of SQL.</summary>
    public static readonly string LeftOutReasons = $"('{string.Join("', '", LeftOut)}')";

    /// <summary>The name alone does not make it theirs.</summary>
    /// <param name="externalId">What an administrator writes at the target, where it is.</param>
    public static PushFailure NotOurs(string externalId) => new("taken", Detail: $"externalId = {externalId}");

    /// <summary>Not a failure of the target's: the gateway does not push it, and says so.</summary>
    public bool IsLeftOut => LeftOut.Contains(Reason, StringComparer.Ordinal);
}
