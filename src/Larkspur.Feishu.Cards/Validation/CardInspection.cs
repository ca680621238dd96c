using System.Text.Json;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>One walk through one card: where it is, what it has counted, what it has found.</summary>
internal sealed class CardInspection(CardVersion version, CardValidationOptions options)
{
    private readonly List<CardFinding> _findings = [];
    private readonly int _maxFindings = Math.Max(1, options.MaxFindings);

    public CardVersion Version { get; } = version;

    public CardValidationOptions Options { get; } = options;

    public PointerPath Path { get; } = new();

    public IReadOnlyList<CardFinding> Findings => _findings;

    /// <summary>Nothing more is looked for: there are enough findings to work on.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Elements and components so far.</summary>
    public int Elements { get; set; }

    public int Tables { get; set; }

    /// <summary>The card may be forwarded, which is so unless its config says no.</summary>
    public bool MayBeForwarded { get; set; } = true;

    public HashSet<string> AudioIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Containers around the place of the walk.</summary>
    public int Depth { get; set; }

    /// <summary>The form around the place of the walk.</summary>
    public FormState? Form { get; set; }

    /// <summary>The nearest container, by the text of the catalogue's <c>allowedIn</c>.</summary>
    public string Parent { get; set; } = "root";

    /// <summary>The component whose properties are looked at.</summary>
    public string Tag { get; set; } = "";

    public HashSet<string> ElementIds { get; } = new(StringComparer.Ordinal);

    /// <summary>Names that the card declares under config.style.</summary>
    public HashSet<string> StyleNames { get; } = new(StringComparer.Ordinal);

    /// <summary>The line at which the text breaks, where its JSON cannot be read.</summary>
    public int? BrokenLine { get; set; }

    public void Error(string rule, string message, string fix, CardEdit? edit = null) =>
        Add(rule, CardSeverity.Error, message, fix, edit);

    public void Warn(string rule, string message, string fix, CardEdit? edit = null) =>
        Add(rule, CardSeverity.Warning, message, fix, edit);

    public void ErrorAt(string name, string rule, string message, string fix, CardEdit? edit = null)
    {
        Path.Push(name);
        Error(rule, message, fix, edit);
        Path.Pop();
    }

    public void WarnAt(string name, string rule, string message, string fix, CardEdit? edit = null)
    {
        Path.Push(name);
        Warn(rule, message, fix, edit);
        Path.Pop();
    }

    /// <summary>Goes on from what was found before the version was known.</summary>
    public void Take(IEnumerable<CardFinding> findings) => _findings.AddRange(findings);

    private void Add(string rule, CardSeverity severity, string message, string fix, CardEdit? edit)
    {
        if (_findings.Count == _maxFindings)
        {
            IsFull = true;
            return;
        }

        var pointer = Path.ToString();
        _findings.Add(new CardFinding(pointer, rule, severity, message, fix) { QuickFix = edit?.At(pointer) });
    }

    /// <summary>A property's text; null when it is not there or no text.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Text of the card in a message: short, so that a finding stays readable.</summary>
    public static string Quote(string text)
    {
        var end = Math.Min(text.Length, 40);
        if (end < text.Length && char.IsHighSurrogate(text[end - 1])) end--;
        return $"\"{(end < text.Length ? string.Concat(text.AsSpan(0, end), "…") : text)}\"";
    }
}

/// <summary>What is known of the form around the place of the walk.</summary>
internal sealed class FormState
{
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    public bool HasSubmit { get; set; }
}
