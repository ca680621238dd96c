using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.DingTalk.ApiPipeline;

/// <summary>A call that passed the checks, and its members read with the platform's refusals.</summary>
/// <remarks>The old generation takes forms and JSON alike, and its numbers may come as text.</remarks>
internal sealed class DingTalkCall
{
    public required JsonObject Body { get; init; }

    public required IQueryCollection Query { get; init; }

    public required IHeaderDictionary Headers { get; init; }

    public IReadOnlyDictionary<string, string> Path { get; init; } = new Dictionary<string, string>();

    /// <summary>Scheme and host of this call, for addresses that the answer names.</summary>
    public required (string Scheme, HostString Host) Origin { get; init; }

    public IPAddress? Remote { get; init; }

    public UploadedFile? Upload { get; init; }

    /// <summary>Behind a person's token.</summary>
    public Person? Person { get; init; }

    /// <summary>Of the body or, where that says nothing, the query; empty counts as missing.</summary>
    public string? Text(string name) => Body[name] switch
    {
        null => Query[name].ToString() is { Length: > 0 } given ? given : null,
        JsonValue v when v.TryGetValue<string>(out var text) => text.Length == 0 ? null : text,
        JsonValue v when v.GetValueKind() == JsonValueKind.Number => v.ToJsonString(),
        _ => throw DingTalkRefusal.Parameter(name, "is no text"),
    };

    public string Need(string name) => Text(name) ?? throw DingTalkRefusal.Parameter(name, "is missing");

    public string Need(string name, string code) => Text(name) ?? throw DingTalkRefusal.New(code);

    public long? Number(string name) => Text(name) switch
    {
        null => null,
        { } text when long.TryParse(text, out var number) => number,
        _ => throw DingTalkRefusal.Parameter(name, "is no whole number"),
    };

    public bool Flag(string name) => Body[name] switch
    {
        null => Query[name].ToString() == "true",
        JsonValue v when v.TryGetValue<bool>(out var flag) => flag,
        JsonValue v when v.TryGetValue<string>(out var text) && bool.TryParse(text, out var flag) => flag,
        _ => throw DingTalkRefusal.Parameter(name, "is neither true nor false"),
    };

    /// <summary>Also as JSON text, as forms carry it.</summary>
    public JsonObject? Object(string name) => Body[name] switch
    {
        null => null,
        JsonObject inner => inner,
        JsonValue v when v.TryGetValue<string>(out var text) => Parsed(text) as JsonObject ?? throw DingTalkRefusal.Parameter(name, "is no object"),
        _ => throw DingTalkRefusal.Parameter(name, "is no object"),
    };

    public JsonArray? Array(string name) => Body[name] switch
    {
        null => null,
        JsonArray list => list,
        _ => throw DingTalkRefusal.Parameter(name, "is no list"),
    };

    public IReadOnlyList<string> Texts(string name) =>
        [.. (Array(name) ?? []).Select(item => item is JsonValue v && v.TryGetValue<string>(out var text) ? text : throw DingTalkRefusal.Parameter(name, "is no list of texts"))];

    public static JsonNode? Parsed(string text)
    {
        try
        {
            return StrictJson.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
