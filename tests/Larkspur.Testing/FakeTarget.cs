using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Larkspur.Testing;

/// <summary>A request that a target got.</summary>
public sealed record TargetRequest(string Method, string Path, string Query, JsonObject? Body)
{
    public bool IsWrite => Method is not "GET";

    public override string ToString() => $"{Method} {Path}{Query} {Body?.ToJsonString()}";
}

/// <summary>A SCIM service in memory, written from RFC 7644 alone, as odd as it is told to be.</summary>
public sealed partial class FakeTarget : IAsyncDisposable
{
    public const string Token = "token-of-the-target-0123456789";

    private readonly Lock _gate = new();
    private readonly WebApplication _app;
    private int _ids;

    private FakeTarget(WebApplication app) => _app = app;

    public string Url => _app.Urls.Single() + "/scim/v2";

    public ConcurrentQueue<TargetRequest> Requests { get; } = new();

    public ConcurrentDictionary<string, JsonObject> Users { get; } = new();

    public ConcurrentDictionary<string, JsonObject> Groups { get; } = new();

    /// <summary>Answers in place of the service; null: it answers itself.</summary>
    public Func<TargetRequest, (int Status, string Body, string? RetryAfter)?> Odd { get; set; } = static _ => null;

    /// <summary>Requests that this says of are never answered.</summary>
    public Func<TargetRequest, bool> Hangs { get; set; } = static _ => false;

    public string Accepted { get; set; } = Token;

    /// <summary>Lists have everything, whatever is asked for.</summary>
    public bool IgnoresFilters { get; set; }

    /// <summary>Filters find names in their own case alone, and a name in another case is another name.</summary>
    public bool TellsCasesApart { get; set; }

    /// <summary>501 to PATCH, and said so in its description.</summary>
    public bool LacksPatch { get; set; }

    /// <summary>501 to PATCH, and not said so.</summary>
    public bool HidesThatItLacksPatch { get; set; }

    /// <summary>Truth is written as a text, as Entra writes it.</summary>
    public bool WritesTruthAsText { get; set; }

    public IEnumerable<TargetRequest> Writes => Requests.Where(r => r.IsWrite);

    public static async Task<FakeTarget> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var target = new FakeTarget(app);
        app.Map("/scim/v2/{**path}", target.AnswerAsync);
        await app.StartAsync();
        return target;
    }

    /// <summary>An account that was there before.</summary>
    public string Add(string userName, string? externalId = null, bool active = true)
    {
        var id = NewId();
        Users[id] = new JsonObject { ["id"] = id, ["userName"] = userName, ["active"] = active, ["nickName"] = "kept" };
        if (externalId is not null) Users[id]["externalId"] = externalId;
        return id;
    }

    /// <summary>A group that was there before.</summary>
    public string AddGroup(string name, params string[] members)
    {
        var id = NewId();
        Groups[id] = new JsonObject
        {
            ["id"] = id, ["displayName"] = name,
            ["members"] = new JsonArray([.. members.Select(m => (JsonNode?)new JsonObject { ["value"] = m })]),
        };
        return id;
    }

    /// <summary>The account of a name, in any case; null: there is none.</summary>
    public JsonObject? User(string userName) => Users.Values.FirstOrDefault(u =>
        string.Equals(Text(u, "userName"), userName, StringComparison.OrdinalIgnoreCase));

    public JsonObject? Group(string name) => Groups.Values.FirstOrDefault(g => Text(g, "displayName") == name);

    /// <summary>userNames of who is in a group.</summary>
    public string[] MembersOf(string group) => Group(group) is not { } found ? []
        : [.. (found["members"] as JsonArray ?? []).Select(m => Text(Users[Text(m!, "value")!], "userName")!).Order(StringComparer.Ordinal)];

    public bool IsActive(string userName) => User(userName)?["active"] is JsonValue value && value.TryGetValue<bool>(out var active) && active;

    public static string? Text(JsonNode of, string name) => of[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private string NewId() => "r" + Interlocked.Increment(ref _ids).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var text = await reader.ReadToEndAsync();
        var path = http.Request.Path.Value!["/scim/v2".Length..];
        var request = new TargetRequest(http.Request.Method, path, http.Request.QueryString.Value ?? "",
            text.Length == 0 ? null : JsonSerializer.Deserialize<JsonObject>(text));
        Requests.Enqueue(request);
        if (Hangs(request)) await new TaskCompletionSource().Task.WaitAsync(http.RequestAborted);
        int status;
        string? body;
        if (http.Request.Headers.Authorization != "Bearer " + Accepted) (status, body) = (401, Error(401, null, "no"));
        else if (Odd(request) is { } odd)
        {
            (status, body) = (odd.Status, odd.Body);
            if (odd.RetryAfter is { } wish) http.Response.Headers.RetryAfter = wish;
            if (odd.Status is >= 300 and < 400) http.Response.Headers.Location = "http://127.0.0.1:9/elsewhere";
        }
        else
        {
            lock (_gate) (status, body) = Do(request, http.Request.Query);
        }

        http.Response.StatusCode = status;
        http.Response.ContentType = "application/scim+json";
        if (body is not null && status != 204) await http.Response.WriteAsync(body, http.RequestAborted);
    }

    private (int Status, string? Body) Do(TargetRequest request, IQueryCollection query)
    {
        if (request.Path == "/ServiceProviderConfig")
            return (200, new JsonObject { ["patch"] = new JsonObject { ["supported"] = !LacksPatch } }.ToJsonString());
        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (of, name) = parts[0] switch { "Users" => (Users, "userName"), "Groups" => (Groups, "displayName"), _ => (null, "") };
        if (of is null) return (404, Error(404, null, "no such endpoint"));
        if (parts.Length == 1) return request.Method == "POST" ? Make(of, name, request.Body!) : List(of, query);
        var id = Uri.UnescapeDataString(parts[1]);
        if (!of.TryGetValue(id, out var resource)) return (404, Error(404, null, "no such resource"));
        switch (request.Method)
        {
            case "GET":
                return (200, Shown(resource));
            case "PUT":
                var put = (JsonObject)request.Body!.DeepClone();
                put["id"] = id;
                of[id] = put;
                return (200, Shown(put));
            case "PATCH" when LacksPatch || HidesThatItLacksPatch:
                return (501, Error(501, null, "no PATCH"));
            case "PATCH":
                return Patch(of, id, resource, request.Body!);
            default:
                of.TryRemove(id, out _);
                return (204, null);
        }
    }

    private (int, string?) Make(ConcurrentDictionary<string, JsonObject> of, string name, JsonObject body)
    {
        if (of.Values.Any(r => string.Equals(Text(r, name), Text(body, name), TellsCasesApart ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase)))
            return (409, Error(409, "uniqueness", "There is one already"));
        var id = NewId();
        var made = (JsonObject)body.DeepClone();
        made["id"] = id;
        of[id] = made;
        return (201, Shown(made));
    }

    private (int, string?) List(ConcurrentDictionary<string, JsonObject> of, IQueryCollection query)
    {
        IEnumerable<JsonObject> found = of.Values.OrderBy(r => int.Parse(Text(r, "id")![1..], System.Globalization.CultureInfo.InvariantCulture));
        if (!IgnoresFilters && query["filter"].ToString() is { Length: > 0 } filter)
        {
            var asked = Filter().Match(filter);
            if (!asked.Success) return (400, Error(400, "invalidFilter", filter));
            var value = JsonSerializer.Deserialize<string>(asked.Groups[2].Value)!;
            var comparison = asked.Groups[1].Value == "externalId" || TellsCasesApart ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
            found = found.Where(r => string.Equals(Text(r, asked.Groups[1].Value), value, comparison));
        }

        var all = found.ToArray();
        var start = int.Parse(query["startIndex"].FirstOrDefault() ?? "1", System.Globalization.CultureInfo.InvariantCulture);
        var count = int.Parse(query["count"].FirstOrDefault() ?? "100", System.Globalization.CultureInfo.InvariantCulture);
        var page = all.Skip(start - 1).Take(count).ToArray();
        return (200, new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:ListResponse"), ["totalResults"] = all.Length,
            ["startIndex"] = start, ["itemsPerPage"] = page.Length,
            ["Resources"] = new JsonArray([.. page.Select(r => JsonNode.Parse(Shown(r)))]),
        }.ToJsonString());
    }

    private (int, string?) Patch(ConcurrentDictionary<string, JsonObject> of, string id, JsonObject resource, JsonObject body)
    {
        var changed = (JsonObject)resource.DeepClone();
        foreach (var operation in body["Operations"]!.AsArray())
        {
            var (op, path, value) = (Text(operation!, "op")!, Text(operation!, "path")!, operation!["value"]);
            if (Leaving().Match(path) is { Success: true } leaving)
            {
                var gone = JsonSerializer.Deserialize<string>(leaving.Groups[1].Value);
                if (changed["members"] is JsonArray there) changed["members"] = new JsonArray([.. there.Where(m => Text(m!, "value") != gone).Select(m => m!.DeepClone())]);
            }
            else if (path == "members" && op == "add")
            {
                if (value!.AsArray().FirstOrDefault(m => !Users.ContainsKey(Text(m!, "value")!)) is not null)
                    return (400, Error(400, "invalidValue", "No such member"));
                var members = changed["members"] as JsonArray ?? [];
                foreach (var member in value.AsArray().Where(m => !members.Any(k => Text(k!, "value") == Text(m!, "value"))).ToArray())
                    members.Add(member!.DeepClone());
                changed["members"] = members.DeepClone();
            }
            else
            {
                var holder = changed;
                var last = path;
                if (path.StartsWith("urn:", StringComparison.Ordinal))
                {
                    var colon = path.LastIndexOf(':');
                    if (changed[path[..colon]] is not JsonObject inner) changed[path[..colon]] = inner = [];
                    (holder, last) = (inner, path[(colon + 1)..]);
                }
                else if (path.IndexOf('.') is > 0 and var dot)
                {
                    if (changed[path[..dot]] is not JsonObject inner) changed[path[..dot]] = inner = [];
                    (holder, last) = (inner, path[(dot + 1)..]);
                }

                holder.Remove(last);
                if (op == "replace") holder[last] = value!.DeepClone();
            }
        }

        of[id] = changed;
        return (200, Shown(changed));
    }

    private string Shown(JsonObject resource)
    {
        var shown = (JsonObject)resource.DeepClone();
        if (WritesTruthAsText && shown["active"] is JsonValue truth) shown["active"] = truth.GetValue<bool>() ? "True" : "False";
        return shown.ToJsonString();
    }

    public static string Error(int status, string? type, string detail)
    {
        var error = new JsonObject
        {
            ["schemas"] = new JsonArray("urn:ietf:params:scim:api:messages:2.0:Error"),
            ["status"] = status.ToString(System.Globalization.CultureInfo.InvariantCulture), ["detail"] = detail,
        };
        if (type is not null) error["scimType"] = type;
        return error.ToJsonString();
    }

    [GeneratedRegex("^(\\w+) eq (\".*\")$")]
    private static partial Regex Filter();

    [GeneratedRegex("^members\\[value eq (\".*\")\\]$")]
    private static partial Regex Leaving();
}
