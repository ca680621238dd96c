using System.Globalization;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <summary>Collects the problems of one card. The platform tells only the first; the preview page shows all.</summary>
internal sealed class Findings(JsonObject card)
{
    public const int Most = 100;
    /// <summary>The platform's text for everything that does not fit a component's structure.</summary>
    public const string NotACard = "parse card json err, please check whether the card json is correct";

    private readonly List<CardProblem> _all = [];

    public IReadOnlyList<CardProblem> All => _all;

    public bool IsFull => _all.Count >= Most;

    /// <summary>Structure: 200621.</summary>
    public void Structure(string pointer, string value) => Add(200621, pointer, NotACard, value);

    public void Add(int subCode, string pointer, string message, string value, bool withPath = true, CardProblemKind kind = CardProblemKind.Other)
    {
        if (IsFull) return;
        _all.Add(new CardProblem(subCode, withPath ? Path(pointer) : null, message, value.Length > 200 ? value[..200] : value) { Pointer = pointer, Kind = kind });
    }

    private string Path(string pointer)
    {
        var text = "ROOT";
        JsonNode? here = card;
        foreach (var escaped in pointer.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var step = escaped.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (here is JsonArray list && int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            {
                here = index < list.Count ? list[index] : null;
                text += here is JsonObject o && CardPart.Text(o, "tag") is { } tag ? $" -> [{step}](tag: {tag})" : $" -> [{step}]";
                continue;
            }

            here = (here as JsonObject)?[step];
            text += " -> " + step;
        }

        return text;
    }
}
