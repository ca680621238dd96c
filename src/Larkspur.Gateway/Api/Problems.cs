using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Redaction;

namespace Larkspur.Gateway.Api;

/// <summary>Writes refusals under <c>/api/v1</c> as problems, those of endpoints and those of the framework.</summary>
internal static partial class Problems
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Answers of this address are problems; those of other addresses (webhooks, probes) are small JSON objects with a word.</summary>
    public static bool AreSpokenAt(PathString path) =>
        path.StartsWithSegments("/api") || path.StartsWithSegments(ApiPaths.WebChat) || path.StartsWithSegments(ApiPaths.Scim);

    public static async Task WriteAsync(HttpContext http, Problem problem)
    {
        if (http.Request.Path.StartsWithSegments(ApiPaths.Scim))
        {
            await ScimError.WriteAsync(http, problem.Status, null, problem.Message);
            return;
        }

        var language = ProblemLanguage.Of(http.Request);
        var told = Hidden(language == ProblemLanguage.Chinese ? problem.InChinese() : problem, http.RequestServices.GetRequiredService<SecretRegistry>());
        var bytes = Write(told);
        http.Response.StatusCode = problem.Status;
        http.Response.Headers.ContentLanguage = language;
        http.Response.Headers.Append(Microsoft.Net.Http.Headers.HeaderNames.Vary, Microsoft.Net.Http.Headers.HeaderNames.AcceptLanguage);
        if (problem.RetryAfter is { } after)
            http.Response.Headers.RetryAfter = ((int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        http.Response.ContentType = Problem.ContentType;
        http.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    /// <summary>The problem as an answer's body.</summary>
    public static byte[] Write(Problem problem) =>
        JsonSerializer.SerializeToUtf8Bytes(problem with { Detail = problem.Detail ?? problem.Message }, Json);

    /// <summary>
    /// Without secrets that a platform has repeated in its refusal. Our own sentences hold what the caller has said, and are left: whoever sees
    /// which of his words are hidden could try words until one is.
    /// </summary>
    private static Problem Hidden(Problem problem, SecretRegistry secrets) =>
        problem with { Detail = problem.Detail is { } detail ? secrets.Hide(detail) : null };

    /// <summary>A value that the framework could not read: of the address, or of a body that it reads itself.</summary>
    public static Problem Of(HttpContext http, Microsoft.AspNetCore.Http.BadHttpRequestException failure)
    {
        var problem = Problem.Of(failure.StatusCode, failure.StatusCode switch
        {
            StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType =>
                ProblemCatalogue.WordOf(failure.StatusCode),
            _ => "bad_request",
        });
        if (failure.InnerException is JsonException { Path: { } path })
            return Saying(problem with { Pointer = PointerOf(path) }, ApiTexts.UnexpectedJson);
        if (Parameter().Match(failure.Message) is not { Success: true } match) return problem;
        return Unreadable(http, problem, JsonNamingPolicy.SnakeCaseLower.ConvertName(match.Groups["name"].Value));
    }

    private static Problem Unreadable(HttpContext http, Problem problem, string name) => Saying(
        problem with { Pointer = http.Request.RouteValues.ContainsKey(name) ? $"/{{{name}}}" : "?" + name },
        ApiTexts.UnreadableValue(name));

    private static Problem Saying(Problem problem, LocalText text) => problem with { Message = text.English, MessageZh = text.Chinese };

    /// <summary>Gives answers that are refusals without a word (the router's 404, 405, 415…) their body.</summary>
    public static async Task FillAsync(HttpContext http)
    {
        var answer = http.Response;
        if (answer.HasStarted || answer.StatusCode < 400 || answer.ContentType is not null || answer.ContentLength is not null) return;
        if (answer.StatusCode == StatusCodes.Status400BadRequest && AreSpokenAt(http.Request.Path) && UnreadableParameter.In(http) is { } name)
            await WriteAsync(http, Unreadable(http, Problem.Of(answer.StatusCode, "bad_request"), name));
        else
            await http.WriteErrorAsync(answer.StatusCode, ProblemCatalogue.WordOf(answer.StatusCode));
    }

    /// <summary><c>$.filter.items[2]</c> is <c>/filter/items/2</c>.</summary>
    private static string? PointerOf(string path)
    {
        var steps = Step().Matches(path);
        return steps.Count == 0 ? null : string.Concat(steps.Select(s => "/" + (s.Groups["name"] is { Success: true } name ? name.Value : s.Groups["other"].Value).Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)));
    }

    [GeneratedRegex("""arameter "(?:[^"]+ )?(?<name>\w+)" (?:from "|was not provided from (?:query|route))""", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.(?<name>[^.\[\]]+)|\[(?<other>[0-9]+)\]|\['(?<other>[^']*)'\]", RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Step();
}
