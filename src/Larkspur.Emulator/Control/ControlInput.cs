using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;

namespace Larkspur.Emulator.Control;

/// <summary>Bad input of a control call, in a sentence that says what to do.</summary>
internal sealed class ControlRefusal(string why, int status = 400) : Exception(why)
{
    public int Status { get; } = status;
}

/// <summary>A control call's JSON body, read by name with clear refusals.</summary>
/// <remarks>Members may be spelt in camelCase or snake_case, and as the platform's API calls them (<see cref="Aliases"/>).</remarks>
internal sealed class ControlInput
{
    private const int MostBytes = 48 << 20;

    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["chat_id"] = "chat", ["message"] = "message_id", ["app"] = "app_id", ["emoji_type"] = "emoji", ["event_type"] = "type", ["form"] = "form_value",
        ["message_type"] = "msg_type", ["file_name"] = "name", ["person_id"] = "person", ["user_id"] = "person", ["user_ids"] = "people", ["reply_to_message_id"] = "reply_to",
        ["times"] = "count", ["probability"] = "rate",
    };

    public ControlInput(JsonObject body)
    {
        foreach (var (spelling, value) in body.ToArray())
        {
            var name = JsonNamingPolicy.SnakeCaseLower.ConvertName(spelling);
            name = Aliases.GetValueOrDefault(name, name);
            body.Remove(spelling);
            if (!Body.TryAdd(name, value)) throw new ControlRefusal($"\"{name}\" is given twice.");
        }
    }

    public JsonObject Body { get; } = [];

    public static async Task<ControlInput> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MostBytes) throw new ControlRefusal("The body is too large.", 413);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MostBytes;
        try
        {
            using var reader = new StreamReader(request.Body);
            var text = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
            if (string.IsNullOrWhiteSpace(text)) return new ControlInput([]);
            return new ControlInput(StrictJson.Parse(text) as JsonObject
                ?? throw new ControlRefusal("The body must be a JSON object."));
        }
        catch (JsonException)
        {
            throw new ControlRefusal("The body is not valid JSON.");
        }
        catch (BadHttpRequestException broken)
        {
            throw new ControlRefusal(broken.StatusCode == StatusCodes.Status413PayloadTooLarge ? "The body is too large." : "The body cannot be read.", broken.StatusCode);
        }
    }

    /// <summary>A member that nobody reads is a mistake of the caller, and better said than passed over.</summary>
    public void Only(params IReadOnlyCollection<string> known)
    {
        if (Body.Select(m => m.Key).FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new ControlRefusal($"\"{unknown}\" is unknown here. Known: {string.Join(", ", known)}.");
        }
    }

    public string? Text(string name) => Body[name] switch
    {
        null => null,
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        _ => throw Wrong(name, "a string"),
    };

    public string Need(string name) => Text(name) is { Length: > 0 } text ? text : throw new ControlRefusal($"\"{name}\" is missing.");

    public bool Flag(string name, bool fallback) => Body[name] switch
    {
        null => fallback,
        JsonValue v when v.TryGetValue<bool>(out var flag) => flag,
        _ => throw Wrong(name, "true or false"),
    };

    public bool? OptionalFlag(string name) => Body[name] is null ? null : Flag(name, false);

    public int? Int(string name, int min, int max) => Body[name] switch
    {
        null => null,
        JsonValue v when v.TryGetValue<int>(out var number) && number >= min && number <= max => number,
        _ => throw Wrong(name, $"a whole number from {min} to {max}"),
    };

    public double? Number(string name, double min, double max) => Body[name] switch
    {
        null => null,
        JsonValue v when v.TryGetValue<double>(out var number) && number >= min && number <= max => number,
        _ => throw Wrong(name, $"a number from {min} to {max}"),
    };

    public IReadOnlyList<string>? Texts(string name) => Body[name] switch
    {
        null => null,
        JsonArray list => [.. list.Select(i => i is JsonValue v && v.TryGetValue<string>(out var text) ? text : throw Wrong(name, "a list of strings"))],
        _ => throw Wrong(name, "a list of strings"),
    };

    public JsonObject? Object(string name) => Body[name] switch
    {
        null => null,
        JsonObject o => o,
        _ => throw Wrong(name, "an object"),
    };

    private static ControlRefusal Wrong(string name, string what) => new($"\"{name}\" must be {what}.");
}
