using System.Data.Common;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Two people who became one.</summary>
/// <param name="Id"><c>jo_</c> and 32 hex digits.</param>
/// <param name="Person">Who remained.</param>
/// <param name="Former">Who became part of them.</param>
/// <param name="How">By which proof: a word of <see cref="PersonJoining"/>.</param>
/// <param name="JoinedAt">When.</param>
/// <param name="UndoUntil">Until when it can be undone.</param>
internal sealed record PersonJoin(string Id, string Person, string Former, string How, DateTimeOffset JoinedAt, DateTimeOffset UndoUntil)
{
    public const string Columns = "id, person, former, how, joined_at, undo_until, undone_at, former_seq, former_created_at, former_disabled_at, person_disabled_at";

    /// <summary>How long a join can be undone.</summary>
    public static readonly TimeSpan UndoPeriod = TimeSpan.FromHours(24);

    private const string Prefix = "jo_";

    public DateTimeOffset? UndoneAt { get; init; }

    /// <summary>The former person's number.</summary>
    public long FormerSeq { get; init; }

    public DateTimeOffset FormerCreatedAt { get; init; }

    /// <summary>Since when the former person was shut out; null: they were not.</summary>
    public DateTimeOffset? FormerDisabledAt { get; init; }

    /// <summary>The same of who remained, before the join.</summary>
    public DateTimeOffset? PersonDisabledAt { get; init; }

    public bool CanBeUndoneAt(DateTimeOffset now) => UndoneAt is null && UndoUntil > now;

    public static string NewId() => Prefix + Guid.NewGuid().ToString("N");

    /// <summary>It has the form of a join's id.</summary>
    public static bool IsId(string text) => text.Length == Prefix.Length + 32 && text.StartsWith(Prefix, StringComparison.Ordinal) && text.Skip(Prefix.Length).All(char.IsAsciiHexDigitLower);

    public static PersonJoin Read(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.Time(4), row.Time(5))
    {
        UndoneAt = row.TimeOrNull(6), FormerSeq = row.GetInt64(7), FormerCreatedAt = row.Time(8), FormerDisabledAt = row.TimeOrNull(9), PersonDisabledAt = row.TimeOrNull(10),
    };
}

/// <summary>A join that is being undone.</summary>
/// <param name="Join">The join.</param>
/// <param name="Person">Who keeps what was theirs: who remained, or whom they have become since.</param>
/// <param name="Former">Who is a person of their own again, under the id of before.</param>
/// <param name="FormerIds">Their id and those that were theirs before the join.</param>
/// <param name="At">Now.</param>
internal sealed record JoinUndo(PersonJoin Join, string Person, KnownPerson Former, IReadOnlySet<string> FormerIds, DateTimeOffset At)
{
    /// <summary>What this account asked meanwhile is the former person's: it is one of theirs, or a session that was begun for them by
    /// id.</summary>
    public bool IsFormers(PlatformAccount account) => account.Ids is [{ Platform: "web", Scope: "", Kind: "person" } named]
        ? FormerIds.Contains(named.Value)
        : account.Ids.Any(id => Former.Accounts.Any(a => a.Ids.Any(own => (own.Platform, own.Scope, own.Kind, own.Compared) == (id.Platform, id.Scope, id.Kind, id.Compared))));
}
