using System.Net;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>A call that passed every check: known endpoint, good token, valid fields.</summary>
public sealed class ApiRequest
{
    public required ApiEndpoint Endpoint { get; init; }
    public required string LogId { get; init; }
    /// <summary>Scheme and host as the caller called them.</summary>
    public required (string Scheme, HostString Host) Origin { get; init; }
    /// <summary>The call as it came: for endpoints that look at headers, and for pages.</summary>
    public required HttpRequest Http { get; init; }
    public required IReadOnlyDictionary<string, string> Path { get; init; }
    public required IQueryCollection Query { get; init; }
    /// <summary>The JSON body, or the text fields of a form; empty when the endpoint takes none.</summary>
    public required JsonObject Body { get; init; }
    public IReadOnlyDictionary<string, UploadedFile> Files { get; init; } = new Dictionary<string, UploadedFile>();
    /// <summary>The body's bytes, for endpoints that read it themselves.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }
    /// <summary>From where the call came.</summary>
    public IPAddress? Remote { get; init; }
    /// <summary>Whose token it was; <see langword="null"/> only at endpoints without authentication.</summary>
    public Caller? Caller { get; init; }

    public BotApp App => Caller?.App ?? throw new InvalidOperationException($"{Endpoint.Id} takes no token and knows no app.");

    public string? Text(string name) => (Body[name] as JsonValue)?.TryGetValue<string>(out var s) == true ? s : null;

    public bool Flag(string name) => Body[name] is JsonValue v && v.TryGetValue<bool>(out var b) && b;

    public IReadOnlyList<string> Texts(string name) =>
        Body[name] is JsonArray list ? [.. list.OfType<JsonValue>().Select(v => v.TryGetValue<string>(out var s) ? s : v.ToJsonString())] : [];

    public string? QueryText(string name) => Query[name] is { Count: > 0 } v && !string.IsNullOrEmpty(v[0]) ? v[0] : null;

    public bool QueryFlag(string name) => QueryText(name) is "true" or "True" or "1";

    public int QueryInt(string name, int fallback) => int.TryParse(QueryText(name), out var n) ? n : fallback;

    /// <summary>The documented error of this endpoint; <paramref name="detail"/> replaces its message.</summary>
    public ApiRefusedException Refuse(long code, string? detail = null)
    {
        var known = Endpoint.Errors.GetValueOrDefault(code);
        return new ApiRefusedException(known?.Http ?? 400, code, detail ?? known?.Message ?? "request refused");
    }
}

/// <param name="Kind">What the token was used as.</param>
/// <param name="UserId">For user tokens: whose.</param>
/// <param name="UserScopes">For user tokens: what the person granted; <see langword="null"/> for all.</param>
public sealed record Caller(BotApp App, TokenKinds Kind, string? UserId = null, IReadOnlySet<string>? UserScopes = null)
{
    /// <summary>Whether the app has the scope, and the person granted it where one acts.</summary>
    public bool May(string scope) => App.IsGranted(scope) && (UserScopes is null || UserScopes.Contains(scope));

    /// <summary>The app with no more scopes than the person granted.</summary>
    public BotApp AppAsGranted => UserScopes is null ? App : App with { GrantedScopes = [.. UserScopes.Where(App.IsGranted)] };
}

/// <summary>The platform says no. Thrown by checks and handlers, turned into the error envelope by the pipeline.</summary>
public sealed class ApiRefusedException(int status, long code, string message) : Exception(message)
{
    public int Status { get; } = status;
    public long Code { get; } = code;
    /// <summary>What a token endpoint of OAuth says as <c>error</c> where no code of the platform is known; then the code is 0.</summary>
    public string? OAuthWord { get; init; }
    public JsonArray? FieldViolations { get; init; }
    public JsonArray? PermissionViolations { get; init; }
    public JsonArray? Helps { get; init; }
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();
}
