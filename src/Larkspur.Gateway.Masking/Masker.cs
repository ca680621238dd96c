using System.Text;
using Larkspur.Gateway.Masking.Scanning;

namespace Larkspur.Gateway.Masking;

/// <summary>Masks personal data in text by a policy. Made once for a policy, used by any number of threads; the cost grows with the text's length and with nothing else.</summary>
internal sealed class Masker(MaskingPolicy policy)
{
    private readonly WordFinder.Node? _words = WordFinder.Tree(policy.Custom);

    /// <summary>What is masked.</summary>
    public MaskingPolicy Policy => policy;

    /// <summary>The text with what is personal masked; the same text if nothing is.</summary>
    public string Mask(string text) => Mask(text, null);

    /// <summary>The same, and adds how much was masked to the counts.</summary>
    public string Mask(string text, MaskCounts? counts)
    {
        var spans = Find(text);
        if (spans.Count == 0) return text;
        var masked = new StringBuilder(text.Length + 16);
        var shown = 0;
        foreach (var span in spans)
        {
            masked.Append(text, shown, span.Start - shown);
            MaskedForm.Write(span, text.AsSpan(span.Start, span.Length), policy.Mark, masked);
            shown = span.End;
            counts?.Add(span);
        }

        return masked.Append(text, shown, text.Length - shown).ToString();
    }

    /// <summary>What would be masked, in order and without overlaps.</summary>
    public IReadOnlyList<MaskedSpan> Find(string text)
    {
        if (policy.IsEmpty) return [];
        var window = new TextWindow(text, 0, isFinal: true);
        var queue = new SpanQueue(policy.Custom);
        queue.Advance(Finders(), ref window);
        var spans = new List<MaskedSpan>();
        while (queue.TryTake(text.Length, out var span)) spans.Add(span);
        return spans;
    }

    /// <summary>A masker of one text that grows.</summary>
    public StreamMasker Stream() => new(this);

    internal IFinder[] Finders()
    {
        var finders = new List<IFinder>();
        if (policy.Kinds.Count > 0) finders.Add(new PersonalDataFinder(policy.Kinds));
        if (_words is not null) finders.Add(new WordFinder(_words));
        foreach (var rule in policy.Custom)
        {
            if (rule.Pattern is not null) finders.Add(new ExpressionFinder(rule));
        }

        return [.. finders];
    }
}
