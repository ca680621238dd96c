using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>What is said of syncs and of rows that do not get on.</summary>
internal static class SyncSentences
{
    /// <summary>How a sync stands: a word.</summary>
    public static string StateOf(SyncRecord row) => row.Paused is not null ? "paused" : row.Away is not null ? "away" : row.Phase switch
    {
        Phases.SurveyTable or Phases.SurveySource => "surveying",
        Phases.Ready => "ready",
        Phases.CopySource or Phases.CopyTable => "copying",
        _ => "live",
    };

    /// <summary>Why a sync is paused or away, or what it waits for; null: nothing of it.</summary>
    public static LocalText? Of(SyncRecord row) => (row.Paused ?? row.Away) is { } word
        ? Whole(word, row.Side?.Side, row.Detail)
        : row.Asks > 0 ? SyncRestTexts.Waits(row.Asks) : null;

    /// <summary>Why nothing works.</summary>
    /// <param name="word">A word of <see cref="Syncs.Sides.Problems"/>.</param>
    /// <param name="side">Of the table or of the source; null: of both.</param>
    /// <param name="detail">The side's own words.</param>
    public static LocalText Whole(string word, SideName? side, string? detail) => With(SyncRestTexts.FindWhole(word)
        ?? (side == SideName.Table ? SyncRestTexts.FindTable(word) : SyncRestTexts.FindSource(word))
        ?? SyncRestTexts.FindRow(word) ?? LocalText.From(word), detail);

    /// <summary>Why a row does not get on.</summary>
    public static LocalText Row(string word, string? detail = null) => With(SyncRestTexts.FindRow(word) ?? LocalText.From(word), detail);

    private static LocalText With(LocalText text, string? detail) =>
        detail is { Length: > 0 } ? new($"{text.Chinese}（{detail}）", $"{text.English} ({detail})") : text;
}
