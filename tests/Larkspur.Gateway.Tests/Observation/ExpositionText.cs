using System.Globalization;
using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Tests.Observation;

/// <summary>A strict reader of Prometheus text (0.0.4): whatever the format does not allow fails the test, with the line.</summary>
internal sealed partial class ExpositionText
{
    public Dictionary<string, (string Type, string Help)> Families { get; } = [];

    public List<(string Name, Dictionary<string, string> Labels, double Value)> Samples { get; } = [];

    public static ExpositionText Read(string page)
    {
        Assert.True(page.EndsWith('\n') && !page.Contains('\r', StringComparison.Ordinal), "lines end with a line feed, the last one too");
        var text = new ExpositionText();
        string? current = null;
        var seen = new HashSet<string>();
        foreach (var line in page[..^1].Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                current = help.Groups["name"].Value;
                Assert.True(text.Families.TryAdd(current, ("", help.Groups["text"].Value)), "two HELP lines: " + line);
                Assert.DoesNotMatch(@"(?<!\\)(\\\\)*\\[^\\n]", help.Groups["text"].Value);
            }
            else if (TypeLine().Match(line) is { Success: true } type)
            {
                Assert.Equal(current, type.Groups["name"].Value);
                Assert.Equal("", text.Families[current!].Type);
                text.Families[current!] = (type.Groups["type"].Value, text.Families[current!].Help);
            }
            else
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, "not a line of the format: " + line);
                var name = sample.Groups["name"].Value;
                var suffix = name[(current ?? "").Length..];
                Assert.True(current is not null && name.StartsWith(current, StringComparison.Ordinal), "outside its family: " + line);
                Assert.Contains(suffix, text.Families[current!].Type == "histogram" ? (string[])["_bucket", "_sum", "_count"] : [""]);
                Assert.True(seen.Add(name + sample.Groups["labels"].Value), "twice: " + line);
                text.Samples.Add((name, Labels(sample.Groups["labels"].Value, line), Number(sample.Groups["value"].Value)));
            }
        }

        Assert.All(text.Families, f => Assert.NotEqual("", f.Value.Type));
        text.CheckHistograms();
        return text;
    }

    public double Value(string name, params (string Name, string Value)[] labels) =>
        Samples.Where(s => s.Name == name && labels.All(l => s.Labels.GetValueOrDefault(l.Name) == l.Value)).Sum(s => s.Value);

    private void CheckHistograms()
    {
        foreach (var (family, _) in Families.Where(f => f.Value.Type == "histogram"))
        {
            var series = Samples.Where(s => s.Name.StartsWith(family + "_", StringComparison.Ordinal))
                .GroupBy(s => string.Join(',', s.Labels.Where(l => l.Key != "le").Select(l => l.Key + "=" + l.Value).Order(StringComparer.Ordinal)));
            foreach (var one in series)
            {
                var buckets = one.Where(s => s.Name == family + "_bucket").Select(s => (Bound: Number(s.Labels["le"]), s.Value)).ToArray();
                Assert.Equal(buckets.OrderBy(b => b.Bound), buckets);
                Assert.Equal(buckets.OrderBy(b => b.Value).Select(b => b.Value), buckets.Select(b => b.Value));
                Assert.Equal(double.PositiveInfinity, buckets[^1].Bound);
                Assert.Equal(Assert.Single(one, s => s.Name == family + "_count").Value, buckets[^1].Value);
                Assert.Single(one, s => s.Name == family + "_sum");
            }
        }
    }

    private static Dictionary<string, string> Labels(string text, string line)
    {
        var labels = new Dictionary<string, string>();
        var end = 0;
        foreach (Match label in Label().Matches(text))
        {
            Assert.Equal(end, label.Index);
            end = label.Index + label.Length;
            var value = Regex.Replace(label.Groups["value"].Value, @"\\(.)", m => m.Groups[1].Value == "n" ? "\n" : m.Groups[1].Value);
            Assert.True(labels.TryAdd(label.Groups["name"].Value, value), "one label twice: " + line);
        }

        Assert.Equal(text.Length, end);
        return labels;
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<text>.*)$")]
    private static partial Regex Help();

    [GeneratedRegex(@"^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<type>counter|gauge|histogram)$")]
    private static partial Regex TypeLine();

    [GeneratedRegex("""^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.+)\})? (?<value>\+Inf|-Inf|NaN|[-+0-9.eE]+)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("""(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\\\|\\"|\\n)*)"(,(?!$)|$)""")]
    private static partial Regex Label();
}
