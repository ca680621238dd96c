namespace Larkspur.Gateway.Masking.Scanning;

/// <summary>Finds the words of all rules at once, the longest that begins at a place. A stream holds back no more than the beginning of a word that may be one.</summary>
internal sealed class WordFinder(WordFinder.Node root) : IFinder
{
    /// <inheritdoc/>
    public int Settled { get; private set; }

    /// <summary>The words as a tree; null when no rule has words. Made once for a policy.</summary>
    public static Node? Tree(IReadOnlyList<CustomMask> rules)
    {
        Node? root = null;
        foreach (var rule in rules)
        {
            foreach (var word in rule.Words) (root ??= new Node()).Add(word, rule);
        }

        return root;
    }

    /// <inheritdoc/>
    public void Advance(ref TextWindow window, List<MaskedSpan> found)
    {
        while (Settled < window.End)
        {
            window.Starved = false;
            var (end, rule) = Longest(ref window, Settled);
            if (window.Starved) return;
            if (rule is not null) found.Add(new MaskedSpan(Settled, end - Settled, Kind: null, rule));
            Settled = rule is null ? Settled + 1 : end;
        }
    }

    private (int End, CustomMask? Rule) Longest(ref TextWindow window, int at)
    {
        (int, CustomMask?) longest = (0, null);
        var first = Key(window[at]);
        if (!root.Next.TryGetValue(first, out var node)) return longest;
        if (char.IsAsciiLetterOrDigit(first) && char.IsAsciiLetterOrDigit(window[at - 1])) return longest;
        var last = first;
        for (var end = at + 1; ; end++)
        {
            var next = Key(window[end]);
            if (node.Rule is not null && !(char.IsAsciiLetterOrDigit(last) && char.IsAsciiLetterOrDigit(next))) longest = (end, node.Rule);
            if (next == '\0' || !node.Next.TryGetValue(next, out node)) return longest;
            last = next;
        }
    }

    private static char Key(char folded) => char.ToLowerInvariant(folded);

    /// <summary>What may follow a beginning.</summary>
    internal sealed class Node
    {
        /// <summary>By the next character, folded and in lower case.</summary>
        public Dictionary<char, Node> Next { get; } = [];

        /// <summary>The rule of the word that ends here.</summary>
        public CustomMask? Rule { get; private set; }

        internal void Add(string word, CustomMask rule)
        {
            var node = this;
            foreach (var c in word)
            {
                var key = Key(Folding.Fold(c));
                if (!node.Next.TryGetValue(key, out var next)) node.Next[key] = next = new Node();
                node = next;
            }

            node.Rule ??= rule;
        }
    }
}
