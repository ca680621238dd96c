using System.Text;
using System.Text.Json;

namespace Larkspur.DingTalk.Robots;

/// <summary>The words of a card that somebody replies to: those of its <c>TEXT</c> elements, from top to bottom.</summary>
internal static class CardWords
{
    private const int Deepest = 30;
    private const int MostElements = 2000;

    public static void Collect(JsonElement card, BoundedWords into)
    {
        int left = MostElements;
        Collect(card, into, Deepest, ref left);
    }

    private static void Collect(JsonElement element, BoundedWords into, int depth, ref int left)
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

/// <summary>Words that are gathered up to a length; what is beyond it is left out.</summary>
internal sealed class BoundedWords
{
    private const int Longest = 50_000;
    private readonly StringBuilder _words = new();

    /// <summary>Nothing but white space.</summary>
    public bool IsEmpty { get; private set; } = true;

    public void Add(string? words)
    {
        if (string.IsNullOrEmpty(words) || _words.Length >= Longest) return;
        int taken = Math.Min(words.Length, Longest - _words.Length);
        if (char.IsHighSurrogate(words[taken - 1])) taken--;
        _words.Append(words, 0, taken);
        IsEmpty &= string.IsNullOrWhiteSpace(words);
    }

    public void AddLine(string? line)
    {
        if (string.IsNullOrWhiteSpace(line)) return;
        if (!IsEmpty) Add("\n");
        Add(line.Trim());
    }

    public override string ToString() => _words.ToString().Trim();
}
