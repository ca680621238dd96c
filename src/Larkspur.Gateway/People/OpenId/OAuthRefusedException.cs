using Larkspur.Gateway.Api;

namespace Larkspur.Gateway.People.OpenId;

/// <summary>A request of OAuth that is refused.</summary>
/// <param name="error">The word, as the specifications have it.</param>
/// <param name="message">For whoever sets the client up, in plain ASCII without quotes.</param>
internal sealed class OAuthRefusedException(string error, string message) : Exception(message)
{
    public string Error { get; } = error;

    /// <summary>Of the answer.</summary>
    public int Status { get; init; } = error == "invalid_client" ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest;

    /// <summary>So long the caller should wait; null: it does not matter.</summary>
    public TimeSpan? Wait { get; init; }
}

/// <summary>How the provider answers programs.</summary>
internal static class OAuthAnswers
{
    /// <summary>Runs an endpoint, and answers what it refuses (RFC 6749, section 5.2).</summary>
    public static async Task RunAsync(HttpContext http, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OAuthRefusedException e)
        {
            if (e.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Basic realm=\"larkspur\"";
            if (e.Wait is { } wait)
                http.Response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(wait.TotalSeconds))).ToString();
            await http.WriteJsonAsync(e.Status, json =>
            {
                json.WriteString("error", e.Error);
                json.WriteString("error_description", e.Message);
            });
        }
    }

    /// <summary>Pages of any origin may read the answer; it takes no cookie.</summary>
    public static void AllowOrigins(HttpContext http) => http.Response.Headers.AccessControlAllowOrigin = "*";

    /// <summary>The question that a browser asks before (CORS).</summary>
    public static void Preflight(HttpContext http, string methods)
    {
        AllowOrigins(http);
        http.Response.Headers.AccessControlAllowMethods = methods;
        http.Response.Headers.AccessControlAllowHeaders = "Authorization, Content-Type";
        http.Response.Headers.AccessControlMaxAge = "600";
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
