using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>Cuts a list into pages; a token holds the place where the next page starts.</summary>
internal static class Paging
{
    public static JsonObject Page<T>(ApiRequest request, IReadOnlyList<T> all, Func<T, JsonNode?> show, int fallbackSize, string items = "items", long badToken = 99992402)
    {
        var size = Math.Max(1, request.QueryInt("page_size", fallbackSize));
        var start = Start(request, badToken);
        var page = all.Skip(start).Take(size).ToArray();
        var more = start + page.Length < all.Count;
        return new JsonObject
        {
            [items] = new JsonArray([.. page.Select(show)]),
            ["has_more"] = more,
            ["page_token"] = more ? Token("at", start + page.Length) : "",
        };
    }

    /// <summary>Words of a token as the wire has them.</summary>
    public static string Token(params ReadOnlySpan<object> words) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(string.Join(':', words)));

    /// <returns>The words of a token; none: it is no token.</returns>
    public static string[] Words(string token)
    {
        Span<byte> bytes = stackalloc byte[64];
        return token.Length <= 64 && Convert.TryFromBase64String(token, bytes, out var length)
            ? Encoding.ASCII.GetString(bytes[..length]).Split(':') : [];
    }

    /// <summary>A place in a list.</summary>
    public static bool Place(string word, out int place) => int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out place);

    private static int Start(ApiRequest request, long badToken)
    {
        if (request.QueryText("page_token") is not { } token) return 0;
        if (Words(token) is ["at", var at] && Place(at, out var start)) return start;
        throw request.Refuse(badToken, request.Endpoint.Errors.ContainsKey(badToken) ? null : "page_token is invalid");
    }
}
