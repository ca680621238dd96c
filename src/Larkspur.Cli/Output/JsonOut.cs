using System.Text.Encodings.Web;
using System.Text.Json;

namespace Larkspur.Cli.Output;

/// <summary>JSON on the output stream: snake_case, one document on one line, control characters escaped whatever the gateway did.</summary>
internal static class JsonOut
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Lines = new(Options) { WriteIndented = true };

    public static void Write<T>(T document) => Console.Out.WriteLine(JsonSerializer.Serialize(document, Options));

    /// <summary>On one line.</summary>
    public static string Text<T>(T document) => JsonSerializer.Serialize(document, Options);

    /// <summary>For people, over several lines. It is not yet safe to print.</summary>
    public static string Indented<T>(T document) => JsonSerializer.Serialize(document, Lines);
}
