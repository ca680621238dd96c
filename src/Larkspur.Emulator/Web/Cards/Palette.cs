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

    /// <summary>How far a hue goes towards white and towards black by day; by night towards the page's ground and towards white.</summary>
    private static readonly (string Name, double White, double Black, double Ground, double Light)[] Shades =
    [
        ("50", .93, 0, .86, 0), ("100", .86, 0, .76, 0), ("200", .74, 0, .62, 0), ("300", .56, 0, .46, 0), ("350", .48, 0, .36, 0),
        ("400", .28, 0, .2, 0), ("500", .06, 0, .04, 0), ("600", 0, .08, 0, .3), ("700", 0, .24, 0, .5), ("800", 0, .42, 0, .66),
            ("900", 0, .6, 0, .8),
    ];

    /// <summary>What cards lie on in dark.</summary>
    private static readonly (int R, int G, int B) NightGround = (27, 27, 38);

    private static readonly (int R, int G, int B) White = (255, 255, 255);

    private static readonly Dictionary<string, Shade> Colours = BuildColours();

    /// <summary>Header templates and text tags share these names; <c>neutral</c> and <c>default</c> are the greys.</summary>
    public static string Tint(string? name) =>
        name is not null && Hues.ContainsKey(name) ? $"tint-{name}" : name == "neutral" ? "tint-grey" : "tint-plain";

    public static string? Ink(string? name, JsonElement style = default) => Named("ink", name, style);

    public static string? Fill(string? name, JsonElement style = default) => Named("fill", name, style);

    public static string? Edge(string? name, JsonElement style = default) => Named("edge", name, style);

    /// <summary>Classes for every colour, in the three ways that a card uses one, and those of a colour that a card gives for
    /// dark alone.</summary>
    internal static void WriteSheet(StringBuilder css)
    {
        foreach (var (name, c) in Colours)
        {
            // A bare hue as text must be readable on white, as a background it must leave text readable: so it is two shades.
            var bare = Hues.ContainsKey(name);
            var ink = bare ? Colours[name + "-700"] : c;
            var fill = bare ? Colours[name + "-100"] : name == "white" ? c with { Night = NightGround } : c;
            var edge = bare ? Colours[name + "-300"] : c;
            foreach (var (use, property, shade) in
                new[] { ("ink", "color", ink), ("fill", "background", fill), ("edge", "border-color", edge) })
            {
                css.Append($".{use}-{name}{{--{use}-night:{Hex(shade.Night)};{property}:light-dark({Hex(shade.Day)},var(--{use}-night))}}\n");
            }
        }

        // After those of the day, so that the card's word for dark counts.
        foreach (var (name, c) in Colours.Where(static c => !Hues.ContainsKey(c.Key)))
        {
            css.Append($".night-ink-{name}{{--ink-night:{Hex(c.Night)}}}.night-fill-{name}{{--fill-night:{Hex(c.Night)}}}"
                + $".night-edge-{name}{{--edge-night:{Hex(c.Night)}}}\n");
        }

        foreach (var name in Hues.Keys)
        {
            css.Append($".tint-{name}{{--tint:{Both(name + "-50")};--tint-2:{Both(name + "-100")};--tint-ink:{Both(name + "-700")}}}\n");
        }
    }

    private static string? Named(string use, string? name, JsonElement style)
    {
        if (string.IsNullOrEmpty(name) || name == "default") return null;
        if (Colours.ContainsKey(name)) return $"{use}-{name}";
        var own = style.At("color").At(name);
        if (Nearest(own.Text("light_mode"), White, static c => c.Day) is not { } day) return null;
        return Nearest(own.Text("dark_mode"), NightGround, static c => c.Night) is { } night ? $"{use}-{day} night-{use}-{night}"
            : $"{use}-{day}";
    }

    /// <summary>Own colours of a card are rgba(); they are shown as the nearest named one, so that no card text reaches a style.</summary>
    private static string? Nearest(string? rgba, (int R, int G, int B) ground, Func<Shade, (int R, int G, int B)> shown)
    {
        if (rgba is null) return null;
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
        if (parts.Length == 4
            && (!double.TryParse(parts[3], NumberStyles.Float, CultureInfo.InvariantCulture, out alpha)
                || alpha is < 0 or > 1)) return null;
        double Over(int index, int below) => channel[index] * alpha + below * (1 - alpha);
        var (r, g, b) = (Over(0, ground.R), Over(1, ground.G), Over(2, ground.B));
        return Colours.Where(static c => !Hues.ContainsKey(c.Key)).MinBy(c => Distance(shown(c.Value))).Key;

        double Distance((int R, int G, int B) c) => Square(c.R - r) + Square(c.G - g) + Square(c.B - b);
    }

    private static double Square(double x) => x * x;

    private static Dictionary<string, Shade> BuildColours()
    {
        var all = new Dictionary<string, Shade>(StringComparer.Ordinal)
        {
            ["white"] = new(White, White), ["bg-white"] = new(White, NightGround), ["grey-00"] = new(White, NightGround),
            ["grey-650"] = new((84, 91, 102), (180, 180, 200)), ["grey-950"] = new((28, 31, 37), (236, 236, 244)),
                ["grey-1000"] = new((12, 14, 18), (250, 250, 252)),
        };
        foreach (var (hue, c) in Hues)
        {
            all[hue] = new Shade(c, c);
            foreach (var (shade, white, black, ground, light) in Shades)
            {
                all[$"{hue}-{shade}"] = new Shade(Mix(Mix(c, White, white), default, black),
                    Mix(Mix(c, NightGround, ground), White, light));
            }
        }

        return all;
    }

    private static (int R, int G, int B) Mix((int R, int G, int B) c, (int R, int G, int B) other, double part) =>
        (Mix(c.R, other.R, part), Mix(c.G, other.G, part), Mix(c.B, other.B, part));

    private static int Mix(int channel, int other, double part) => (int)Math.Round(channel + (other - channel) * part);

    private static string Both(string name) => $"light-dark({Hex(Colours[name].Day)},{Hex(Colours[name].Night)})";

    private static string Hex((int R, int G, int B) c) => $"#{c.R:x2}{c.G:x2}{c.B:x2}";

    /// <summary>A colour in light, and in dark.</summary>
    private sealed record Shade((int R, int G, int B) Day, (int R, int G, int B) Night);
}
