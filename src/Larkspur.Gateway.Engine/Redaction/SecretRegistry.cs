using System.Text.Json.Nodes;

namespace Larkspur.Gateway.Redaction;

/// <summary>
/// Every secret that this process knows, and the one place that takes secrets out of texts: before they are logged, stored, shown or
/// answered.
/// </summary>
/// <remarks>
/// It depends on nothing, since the log depends on it. Who holds secrets tells them (<see cref="Tell"/>): the configuration when the
/// host is built
/// (<see cref="ConfiguredSecrets"/>), the settings of run time and stored webhooks whenever they change. What is known by its form
/// alone is <see cref="SecretShapes"/>.
/// </remarks>
internal sealed class SecretRegistry
{
    /// <summary>Stands where a secret stood.</summary>
    public const string Hidden = "***";

    /// <summary>A longer text is cut: whoever sends long texts must not make the log dear. In characters.</summary>
    public const int LongestText = 64 << 10;

    /// <summary>Secrets that were replaced and may still be on their way in some failure.</summary>
    private const int MostFormer = 200;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, KnownSecret[]> _bySource = new(StringComparer.Ordinal);
    private readonly Queue<KnownSecret> _former = new();
    private volatile KnownSecrets? _known = KnownSecrets.None;

    /// <summary>The secrets of a source at this moment; what it told before and does not tell now is remembered for a while.</summary>
    /// <param name="source">Whose they are; a source tells all of its secrets each time.</param>
    /// <param name="secrets">As they are used; empty ones are passed over.</param>
    /// <param name="whole">Texts that somebody outside has chosen: hidden where they stand as a whole, and never by their beginning.</param>
    public void Tell(string source, IEnumerable<string?> secrets, IEnumerable<string>? whole = null)
    {
        KnownSecret[] told = [.. secrets.Select(s => (Text: s, Whole: false)).Concat((whole ?? []).Select(s => (Text: (string?)s, Whole: true)))
            .Where(s => KnownSecrets.IsLongEnough(s.Text)).Select(s => new KnownSecret(s.Text!, s.Whole)).Distinct()];
        lock (_gate)
        {
            var before = _bySource.GetValueOrDefault(source, []);
            if (before.AsSpan().SequenceEqual(told)) return;
            foreach (var gone in before.Except(told))
            {
                _former.Enqueue(gone);
                if (_former.Count > MostFormer) _former.Dequeue();
            }

            _bySource[source] = told;
            _known = null;
        }
    }

    /// <summary>The text without secrets; the same object when there is none in it.</summary>
    public string Hide(string text)
    {
        if (text.Length == 0) return text;
        var known = _known ?? Build();
        var cut = text.Length > LongestText ? Cut(text, known) : text;
        return SecretShapes.Hide(known.Hide(cut));
    }

    /// <summary>A failure in one text, with its causes and without secrets.</summary>
    public string Hide(Exception error) => Hide(error.ToString());

    /// <summary>The same JSON without secrets in its texts; the same object when there is none.</summary>
    public JsonObject? Hide(JsonObject? json) => json is null ? null : (JsonObject)HideNode(json)!;

    private JsonNode? HideNode(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                var changed = new JsonObject();
                foreach (var (name, value) in members) changed[Hide(name)] = HideNode(value);
                return changed;
            case JsonArray items:
                return new JsonArray([.. items.Select(HideNode)]);
            case JsonValue value when value.TryGetValue<string>(out var text):
                return JsonValue.Create(Hide(text));
            default:
                return node?.DeepClone();
        }
    }

    private KnownSecrets Build()
    {
        lock (_gate) return _known ??= new KnownSecrets(_bySource.Values.SelectMany(s => s).Concat(_former));
    }

    /// <summary>Never within a secret: its first half would not be known for what it is.</summary>
    private static string Cut(string text, KnownSecrets known)
    {
        var end = LongestText;
        var from = Math.Max(0, end - KnownSecrets.LongestSecret);
        var window = text.AsSpan(from, Math.Min(text.Length - from, 2 * KnownSecrets.LongestSecret));
        if (known.StraddledAt(window, end - from) is { } begin) end = from + begin;
        if (end > 0 && char.IsHighSurrogate(text[end - 1])) end--;
        return string.Concat(text.AsSpan(0, end), "…");
    }
}
