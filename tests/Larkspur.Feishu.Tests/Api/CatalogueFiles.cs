using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Larkspur.Feishu.Tests.Api;

/// <summary>The catalogue read by other means than the generator's: what the generated code is held against.</summary>
internal static class CatalogueFiles
{
    private static readonly Lazy<IReadOnlyList<JsonElement>> AllEndpoints = new(() =>
        [.. Directory.EnumerateFiles(Path.Combine(Folder(), "endpoints"), "*.json").Order(StringComparer.Ordinal).SelectMany(file => Read(file).EnumerateArray())]);

    public static IReadOnlyList<JsonElement> Endpoints => AllEndpoints.Value;

    public static IReadOnlyList<JsonElement> Events { get; } = [.. Read(Path.Combine(Folder(), "events.json")).GetProperty("events").EnumerateArray()];

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static bool IsTrue(this JsonElement element, string name) => element.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    public static IEnumerable<JsonElement> Fields(this JsonElement element, string name)
        => element.TryGetProperty(name, out var fields) ? fields.EnumerateArray() : [];

    private static JsonElement Read(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }

    private static string Folder([CallerFilePath] string here = "")
        => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../../catalogue/feishu"));
}
