using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json;

namespace Larkspur.Gateway.Api;

/// <summary>
/// What the words of refusals mean, from <c>Texts/problems.json</c>. One file for both languages, unlike the bot's: most entries have a
/// sentence in Chinese alone, and whoever changes one of a pair should see the other.
/// </summary>
internal static class ProblemCatalogue
{
    private static readonly File Texts = Load();

    // These say the same wherever they are said.
    private static readonly FrozenSet<string> General =
        FrozenSet.Create(StringComparer.Ordinal, "not_json", "unavailable", "storage_unavailable", "internal");

    /// <summary>The words that have an entry.</summary>
    public static IReadOnlyDictionary<string, Entry> Words => Texts.Words;

    /// <summary>The word as a headline; without an entry <c>key_in_use</c> is "Key in use".</summary>
    public static string Title(string word) =>
        Of(word)?.Title ?? (word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..].Replace('_', ' '));

    /// <summary>The same in Chinese, or one of the status.</summary>
    public static string ChineseTitle(string word, int status) => (Of(word) ?? Of(status)).TitleZh;

    /// <summary>What a refusal says that brings no sentence of its own: the word's, or one of the status.</summary>
    public static (string English, string Chinese) Sentence(string word, int status)
    {
        var entry = Of(word) is { Sentence: not null } known ? known : Of(status);
        return (entry.Sentence!, entry.SentenceZh!);
    }

    /// <summary>What a reader of Chinese sees where a refusal brings an English sentence alone: particulars stay in that one.</summary>
    public static string GeneralChinese(string word, int status) => Of(word)?.GeneralZh ?? Sentence(word, status).Chinese;

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

    private static Entry? Of(string word) => Texts.Words.GetValueOrDefault(word);

    private static Entry Of(int status) => Texts.Statuses.GetValueOrDefault(status) ?? Texts.Statuses[status >= 500 ? 500 : 400];

    private static File Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("Larkspur.Gateway.Api.Texts.problems.json")!;
        return JsonSerializer.Deserialize<File>(stream, Strict)!;
    }

    // A member that is misspelt would be a text that nobody sees.
    private static JsonSerializerOptions Strict =>
        new(JsonSerializerOptions.Strict) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>What there is to say about a word, or about a status whose word has no entry.</summary>
    internal sealed record Entry
    {
        /// <summary>The headline; null for a status: the word is made one.</summary>
        public string? Title { get; init; }

        public required string TitleZh { get; init; }

        /// <summary>For refusals without a sentence of their own; its translation is there when it is.</summary>
        public string? Sentence { get; init; }

        public string? SentenceZh { get; init; }

        /// <summary>Beside an English sentence that a refusal brings; null: <see cref="SentenceZh"/> does.</summary>
        public string? GeneralZh { get; init; }
    }

    private sealed record File(Dictionary<string, Entry> Words, Dictionary<int, Entry> Statuses);
}
