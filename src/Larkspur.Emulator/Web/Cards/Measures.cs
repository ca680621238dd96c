using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>
/// Lengths a card may ask for, as classes. The page's policy forbids inline styles altogether, so a length is a whole number of
/// pixels within the documented range, for which the generated style sheet has a rule, or it is nothing.
/// </summary>
public static partial class Measures
{
    private static readonly HashSet<string> TextSizes = new(StringComparer.Ordinal)
    {
        "heading-0", "heading-1", "heading-2", "heading-3", "heading-4", "heading", "normal", "notation",
        "xxxx-large", "xxx-large", "xx-large", "x-large", "large", "medium", "small", "x-small",
    };

    public static string Join(params IEnumerable<string?> classes) => string.Join(' ', classes.Where(static c => !string.IsNullOrEmpty(c)));

    /// <summary>A class for one of a few known words; nothing for any other.</summary>
    public static string? OneOf(string prefix, string? word, params ReadOnlySpan<string> known) => word is not null && known.Contains(word) ? prefix + word : null;

    public static string? Padding(string? value) => Sides(value, 'p', 0);

    public static string? Margin(string? value) => Sides(value, 'm', -99);

    /// <summary>Named spacings as documented: small 4, medium 8, large 12, extra_large 16; or pixels.</summary>
    public static string? Gap(string? value, string axis) => value switch
    {
        "small" => $"g{axis}4",
        "default" or "medium" => $"g{axis}8",
        "large" => $"g{axis}12",
        "extra_large" => $"g{axis}16",
        _ => Pixels(value, 0, 99) is { } px ? $"g{axis}{px}" : null,
    };

    public static string? Width(string? value) => value == "fill" ? "wfill" : Pixels(value, 16, 999) is { } px ? $"w{px}" : null;

    public static string? Height(string? value) => Pixels(value, 10, 999) is { } px ? $"h{px}" : null;

    public static string? Radius(string? value) => value is "100%" or "50%" ? "rfull" : Pixels(value, 0, 9999) is { } px ? $"r{Math.Min(px, 99)}" : null;

    public static string Weight(JsonElement column) =>
        $"grow{Math.Clamp(column.Number("weight") ?? 1, 1, 5)}";

    public static string? TextSize(string? name, JsonElement style)
    {
        if (name is null) return null;
        if (TextSizes.Contains(name)) return $"ts-{name}";
        var own = style.At("text_size").At(name);
        var chosen = own.Text("pc") ?? own.Text("default");
        return chosen is not null && TextSizes.Contains(chosen) ? $"ts-{chosen}" : null;
    }

    public static string? Align(string? value) => value is "center" or "right" ? $"ta-{value}" : null;

    internal static void WriteSheet(StringBuilder css)
    {
        (char, string)[] sides = [('t', "top"), ('r', "right"), ('b', "bottom"), ('l', "left")];
        foreach (var (key, side) in sides)
        {
            for (var px = 0; px <= 99; px++)
            {
                css.Append($".p{key}{px}{{padding-{side}:{px}px}}.m{key}{px}{{margin-{side}:{px}px}}");
                if (px > 0) css.Append($".m{key}n{px}{{margin-{side}:-{px}px}}");
            }

            css.Append('\n');
        }

        for (var px = 0; px <= 99; px++) css.Append($".gx{px}{{column-gap:{px}px}}.gy{px}{{row-gap:{px}px}}.r{px}{{border-radius:{px}px}}");
        for (var px = 10; px <= 999; px++) css.Append($".w{px}{{width:{px}px;max-width:100%}}.h{px}{{height:{px}px}}");
        for (var weight = 1; weight <= 5; weight++) css.Append($".grow{weight}{{flex:{weight} {weight} 0}}");
    }

    private static string? Sides(string? value, char property, int lowest)
    {
        if (value is null) return null;
        var parts = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length is 0 or > 4) return null;
        var lengths = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (Pixels(parts[i], lowest, 99) is not { } px) return null;
            lengths[i] = px;
        }

        int Side(int index) => lengths.Length switch { 1 => lengths[0], 2 => lengths[index % 2], 3 => lengths[index == 3 ? 1 : index], _ => lengths[index] };
        string Class(char side, int index) => Side(index) is var px && px < 0 ? $"{property}{side}n{-px}" : $"{property}{side}{px}";
        return $"{Class('t', 0)} {Class('r', 1)} {Class('b', 2)} {Class('l', 3)}";
    }

    private static int? Pixels(string? value, int lowest, int highest)
    {
        if (value is null || PixelPattern().Match(value) is not { Success: true } match) return null;
        var px = int.Parse(match.Groups[1].ValueSpan, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return px < lowest || px > highest ? null : px;
    }

    [GeneratedRegex(@"^(-?[0-9]{1,4})(?:px)?$", RegexOptions.CultureInvariant)]
    private static partial Regex PixelPattern();
}
