using System.Globalization;
using System.Text;

namespace Larkspur.Gateway.Telemetry.Prometheus;

/// <summary>Names, labels and numbers as the exposition format wants them.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4).</remarks>
internal static class PrometheusText
{
    /// <summary><c>larkspur.feishu.calls</c>, a counter: <c>larkspur_feishu_calls_total</c>.</summary>
    public static string MetricName(string name, string type, string? unit)
    {
        var text = Name(name);
        if (type == "histogram" && unit == "s" && !text.EndsWith("_seconds", StringComparison.Ordinal)) text += "_seconds";
        return type == "counter" && !text.EndsWith("_total", StringComparison.Ordinal) ? text + "_total" : text;
    }

    /// <summary>Of a <c>HELP</c> line only the backslash and the line feed are escaped.</summary>
    public static string Help(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).ReplaceLineEndings("\n").Replace("\n", "\\n", StringComparison.Ordinal);

    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (name, value) in tags)
        {
            if (labels.Length > 0) labels.Append(',');
            labels.Append(Name(name)).Append("=\"").Append(LabelValue(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")).Append('"');
        }

        return labels.ToString();
    }

    public static string Value(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private static string Name(string name)
    {
        var text = string.Create(name.Length, name, static (chars, source) =>
        {
            for (var i = 0; i < chars.Length; i++) chars[i] = char.IsAsciiLetterOrDigit(source[i]) ? source[i] : '_';
        });
        return text.Length == 0 || char.IsAsciiDigit(text[0]) ? "_" + text : text;
    }

    private static string LabelValue(string text) => text
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
