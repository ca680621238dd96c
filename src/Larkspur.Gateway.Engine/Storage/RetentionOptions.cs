using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Storage;

/// <summary>How long ended events and sent messages are remembered. Section <c>Larkspur:Retention</c>.</summary>
public sealed class RetentionOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Retention";

    /// <summary>Default 30 days. Duplicates are recognised as long; Feishu repeats an event for seven hours, so a day is the least.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long dead letters wait for somebody to look at them. Default 90 days; at least <see cref="Keep"/>.</summary>
    public TimeSpan KeepDead { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long lines of the audit log and payments that are over are kept. Default 730 days; at least <see cref="Keep"/>.</summary>
    public TimeSpan KeepRecords { get; set; } = TimeSpan.FromDays(730);

    /// <summary>A round, every ten minutes, begins nothing more after this long; what it has time for is shared among the tables.
    /// Default 30 s.</summary>
    public TimeSpan Round { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary><see cref="Keep"/>, or this when it is longer.</summary>
    internal TimeSpan KeepAtLeast(TimeSpan least) => Keep > least ? Keep : least;

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (Keep < TimeSpan.FromDays(1))
            yield return "Larkspur:Retention:Keep: at least 1.00:00:00 (a day), else late duplicates would have a second effect";
        if (KeepDead < Keep)
            yield return "Larkspur:Retention:KeepDead: at least Larkspur:Retention:Keep; what failed is kept longer than what went well";
        if (KeepRecords < Keep) yield return "Larkspur:Retention:KeepRecords: at least Larkspur:Retention:Keep";
        if (Round <= TimeSpan.Zero) yield return "Larkspur:Retention:Round: must be longer than 00:00:00";
    }
}
