using System.Collections.Frozen;
using System.Globalization;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Api;

/// <summary>What the words of refusals mean: which of the texts of <see cref="ProblemTexts"/> a refusal says.</summary>
internal static class ProblemCatalogue
{
    // These say the same wherever they are said.
    private static readonly FrozenSet<string> General =
        FrozenSet.Create(StringComparer.Ordinal, "not_json", "unavailable", "storage_unavailable", "internal");

    /// <summary>The words that have an entry.</summary>
    public static IReadOnlyList<string> Words { get; } = ProblemTexts.TitleKeys;

    /// <summary>The word as a headline; without an entry <c>key_in_use</c> is "Key in use".</summary>
    public static string Title(string word) => ProblemTexts.FindTitle(word)?.English
        ?? (word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..].Replace('_', ' '));

    /// <summary>The same in Chinese, or one of the status.</summary>
    public static string ChineseTitle(string word, int status) => ProblemTexts.FindTitle(word)?.Chinese
        ?? ProblemTexts.FindStatusTitle(Key(status)) ?? ProblemTexts.FindStatusTitle(Group(status))!;

    /// <summary>What a refusal says that brings no sentence of its own: the word's, or one of the status.</summary>
    public static LocalText Sentence(string word, int status) => ProblemTexts.FindSentence(word)
        ?? ProblemTexts.FindStatusSentence(Key(status)) ?? ProblemTexts.FindStatusSentence(Group(status))!;

    /// <summary>What a reader of Chinese sees where a refusal brings an English sentence alone: particulars stay in that one.</summary>
    public static string GeneralChinese(string word, int status) => ProblemTexts.FindGeneral(word) ?? Sentence(word, status).Chinese;

    /// <summary>The word's sentence holds for every refusal with it.</summary>
    public static bool IsGeneral(string word) => General.Contains(word);

    /// <summary>The word of a status that comes without one.</summary>
    public static string WordOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "wrong_api_key",
        StatusCodes.Status403Forbidden => "not_permitted",
        StatusCodes.Status404NotFound => "not_found",
        StatusCodes.Status405MethodNotAllowed => "method_not_allowed",
        StatusCodes.Status409Conflict => "conflict",
        StatusCodes.Status413PayloadTooLarge => "body_too_large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported_media_type",
        StatusCodes.Status429TooManyRequests => "rate_limited",
        StatusCodes.Status503ServiceUnavailable => "unavailable",
        >= 500 => "internal",
        _ => "bad_request",
    };

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);

    /// <summary>A status that has no texts says those of its kind.</summary>
    private static string Group(int status) => status >= 500 ? "500" : "400";
}
