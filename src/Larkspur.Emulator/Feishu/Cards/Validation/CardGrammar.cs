using System.Collections.Frozen;
using System.Text.Json;
using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <param name="AllowedIn">Kinds of place it may stand in: <c>root</c>, a container's tag, <c>action</c>.</param>
/// <param name="InForm">Further properties inside a form.</param>
internal sealed record CardComponent(
    string Tag, IReadOnlyDictionary<string, CardField> Fields, IReadOnlyDictionary<string, CardField> InForm, FrozenSet<string> AllowedIn);

/// <summary>What the catalogue says about one JSON version of cards.</summary>
internal sealed class CardGrammar
{
    public const int MostTables = 5;
    public const int MostTablesInMarkdown = 4;
    public const int DeepestNesting = 5;

    public static readonly CardGrammar V1 = new("1.0");
    public static readonly CardGrammar V2 = new("2.0");

    private readonly Dictionary<string, CardComponent> _components = [];
    private readonly Dictionary<string, FrozenSet<string>> _enums = [];

    private CardGrammar(string version)
    {
        using var stream = CatalogueReader.Open("card-schema.json");
        using var document = JsonDocument.Parse(stream);
        var catalogue = document.RootElement;
        IsV2 = version == "2.0";
        foreach (var component in catalogue.GetProperty("components").GetProperty(version).EnumerateObject())
        {
            var allowed = component.Value.TryGetProperty("allowedIn", out var places) ? places.EnumerateArray().Select(p => p.GetString()!) : [];
            _components[component.Name] = new CardComponent(
                component.Name,
                CardField.ReadAll(component.Value.GetProperty("fields")),
                component.Value.TryGetProperty("inFormFields", out var inForm) ? CardField.ReadAll(inForm) : new Dictionary<string, CardField>(),
                allowed.ToFrozenSet());
        }

        Root = CardField.ReadAll(catalogue.GetProperty("root").GetProperty(version));
        Behaviors = catalogue.GetProperty("behavior").EnumerateArray().ToDictionary(b => b.GetProperty("type").GetString()!, b => CardField.ReadAll(b.GetProperty("fields")));
        foreach (var list in catalogue.GetProperty("enums").EnumerateObject().Where(e => e.Value.ValueKind == JsonValueKind.Array))
        {
            _enums[list.Name] = list.Value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : v.GetRawText()).ToFrozenSet();
        }

        MaxElements = catalogue.GetProperty("limits").GetProperty("maxElements").TryGetProperty(version, out var most) ? most.GetInt32() : int.MaxValue;
    }

    public bool IsV2 { get; }

    public IReadOnlyDictionary<string, CardField> Root { get; }

    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, CardField>> Behaviors { get; }

    public int MaxElements { get; }

    public CardComponent? Component(string tag) => _components.GetValueOrDefault(tag);

    /// <summary>The values of a shared list such as <c>color</c>.</summary>
    public FrozenSet<string>? Values(string list) => _enums.GetValueOrDefault(list);
}
