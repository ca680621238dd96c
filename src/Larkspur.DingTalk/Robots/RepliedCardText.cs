using System.Text;
using System.Text.Json;

namespace Larkspur.DingTalk.Robots;

/// <summary>The text of a card that somebody replies to: those of its <c>TEXT</c> elements, from top to bottom.</summary>
internal static class RepliedCardText
{
    private const int Deepest = 30;
    private const int MostElements = 2000;

    public static void Collect(JsonElement card, BoundedText into)
    {
        int left = MostElements;
        Collect(card, into, Deepest, ref left);
    }

    private static void Collect(JsonElement element, BoundedText into, int depth, ref int left)
    {
        if (depth == 0 || left <= 0 || element.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array)) return;
        left--;
        if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement child in element.EnumerateArray())
            {
                if (left <= 0) return;
                Collect(child, into, depth - 1, ref left);
            }

            return;
        }

        if (string.Equals(element.Text("elementType"), "TEXT", StringComparison.OrdinalIgnoreCase)) into.AddLine(element.Text("value"));
        Collect(element.Member("children"), into, depth - 1, ref left);
    }
}

/// <summary>Text gathered up to a length; what is beyond it is left out.</summary>
internal sealed class BoundedText
{
    private const int Longest = 50_000;
    private readonly StringBuilder _text = new();

    /// <summary>Nothing but white space.</summary>
    public bool IsEmpty { get; private set; } = true;

    public void Add(string? text)
    {
        if (string.IsNullOrEmpty(text) || _text.Length >= Longest) return;
        int taken = Math.Min(text.Length, Longest - _text.Length);
        if (char.IsHighSurrogate(text[taken - 1])) taken--;
        _text.Append(text, 0, taken);
        IsEmpty &= string.IsNullOrWhiteSpace(text);
    }

    public void AddLine(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        if (!IsEmpty) Add("\n");
        Add(line.Trim());
    }

    public override string ToString() => _text.ToString().Trim();
}
