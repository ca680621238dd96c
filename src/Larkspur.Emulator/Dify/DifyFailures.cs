namespace Larkspur.Emulator.Dify;

/// <summary>The ways in which the failing app fails, by the first word of the question.</summary>
internal static class DifyFailures
{
    /// <summary>Before the stream: code and status.</summary>
    private static readonly Dictionary<string, int> Before = new(StringComparer.Ordinal)
    {
        ["provider_quota_exceeded"] = 400, ["provider_not_initialize"] = 400, ["model_currently_not_support"] = 400, ["completion_request_error"] = 400, ["app_unavailable"] = 400,
        ["agent_not_published"] = 400, ["conversation_completed"] = 400, ["forbidden"] = 403, ["too_many_requests"] = 429, ["rate_limit_error"] = 429, ["internal_server_error"] = 500,
    };

    public static string WordOf(string query) => query.Split(' ', 2)[0];

    /// <returns>True: it was answered.</returns>
    public static async Task<bool> AnswerAsync(HttpContext http, string query)
    {
        var word = WordOf(query);
        if (Before.TryGetValue(word, out var status)) throw new DifyRefusal(status, word, "The emulator was asked to fail like this.");
        if (word != "html") return false;
        http.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
        http.Response.ContentType = "text/html";
        await http.Response.WriteAsync("<html><body><h1>504 Gateway Time-out</h1></body></html>");
        return true;
    }
}
