using System.Globalization;

namespace Larkspur.Gateway.People.Scim;

/// <summary>What a list is asked for.</summary>
/// <param name="Terms">The filter.</param>
/// <param name="Start">The first, counted from 1.</param>
/// <param name="Count">How many; 0: only how many there are.</param>
internal sealed record ScimQuery(IReadOnlyList<ScimTerm> Terms, int Start, int Count)
{
    public const int MostOnPage = 200;
    private const int NormalPage = 100;

    public static ScimQuery Of(HttpRequest request) => new(ScimFilter.Read(request.Query["filter"]),
        Math.Max(1, Number(request, "startIndex") ?? 1), Math.Clamp(Number(request, "count") ?? NormalPage, 0, MostOnPage));

    /// <summary>Its rows, the smallest number first.</summary>
    public string Page => string.Create(CultureInfo.InvariantCulture, $"LIMIT {Count} OFFSET {Start - 1}");

    private static int? Number(HttpRequest request, string name)
    {
        if (request.Query[name] is not [{ Length: > 0 } text]) return null;
        return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
            : throw ScimRefusedException.Value($"{name} is no number.");
    }
}
