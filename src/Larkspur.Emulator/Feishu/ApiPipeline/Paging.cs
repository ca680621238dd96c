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
            ["page_token"] = more ? Token(start + page.Length) : "",
        };
    }

    private static string Token(int at) => Convert.ToBase64String(Encoding.ASCII.GetBytes("at:" + at));

    private static int Start(ApiRequest request, long badToken)
    {
        if (request.QueryText("page_token") is not { } token) return 0;
        Span<byte> bytes = stackalloc byte[64];
        if (token.Length <= 64 && Convert.TryFromBase64String(token, bytes, out var length)
            && Encoding.ASCII.GetString(bytes[..length]) is ['a', 't', ':', .. var at] && int.TryParse(at, out var start) && start >= 0) return start;
        throw request.Refuse(badToken, request.Endpoint.Errors.ContainsKey(badToken) ? null : "page_token is invalid");
    }
}
