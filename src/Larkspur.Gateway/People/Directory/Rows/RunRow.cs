using System.Data.Common;
using System.Text.Json;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Rows;

/// <summary>A run of a directory's sync.</summary>
internal sealed record RunRow
{
    public const string Columns = "id, platform, app, cause, asked_by, dry, confirms, state, reason, detail, token, progress, counts, "
        + "created_at, started_at, ended_at";

    public long Id { get; init; }

    public required string Platform { get; init; }

    public required string App { get; init; }

    /// <summary>A word of <see cref="RunCauses"/>.</summary>
    public required string Cause { get; init; }

    public required string AskedBy { get; init; }

    public bool IsDry { get; init; }

    /// <summary>The run whose question was answered with yes.</summary>
    public long? Confirms { get; init; }

    /// <summary>A word of <see cref="RunStates"/>.</summary>
    public required string State { get; init; }

    /// <summary>Why it failed, or what it asks: a word of <c>DirectoryTexts.json</c>.</summary>
    public string? Reason { get; init; }

    public string? Detail { get; init; }

    /// <summary>Which process's work counts.</summary>
    public long Token { get; init; }

    public RunProgress? Progress { get; init; }

    public RunCounts Counts { get; init; } = new();

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public static RunRow Read(DbDataReader row) => new()
    {
        Id = row.GetInt64(0), Platform = row.GetString(1), App = row.GetString(2), Cause = row.GetString(3), AskedBy = row.GetString(4),
        IsDry = row.GetInt64(5) != 0, Confirms = row.IsDBNull(6) ? null : row.GetInt64(6), State = row.GetString(7),
        Reason = row.Text(8), Detail = row.Text(9), Token = row.GetInt64(10),
        Progress = row.Text(11) is { } progress ? JsonSerializer.Deserialize<RunProgress>(progress) : null,
        Counts = row.Text(12) is { } counts ? JsonSerializer.Deserialize<RunCounts>(counts)! : new RunCounts(),
        CreatedAt = row.Time(13), StartedAt = row.TimeOrNull(14), EndedAt = row.TimeOrNull(15),
    };
}

/// <summary>How far a run came, so that another process can go on.</summary>
/// <param name="Done">Parts that were read to their end.</param>
/// <param name="Seen">Who was met, a bit for each row.</param>
internal sealed record RunProgress(IReadOnlyList<string> Done, byte[] Seen);

/// <summary>How a run stands.</summary>
internal static class RunStates
{
    public const string Queued = "queued";
    public const string Running = "running";

    /// <summary>It asks an administrator before anybody is taken for gone.</summary>
    public const string Waiting = "waiting";

    public const string Complete = "complete";
    public const string Failed = "failed";

    /// <summary>Its question was answered with no, or a later run asks it again.</summary>
    public const string Discarded = "discarded";

    /// <summary>Its question was answered with yes: another run did it.</summary>
    public const string Applied = "applied";
}

/// <summary>What made a run begin.</summary>
internal static class RunCauses
{
    public const string Manual = "manual";
    public const string Nightly = "nightly";

    /// <summary>What the app may see has changed, or so much that single questions are too many.</summary>
    public const string Events = "events";

    /// <summary>Events could not come for so long that some may be lost.</summary>
    public const string Outage = "outage";

    /// <summary>The question of another run was answered with yes.</summary>
    public const string Confirmed = "confirmed";
}
