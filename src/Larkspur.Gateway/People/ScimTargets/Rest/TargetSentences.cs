using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.ScimTargets.Rows;

namespace Larkspur.Gateway.People.ScimTargets.Rest;

/// <summary>What is said of targets and of what failed there.</summary>
internal static class TargetSentences
{
    /// <summary>Why somebody is left out or could not be pushed, with what the target said.</summary>
    public static LocalText Of(PushFailure failure) =>
        With(TargetTexts.FindReason(failure.Reason) ?? LocalText.From(failure.Reason), failure.Status, failure.ScimType, failure.Detail);

    /// <summary>Why a target is away or paused, or what it waits for; null: nothing of it.</summary>
    public static LocalText? Of(TargetRow row) => (row.Paused ?? row.Away) is { } word
        ? Whole(word, row.Status, row.Detail)
        : row.Asks > 0 ? TargetTexts.Asks(row.Asks) : null;

    /// <summary>Why nothing works at a target.</summary>
    public static LocalText Whole(string word, int? status, string? detail) =>
        With(TargetTexts.FindWhole(word) ?? TargetTexts.FindReason(word) ?? LocalText.From(word), status, null, detail);

    /// <summary>How a target stands: a word.</summary>
    public static string StateOf(TargetRow row) => row.Paused is not null ? "paused" : row.Away is not null ? "away"
        : row.Asks > 0 ? "waiting" : row.Phase is not null ? "syncing" : "active";

    private static LocalText With(LocalText sentence, int? status, string? type, string? detail)
    {
        if (status is null) return detail is { Length: > 0 } more ? Joined(sentence, LocalText.From(more)) : sentence;
        string?[] parts = [type, detail];
        var said = string.Join(": ", parts.Where(p => p is { Length: > 0 }));
        return Joined(sentence, said.Length > 0 ? TargetTexts.Answered(status.Value, said) : TargetTexts.AnsweredBare(status.Value));
    }

    private static LocalText Joined(LocalText one, LocalText other) =>
        new($"{one.Chinese}{other.Chinese}", $"{one.English} {other.English}");
}
