using System.Text.Json;
using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.Cards;

/// <summary>The component list of the catalogue: which tags and properties each JSON version has.</summary>
internal sealed class CardSchema
{
    public static readonly CardSchema V1 = new("1.0");
    public static readonly CardSchema V2 = new("2.0");

    private readonly Dictionary<string, HashSet<string>> _components = [];

    private CardSchema(string version)
    {
        using var stream = CatalogueReader.Open("card-schema.json");
        using var document = JsonDocument.Parse(stream);
        foreach (var component in document.RootElement.GetProperty("components").GetProperty(version).EnumerateObject())
        {
            var names = _components[component.Name] = Names(component.Value.GetProperty("fields"));
            if (component.Value.TryGetProperty("inFormFields", out var inForm)) names.UnionWith(Names(inForm));
        }

        // CONFLICT: the 2.0 page of `div` has no `fields`, other sources and cards in the wild do; accepted.
        _components["div"].Add("fields");
        // Its page forgets what the multiple choice of people has; without a name it could not stand in a form.
        _components["select_person"].UnionWith(["name", "required", "element_id", "margin"]);

        Root = Names(document.RootElement.GetProperty("root").GetProperty(version));
        MaxElements = document.RootElement.GetProperty("limits").GetProperty("maxElements").TryGetProperty(version, out var most) ? most.GetInt32() : int.MaxValue;
    }

    public HashSet<string> Root { get; }

    public int MaxElements { get; }

    /// <summary>The properties of a component; <see langword="null"/> for an unknown tag.</summary>
    public HashSet<string>? Properties(string tag) => _components.GetValueOrDefault(tag);

    private static HashSet<string> Names(JsonElement fields) => [.. fields.EnumerateArray().Select(f => f.GetProperty("name").GetString()!)];
}
