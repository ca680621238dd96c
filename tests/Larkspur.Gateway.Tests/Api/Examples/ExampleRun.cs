using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Gateway.Api.Examples;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Api.Examples;

/// <summary>Sends examples, one after the other. An id in an example's answer means from then on the one that was really given.</summary>
internal sealed partial class ExampleRun(ExampleGateway gateway, JsonElement description)
{
    /// <summary>Members whose values are made anew by each gateway and platform: an example shows what they look like.</summary>
    private static readonly HashSet<string> MadeAnew =
    [
        "id", "reference", "message_id", "reaction_id", "chat_id", "image_key", "file_key", "code", "approval_code", "instance_code",
        "comment_id", "call", "person", "webhook_id", "secret", "prefix",
        "client_id", "client_secret", "kid",
    ];

    private readonly Dictionary<string, JsonNode> _real = new(StringComparer.Ordinal);

    public ExampleGateway Gateway => gateway;

    /// <summary>What an example calls so is really this.</summary>
    public void Means(JsonNode shown, JsonNode real) => _real[shown.ToJsonString()] = real.DeepClone();

    /// <summary>What the examples' id really is.</summary>
    public string Real(string shown) => _real[JsonValue.Create(shown).ToJsonString()].GetValue<string>();

    /// <summary>What the examples' number really is.</summary>
    public long Real(long shown) => _real[JsonValue.Create(shown).ToJsonString()].GetValue<long>();

    /// <summary>Sends it as the description says, and compares the answer with the one that is shown.</summary>
    public async Task<RestAnswer> SendAsync(ApiExample example, byte[]? file)
    {
        var (method, path, operation) = Find(example.Operation);
        var query = new List<string>();
        using var request = new HttpRequestMessage { Method = new HttpMethod(method.ToUpperInvariant()) };
        foreach (var (name, shown) in example.Parameters)
        {
            var value = Text(Meant(shown!));
            var parameter = operation.GetProperty("parameters").EnumerateArray().Single(p => p.GetProperty("name").ValueEquals(name));
            var place = parameter.GetProperty("in").GetString();
            if (place == "path") path = path.Replace($"{{{name}}}", Uri.EscapeDataString(value), StringComparison.Ordinal);
            else if (place == "query") query.Add($"{name}={Uri.EscapeDataString(value)}");
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        request.RequestUri = new Uri(path + (query.Count > 0 ? "?" + string.Join('&', query) : ""), UriKind.Relative);
        if (example.Body is { } body) request.Content = new StringContent(Meant(body).ToJsonString(), Encoding.UTF8, "application/json");
        if (file is not null)
        {
            request.Content = new ByteArrayContent(file);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        }

        using var response = await gateway.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var json = response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true
            ? JsonSerializer.Deserialize<JsonElement>(bytes) : default;
        return new RestAnswer((int)response.StatusCode, json, bytes, new Dictionary<string, string>());
    }

    /// <summary>Holds an answer against the one that the example shows, and remembers the ids in it.</summary>
    /// <returns>What differs; empty: nothing.</returns>
    public IReadOnlyList<string> Compare(JsonNode shown, JsonNode? real)
    {
        List<string> differences = [];
        Compare(shown, real, "", "", differences);
        return differences;
    }

    private (string Method, string Path, JsonElement Operation) Find(string name) => description.GetProperty("paths").EnumerateObject()
        .SelectMany(path => path.Value.EnumerateObject().Select(operation => (operation.Name, path.Name, operation.Value)))
        .Single(operation => operation.Value.GetProperty("operationId").ValueEquals(name));

    private void Compare(JsonNode? shown, JsonNode? real, string where, string member, List<string> differences)
    {
        switch (shown)
        {
            case JsonObject members when real is JsonObject theirs:
                foreach (var (name, value) in members)
                {
                    if (theirs.TryGetPropertyValue(name, out var other)) Compare(value, other, $"{where}/{name}", name, differences);
                    else differences.Add($"{where}/{name} is not there");
                }

                break;
            case JsonArray items when real is JsonArray theirs && theirs.Count >= items.Count && (items.Count > 0 || theirs.Count == 0):
                for (var i = 0; i < items.Count; i++) Compare(items[i], theirs[i], $"{where}/{i}", member, differences);
                break;
            default:
                if (JsonNode.DeepEquals(shown is null ? null : Meant(shown), real)) break;
                if (IsTime(shown) && IsTime(real)) break;
                if (shown is JsonValue && real is JsonValue && shown.GetValueKind() == real.GetValueKind() && MadeAnew.Contains(member)
                    && _real.TryAdd(shown.ToJsonString(), real.DeepClone())) break;
                differences.Add($"{where} is {real?.ToJsonString() ?? "null"} instead of {shown?.ToJsonString() ?? "null"}");
                break;
        }
    }

    /// <summary>An example with the ids that are meant.</summary>
    private JsonNode Meant(JsonNode shown) => shown switch
    {
        JsonObject members => new JsonObject(members.Select(m => KeyValuePair.Create(m.Key, m.Value is null ? null : Meant(m.Value)))),
        JsonArray items => new JsonArray([.. items.Select(item => item is null ? null : Meant(item))]),
        _ => (_real.GetValueOrDefault(shown.ToJsonString()) ?? shown).DeepClone(),
    };

    private static string Text(JsonNode value) =>
        value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToJsonString();

    private static bool IsTime(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String && Time().IsMatch(value.GetValue<string>())
        && DateTimeOffset.TryParse(value.GetValue<string>(), CultureInfo.InvariantCulture, out _);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d")]
    private static partial Regex Time();
}
