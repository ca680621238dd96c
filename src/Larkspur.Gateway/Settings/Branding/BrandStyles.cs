namespace Larkspur.Gateway.Settings.Branding;

/// <summary>
/// Style sheets that put the company's colour in the place of ours. Whatever the colour, what is written in it or on it can be read: it is
/// darkened on light grounds and lightened on dark ones until it is.
/// </summary>
internal static class BrandStyles
{
    /// <summary>Of the chat page, which follows the reader's system.</summary>
    public static string Chat(BrandColour colour)
    {
        var (light, dark) = (Light(colour), Dark(colour));
        return $":root {{ {Mark("--", colour)} {Accent("--", light)} }}\n"
            + $"@media (prefers-color-scheme: dark) {{ :root {{ {Accent("--", dark)} }} }}\n";
    }

    /// <summary>Of the console, whose reader may choose light or dark.</summary>
    public static string Console(BrandColour colour)
    {
        var (light, dark) = (Light(colour), Dark(colour));
        return $":root {{ {Mark("--lk-", colour)} {Accents(light)} }}\n"
            + $"@media (prefers-color-scheme: dark) {{ :root[data-theme=auto] {{ {Accents(dark)} }} }}\n"
            + $":root[data-theme=dark] {{ {Accents(dark)} }}\n";
    }

    private static string Mark(string prefix, BrandColour colour) => $"{prefix}brand: {colour}; {prefix}on-brand: {colour.Ink};";

    private static string Accent(string prefix, Shades shades) =>
        $"{prefix}accent: {shades.Accent}; {prefix}on-accent: {shades.Accent.Ink}; {prefix}wash: {shades.Wash};";

    private static string Accents(Shades shades) =>
        $"--lk-accent: {shades.Accent}; --lk-accent-strong: {shades.Strong}; "
        + $"--lk-accent-wash: {shades.Wash}; --lk-on-accent: {shades.Accent.Ink};";

    private static Shades Light(BrandColour colour)
    {
        var wash = colour.Mixed(BrandColour.White, 0.9);
        // The darkest grounds that the pages have.
        var accent = colour.ReadableOn(BrandColour.Black, BrandColour.White, new BrandColour(0xf0, 0xf0, 0xf6), wash);
        return new Shades(accent, accent.Mixed(BrandColour.Black, 0.2), wash);
    }

    private static Shades Dark(BrandColour colour)
    {
        var wash = colour.Mixed(new BrandColour(0x1b, 0x1b, 0x26), 0.8);
        // The lightest ground that the pages have in the dark, beside the wash.
        var accent = colour.ReadableOn(BrandColour.White, new BrandColour(0x2d, 0x2d, 0x3d), wash);
        return new Shades(accent, accent.Mixed(BrandColour.White, 0.3), wash);
    }

    private readonly record struct Shades(BrandColour Accent, BrandColour Strong, BrandColour Wash);
}
