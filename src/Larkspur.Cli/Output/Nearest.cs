using Larkspur.Gateway.Common.Text;

namespace Larkspur.Cli.Output;

/// <summary>What somebody meant who mistyped a word.</summary>
internal static class Nearest
{
    /// <summary><c> Did you mean "list"?</c>, with a blank before it; empty: nothing is near.</summary>
    public static string Sentence(string word, IEnumerable<string> words) =>
        Of(word, words) is { } meant ? Words.Of($" Did you mean \"{meant}\"?", $"您是不是想输入“{meant}”？") : "";

    private static string? Of(string word, IEnumerable<string> words)
    {
        var all = words.ToList();
        // Who writes the beginning of one word, and of one only, means that.
        var begun = word.Length > 1 ? all.Where(w => w.StartsWith(word, StringComparison.OrdinalIgnoreCase)).ToList() : [];
        return begun.Count == 1 ? begun[0] : Spelling.Nearest(word, all);
    }
}
