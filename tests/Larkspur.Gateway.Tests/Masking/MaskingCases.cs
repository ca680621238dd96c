using System.Text.Json;
using Larkspur.Gateway.Masking;

namespace Larkspur.Gateway.Tests.Masking;

/// <summary>The test set: cases.jsonl beside this file, a case a line. Every number in it is made up; what is expected was written down, not taken from the code.</summary>
internal static class MaskingCases
{
    /// <summary>The group of cases that the masker is known to get wrong; they count like any others.</summary>
    public const string KnownLimits = "known limits";

    /// <summary>Reads them.</summary>
    /// <param name="root">The working copy.</param>
    public static IReadOnlyList<MaskingCase> Read(string root) =>
        [.. File.ReadLines(Path.Combine(root, "tests", "Larkspur.Gateway.Tests", "Masking", "cases.jsonl")).Select(static line => JsonSerializer.Deserialize<MaskingCase>(line, JsonSerializerOptions.Web)!)];

    /// <summary>Finds what is in them and compares: a span counts as found only if kind, beginning and length are right.</summary>
    public static IReadOnlyList<KindScore> Score(IReadOnlyList<MaskingCase> cases, Masker masker) =>
        Score(cases, text => [.. masker.Find(text).Select(static span => (span.Name, span.Start, span.Length))]);

    /// <summary>The same for another way of finding.</summary>
    public static IReadOnlyList<KindScore> Score(IReadOnlyList<MaskingCase> cases, Func<string, IReadOnlyList<(string Kind, int Start, int Length)>> find)
    {
        var scores = PersonalDataNames.All.Select(static kind => new KindScore(kind.Name())).ToDictionary(static score => score.Kind, StringComparer.Ordinal);
        foreach (var one in cases)
        {
            var expected = one.Expected().ToHashSet();
            foreach (var found in find(one.Text))
            {
                if (expected.Remove(found)) scores[found.Kind].Found++;
                else scores[found.Kind].Wrong.Add(one.Text);
            }

            foreach (var missed in expected) scores[missed.Kind].Missed.Add(one.Text);
        }

        return [.. PersonalDataNames.All.Select(kind => scores[kind.Name()])];
    }
}

/// <summary>A text and what is personal in it.</summary>
/// <param name="Group">What it is a case of.</param>
/// <param name="Text">The text.</param>
/// <param name="Spans">Kind, beginning and length of each, in UTF-16 units.</param>
/// <param name="Masked">What is shown.</param>
internal sealed record MaskingCase(string Group, string Text, JsonElement[][] Spans, string Masked)
{
    public IEnumerable<(string Kind, int Start, int Length)> Expected() => Spans.Select(static span => (span[0].GetString()!, span[1].GetInt32(), span[2].GetInt32()));
}

/// <summary>How well a kind is found.</summary>
/// <param name="kind">Its name.</param>
internal sealed class KindScore(string kind)
{
    public string Kind => kind;

    /// <summary>Found where they are.</summary>
    public int Found { get; set; }

    /// <summary>Texts in which something was found that is not there.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>Texts in which one was not found.</summary>
    public List<string> Missed { get; } = [];

    /// <summary>Of what was found, the part that is right.</summary>
    public double Precision => Found / (double)Math.Max(1, Found + Wrong.Count);

    /// <summary>Of what is there, the part that was found.</summary>
    public double Recall => Found / (double)Math.Max(1, Found + Missed.Count);
}
