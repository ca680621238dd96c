using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu;

namespace Larkspur.Emulator.Control;

/// <summary>Bad input of a control call, in a sentence that says what to do.</summary>
internal sealed class ControlRefusal(string why, int status = 400) : Exception(why)
{
    public int Status { get; } = status;
}

/// <summary>A control call's JSON body, read by name with clear refusals.</summary>
internal sealed class ControlInput(JsonObject body)
{
    private const int MostBytes = 48 << 20;

    public JsonObject Body { get; } = body;

    public static async Task<ControlInput> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > MostBytes) throw new ControlRefusal("The body is too large.", 413);
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
