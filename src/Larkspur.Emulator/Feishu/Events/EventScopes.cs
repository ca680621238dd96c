using System.Collections.Frozen;
using System.Text.Json;
using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.Events;

/// <summary>Which scopes open an event (catalogue/feishu/events.json): any one of them.</summary>
internal static class EventScopes
{
    private static readonly Lazy<FrozenDictionary<string, string[]>> ByType = new(Read);

    /// <summary>The events that the catalogue knows.</summary>
    public static IEnumerable<string> Types => ByType.Value.Keys.Order(StringComparer.Ordinal);

    public static bool Allow(BotApp app, string type) =>
        !ByType.Value.TryGetValue(type, out var scopes) || scopes.Length == 0 || scopes.Any(app.IsGranted);

    private static FrozenDictionary<string, string[]> Read()
    {
        using var stream = CatalogueReader.Open("events.json");
        using var document = JsonDocument.Parse(stream);
        var root = document.RootElement;
        var list = root.ValueKind == JsonValueKind.Array ? root : root.GetProperty("events");
        return list.EnumerateArray().Where(e => e.TryGetProperty("type", out _)).DistinctBy(e => e.GetProperty("type").GetString())
            .ToFrozenDictionary(e => e.GetProperty("type").GetString()!, e => e.TryGetProperty("scopes", out var s) ? s.EnumerateArray().Select(x => x.GetString()!).ToArray() : []);
    }
}
