using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>Draws the plain kinds of a VChart specification: bars, lines, areas and pies of inline data. A drawing for orientation, not VChart.</summary>
/// <remarks>Sizes and places are SVG attributes and colours are classes: the page's policy allows no inline style.</remarks>
internal sealed class ChartDrawing
{
    private const double Width = 480;
    private const double Height = 220;
    private const double Left = 44;
    private const double Bottom = 26;
    private const int MostPoints = 60;
    private const int MostSeries = 8;

    private readonly List<string> _categories = [];
    private readonly List<(string Name, Dictionary<string, double> Values)> _series = [];
    private readonly string _type;

    private ChartDrawing(JsonElement spec, IEnumerable<JsonElement> values)
    {
        _type = spec.Text("type") ?? "";
        var (x, y) = (First(spec.At(_type == "pie" ? "categoryField" : "xField")), First(spec.At(_type == "pie" ? "valueField" : "yField")));
        if (spec.Text("direction") == "horizontal") (x, y) = (y, x);
        var by = First(spec.At("seriesField"));
        if (x is null || y is null) return;
        foreach (var value in values.Take(MostPoints * MostSeries))
        {
            if (value.Text(x) is not { } category || !double.TryParse(value.Text(y), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number)) continue;
            if (!_categories.Contains(category)) _categories.Add(category);
            var name = _type == "pie" || by is null ? "" : value.Text(by) ?? "";
            var at = _series.FindIndex(s => s.Name == name);
            if (at < 0) _series.Add((name, new Dictionary<string, double>(StringComparer.Ordinal)));
            _series[at < 0 ? ^1 : at].Values[category] = number;
        }
    }

    /// <returns><see langword="null"/> for kinds and data that are not drawn.</returns>
    public static MarkupString? Of(JsonElement spec, IEnumerable<JsonElement> values)
    {
        var drawing = new ChartDrawing(spec, values);
        if (drawing._categories.Count is 0 or > MostPoints || drawing._series.Count > MostSeries) return null;
        return drawing._type switch
        {
            "bar" => drawing.Axes(drawing.Bars),
            "line" => drawing.Axes(h => drawing.Lines(h, filled: false)),
            "area" => drawing.Axes(h => drawing.Lines(h, filled: true)),
            "pie" => drawing.Pie(),
            _ => null,
        };
    }

    /// <summary>Four steps of 1, 2, 2.5 or 5 times a power of ten.</summary>
    private double Top
    {
        get
        {
            var step = Math.Max(1e-9, _series.Max(static s => s.Values.Values.Max())) / 4;
            var power = Math.Pow(10, Math.Floor(Math.Log10(step)));
            return 4 * power * ((double[])[1, 2, 2.5, 5, 10]).First(n => n * power >= step * 0.999999);
        }
    }

    private double Step => (Width - Left - 8) / _categories.Count;

    private MarkupString Axes(Action<HtmlWriter> plot)
    {
        var html = Canvas();
        for (var i = 0; i <= 4; i++)
        {
            var y = Y(Top * i / 4);
            html.Open("line", "chart-grid", ("x1", N(Left)), ("x2", N(Width - 8)), ("y1", N(y)), ("y2", N(y))).Close("line");
            html.Open("text", "chart-label end", ("x", N(Left - 6)), ("y", N(y + 4))).Text((Top * i / 4).ToString("0.##", CultureInfo.InvariantCulture)).Close("text");
        }

        var every = Math.Max(1, _categories.Count / 8);
        for (var i = 0; i < _categories.Count; i += every)
        {
            html.Open("text", "chart-label mid", ("x", N(X(i))), ("y", N(Height - 8))).Text(_categories[i].Length > 10 ? _categories[i][..9] + "…" : _categories[i]).Close("text");
        }

        plot(html);
        Legend(html, [.. _series.Select(static s => s.Name).Where(static n => n.Length > 0)]);
        return html.Close("svg").ToMarkup();
    }

    private void Bars(HtmlWriter html)
    {
        var width = Math.Min(44, Step * 0.7 / _series.Count);
        for (var s = 0; s < _series.Count; s++)
        {
            for (var i = 0; i < _categories.Count; i++)
            {
                if (!_series[s].Values.TryGetValue(_categories[i], out var value)) continue;
                var y = Y(Math.Max(0, value));
                html.Open("rect", $"chart-c{s}", ("x", N(X(i) + ((s - (_series.Count / 2.0)) * width) + 1)), ("y", N(y)), ("width", N(Math.Max(1, width - 2))), ("height", N(Height - Bottom - y)), ("rx", "2"))
                    .Open("title").Text($"{_categories[i]} {_series[s].Name} {value.ToString(CultureInfo.InvariantCulture)}").Close("title").Close("rect");
            }
        }
    }

    private void Lines(HtmlWriter html, bool filled)
    {
        for (var s = 0; s < _series.Count; s++)
        {
            var at = Enumerable.Range(0, _categories.Count).Where(i => _series[s].Values.ContainsKey(_categories[i])).ToArray();
            var points = string.Join(' ', at.Select(i => $"{N(X(i))},{N(Y(_series[s].Values[_categories[i]]))}"));
            if (filled) html.Open("polygon", $"chart-c{s} chart-area", ("points", $"{N(X(at[0]))},{N(Height - Bottom)} {points} {N(X(at[^1]))},{N(Height - Bottom)}")).Close("polygon");
            html.Open("polyline", $"chart-c{s} chart-line", ("points", points)).Close("polyline");
            foreach (var i in at) html.Open("circle", $"chart-c{s}", ("cx", N(X(i))), ("cy", N(Y(_series[s].Values[_categories[i]]))), ("r", "3")).Close("circle");
        }
    }

    private MarkupString? Pie()
    {
        var values = _categories.Select(c => Math.Max(0, _series[0].Values.GetValueOrDefault(c))).ToArray();
        var sum = values.Sum();
        if (sum <= 0 || values.Length > MostSeries) return null;
        var html = Canvas();
        var (cx, cy, r, from) = (120.0, Height / 2, 88.0, -Math.PI / 2);
        for (var i = 0; i < values.Length; i++)
        {
            var to = from + (values[i] / sum * 2 * Math.PI);
            var large = to - from > Math.PI ? 1 : 0;
            // A whole circle cannot be one arc.
            if (values[i] == sum) html.Open("circle", $"chart-c{i}", ("cx", N(cx)), ("cy", N(cy)), ("r", N(r))).Close("circle");
            else html.Open("path", $"chart-c{i}", ("d", $"M{N(cx)} {N(cy)} L{N(cx + (r * Math.Cos(from)))} {N(cy + (r * Math.Sin(from)))} A{N(r)} {N(r)} 0 {large} 1 {N(cx + (r * Math.Cos(to)))} {N(cy + (r * Math.Sin(to)))} Z")).Close("path");
            from = to;
        }

        Legend(html, [.. _categories.Zip(values, (c, v) => $"{c} {v / sum:P0}")], 250, 24);
        return html.Close("svg").ToMarkup();
    }

    private static void Legend(HtmlWriter html, IReadOnlyList<string> names, double x = Left, double down = 0)
    {
        for (var i = 0; i < names.Count; i++)
        {
            var (left, top) = down > 0 ? (x, 40 + (i * down)) : (x + (i * 96), 10);
            html.Open("rect", $"chart-c{i}", ("x", N(left)), ("y", N(top - 8)), ("width", "10"), ("height", "10"), ("rx", "2")).Close("rect");
            html.Open("text", "chart-label", ("x", N(left + 15)), ("y", N(top + 1))).Text(names[i].Length > 22 ? names[i][..21] + "…" : names[i]).Close("text");
        }
    }

    private static HtmlWriter Canvas() => new HtmlWriter().Open("svg", "chart-plot", ("viewBox", $"0 0 {N(Width)} {N(Height)}"), ("role", "img"));

    private double X(int category) => Left + (Step * (category + 0.5));

    private double Y(double value) => Height - Bottom - (Math.Max(0, value) / Top * (Height - Bottom - 22));

    private static string N(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);

    private static string? First(JsonElement field) => field.IsArray ? field.EnumerateArray().Select(static f => f.AsText()).FirstOrDefault() : field.AsText();
}
