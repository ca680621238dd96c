using System.Globalization;
using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Settings.Branding;

/// <summary>A colour of the screen. How well two are told apart is WCAG 2's contrast: 1 to 21, and text needs 4.5.</summary>
internal readonly partial record struct BrandColour(byte Red, byte Green, byte Blue)
{
    /// <summary>What text needs.</summary>
    public const double Readable = 4.5;

    /// <summary>Steps from a colour to black or white.</summary>
    private const int Steps = 50;

    public static readonly BrandColour White = new(255, 255, 255);
    public static readonly BrandColour Black = new(0, 0, 0);

    /// <summary>Black or white, whichever is read better on it; one of them always is.</summary>
    public BrandColour Ink => Contrast(White) >= Readable || Contrast(White) >= Contrast(Black) ? White : Black;

    /// <summary>Reads <c>#4c4ab8</c>, and no other form: it becomes part of a style sheet.</summary>
    public static bool TryParse(string text, out BrandColour colour)
    {
        colour = default;
        if (!Form().IsMatch(text)) return false;
        var number = int.Parse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        colour = new BrandColour((byte)(number >> 16), (byte)(number >> 8), (byte)number);
        return true;
    }

    public double Contrast(BrandColour other)
    {
        var (one, two) = (Luminance, other.Luminance);
        return (Math.Max(one, two) + 0.05) / (Math.Min(one, two) + 0.05);
    }

    /// <summary>So much of another colour in it, from 0 to 1.</summary>
    public BrandColour Mixed(BrandColour other, double share)
    {
        return new BrandColour(Of(Red, other.Red), Of(Green, other.Green), Of(Blue, other.Blue));

        byte Of(byte own, byte others) => (byte)Math.Round(own + ((others - own) * share));
    }

    /// <summary>The nearest one, towards black or white, that is read on all of these grounds.</summary>
    public BrandColour ReadableOn(BrandColour towards, params ReadOnlySpan<BrandColour> grounds)
    {
        for (var step = 0; step < Steps; step++)
        {
            var mixed = Mixed(towards, (double)step / Steps);
            var isRead = true;
            foreach (var ground in grounds) isRead &= mixed.Contrast(ground) >= Readable;
            if (isRead) return mixed;
        }

        return towards;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    private double Luminance
    {
        get
        {
            return (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

            static double Linear(byte value) =>
                value / 255d is var part && part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);
        }
    }

    [GeneratedRegex(@"\A#[0-9a-fA-F]{6}\z")]
    private static partial Regex Form();
}
