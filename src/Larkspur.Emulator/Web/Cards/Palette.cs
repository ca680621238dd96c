using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>
/// The colours a card may name. A card never writes CSS: a known name becomes a class of the generated style sheet,
/// anything else becomes nothing.
/// </summary>
public static class Palette
{
    private static readonly Dictionary<string, (int R, int G, int B)> Hues = new(StringComparer.Ordinal)
    {
        ["blue"] = (46, 107, 230), ["wathet"] = (24, 146, 214), ["turquoise"] = (10, 159, 152), ["green"] = (38, 156, 76),
        ["lime"] = (112, 150, 20), ["yellow"] = (201, 148, 0), ["sunflower"] = (196, 160, 0), ["orange"] = (222, 112, 14),
        ["red"] = (218, 56, 52), ["carmine"] = (206, 45, 110), ["violet"] = (178, 58, 190), ["purple"] = (118, 76, 216),
        ["indigo"] = (72, 84, 206), ["grey"] = (110, 118, 130),
    };

    private static readonly (string Name, double White, double Black)[] Shades =
    [
        ("50", .93, 0), ("100", .86, 0), ("200", .74, 0), ("300", .56, 0), ("350", .48, 0), ("400", .28, 0), ("500", .06, 0),
        ("600", 0, .08), ("700", 0, .24), ("800", 0, .42), ("900", 0, .6),
    ];

    private static readonly Dictionary<string, (int R, int G, int B)> Colours = BuildColours();

    /// <summary>Header templates and text tags share these names; <c>neutral</c> and <c>default</c> are the greys.</summary>
    public static string Tint(string? name) =>
        name is not null && Hues.ContainsKey(name) ? $"tint-{name}" : name == "neutral" ? "tint-grey" : "tint-plain";

    public static string? Ink(string? name, JsonElement style = default) => Named("ink", name, style);

    public static string? Fill(string? name, JsonElement style = default) => Named("fill", name, style);

    public static string? Edge(string? name, JsonElement style = default) => Named("edge", name, style);

    /// <summary>Classes for every colour, in the three ways that a card uses one.</summary>
    internal static void WriteSheet(StringBuilder css)
    {
        foreach (var (name, c) in Colours)
        {
            // A bare hue as text must be readable on white, as a background it must leave text readable: so it is two shades.
            var bare = Hues.ContainsKey(name);
            var ink = bare ? Colours[name + "-600"] : c;
            var fill = bare ? Colours[name + "-100"] : c;
            css.Append($".ink-{name}{{color:{Hex(ink)}}}.fill-{name}{{background:{Hex(fill)}}}.edge-{name}{{border-color:{Hex(bare ? Colours[name + "-300"] : c)}}}\n");
        }

        foreach (var name in Hues.Keys)
        {
            css.Append($".tint-{name}{{--tint:{Hex(Colours[name + "-50"])};--tint-2:{Hex(Colours[name + "-100"])};--tint-ink:{Hex(Colours[name + "-700"])}}}\n");
        }
    }

    private static string? Named(string use, string? name, JsonElement style)
    {
        if (string.IsNullOrEmpty(name) || name == "default") return null;
        if (Colours.ContainsKey(name)) return $"{use}-{name}";
        var own = style.At("color").At(name).Text("light_mode");
        return own is not null && Nearest(own) is { } near ? $"{use}-{near}" : null;
    }

    /// <summary>Own colours of a card are rgba(); they are shown as the nearest named one, so that no card text reaches a style.</summary>
    private static string? Nearest(string rgba)
    {
        var open = rgba.IndexOf('(', StringComparison.Ordinal);
        if (!rgba.StartsWith("rgb", StringComparison.Ordinal) || open < 0 || !rgba.EndsWith(')')) return null;
        var parts = rgba[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries);
        if (parts.Length is < 3 or > 4) return null;

        var channel = new double[3];
        for (var i = 0; i < 3; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out channel[i]) || channel[i] is < 0 or > 255) return null;
        }

        var alpha = 1d;
        if (parts.Length == 4 && (!double.TryParse(parts[3], NumberStyles.Float, CultureInfo.InvariantCulture, out alpha) || alpha is < 0 or > 1)) return null;
        var (r, g, b) = (Over(channel[0], alpha), Over(channel[1], alpha), Over(channel[2], alpha));
        return Colours.Where(static c => !Hues.ContainsKey(c.Key))
            .MinBy(c => Square(c.Value.R - r) + Square(c.Value.G - g) + Square(c.Value.B - b)).Key;
    }

    private static double Over(double channel, double alpha) => channel * alpha + 255 * (1 - alpha);

    private static double Square(double x) => x * x;

    private static Dictionary<string, (int R, int G, int B)> BuildColours()
    {
        var all = new Dictionary<string, (int R, int G, int B)>(StringComparer.Ordinal)
        {
            ["white"] = (255, 255, 255), ["bg-white"] = (255, 255, 255), ["grey-00"] = (255, 255, 255),
            ["grey-650"] = (84, 91, 102), ["grey-950"] = (28, 31, 37), ["grey-1000"] = (12, 14, 18),
        };
        foreach (var (hue, c) in Hues)
        {
            all[hue] = c;
            foreach (var (shade, white, black) in Shades)
            {
                all[$"{hue}-{shade}"] = (Mix(c.R, white, black), Mix(c.G, white, black), Mix(c.B, white, black));
            }
        }

        return all;
    }

    private static int Mix(int channel, double white, double black) => (int)Math.Round((channel + (255 - channel) * white) * (1 - black));

    private static string Hex((int R, int G, int B) c) => $"#{c.R:x2}{c.G:x2}{c.B:x2}";
}
