using Microsoft.Net.Http.Headers;

namespace Larkspur.Gateway.Api;

/// <summary>In which language a caller reads refusals: English, unless <c>Accept-Language</c> prefers Chinese.</summary>
internal static class ProblemLanguage
{
    public const string English = "en";
    public const string Chinese = "zh";

    /// <summary>More ranges than any client sends.</summary>
    private const int Most = 20;

    /// <summary>The language of the answer to this request.</summary>
    public static string Of(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var ranges) || ranges.Count > Most) return English;
        var (chinese, english) = (WeightOf(ranges, Chinese), WeightOf(ranges, English));
        // As much of both: what stands first.
        return chinese > english || (chinese > 0 && chinese == english && ranges.First(r => Is(r, Chinese) || Is(r, English)) is { } first && Is(first, Chinese)) ? Chinese : English;
    }

    private static double WeightOf(IList<StringWithQualityHeaderValue> ranges, string language) => ranges.Where(r => Is(r, language)).Select(r => r.Quality ?? 1).DefaultIfEmpty(0).Max();

    private static bool Is(StringWithQualityHeaderValue range, string language) =>
        range.Value.Equals(language, StringComparison.OrdinalIgnoreCase) || range.Value.StartsWith(language + "-", StringComparison.OrdinalIgnoreCase);
}
