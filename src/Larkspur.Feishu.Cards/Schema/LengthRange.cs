using System.Globalization;

namespace Larkspur.Feishu.Cards.Schema;

/// <summary>A range of lengths as the catalogue writes it: <c>[-99,99]px</c>, <c>[100,∞)px</c>, <c>[1,100]%</c>.</summary>
internal readonly record struct LengthRange(double Min, double Max, string Unit)
{
    /// <exception cref="FormatException">The catalogue says something that this reading does not know.</exception>
    public static LengthRange Parse(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        var end = text.IndexOfAny([']', ')']);
        if (text.Length < 5 || text[0] != '[' || comma < 0 || end < comma) throw new FormatException($"card-schema.json: \"{text}\" is no range.");
        return new LengthRange(Number(text[1..comma]), Number(text[(comma + 1)..end]), text[(end + 1)..]);

        static double Number(string part) => part == "∞" ? double.PositiveInfinity : double.Parse(part, CultureInfo.InvariantCulture);
    }

    public bool Contains(double value) => value >= Min && value <= Max;

    public override string ToString() => double.IsPositiveInfinity(Max)
        ? $"{Min.ToString(CultureInfo.InvariantCulture)}{Unit} or more"
        : $"{Min.ToString(CultureInfo.InvariantCulture)}{Unit} to {Max.ToString(CultureInfo.InvariantCulture)}{Unit}";
}
