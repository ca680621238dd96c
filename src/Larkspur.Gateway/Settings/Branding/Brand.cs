using System.Buffers;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Settings.Branding;

/// <summary>How the product is called and marked where employees see it: ours, or the company's.</summary>
internal sealed class Brand(ISettings settings, BrandFolder folder)
{
    /// <summary>What it is called where nobody named it.</summary>
    public const string Product = "Larkspur";

    public const string NameZh = "brand.name_zh";
    public const string NameEn = "brand.name_en";
    public const string ColourSetting = "brand.color";
    public const string LogoSetting = "brand.logo";

    private const int LongestName = 40;

    private static readonly SearchValues<char> Marks = SearchValues.Create("<>[]*`");

    private volatile KnownLogo? _logo;

    /// <summary>The settings.</summary>
    /// <param name="folder">Where logos are.</param>
    public static IEnumerable<SettingDefinition> Definitions(BrandFolder folder) =>
    [
        Named(NameZh, BrandTexts.NameZh),
        Named(NameEn, BrandTexts.NameEn),
        new(ColourSetting, SettingKind.Text)
        {
            Longest = 7, Title = BrandTexts.Colour, Help = BrandTexts.ColourHelp,
            Problem = static text => BrandColour.TryParse(text, out _) ? null : BrandTexts.ColourForm,
        },
        new(LogoSetting, SettingKind.Text)
        {
            Longest = 500, Title = BrandTexts.Logo, Help = BrandTexts.LogoHelp,
            Problem = static text => LogoFile.IsName(text) ? null : BrandTexts.LogoName,
            ProblemWhenSet = text => LogoFile.Read(folder.Path, text, out var problem) is null ? problem : null,
        },
    ];

    /// <summary>The company's name for it, where there is one in either language; null: nobody named it.</summary>
    public string? OwnNameIn(Language language)
    {
        var now = settings.Now;
        return language == Language.Chinese ? now.Text(NameZh) ?? now.Text(NameEn) : now.Text(NameEn) ?? now.Text(NameZh);
    }

    /// <summary>What it is called.</summary>
    public string NameIn(Language language) => OwnNameIn(language) ?? Product;

    /// <summary>What it is called, in both languages.</summary>
    public LocalText Name => new(NameIn(Language.Chinese), NameIn(Language.English));

    /// <summary>Null: ours.</summary>
    public BrandColour? Colour =>
        settings.Now.Text(ColourSetting) is { } text && BrandColour.TryParse(text, out var colour) ? colour : null;

    /// <summary>Null: ours, also while the file is missing here. It is read once after each change of the settings.</summary>
    public LogoFile? Logo
    {
        get
        {
            var now = settings.Now;
            if (now.Text(LogoSetting) is not { } name) return null;
            // One that is missing may come: a volume that is mounted late, a copy to the second machine.
            if (_logo is not { File: not null } known || known.Version != now.Version)
                _logo = known = new KnownLogo(now.Version, LogoFile.Read(folder.Path, name, out _));
            return known.File;
        }
    }

    private static SettingDefinition Named(string key, LocalText title) =>
        new(key, SettingKind.Text) { Longest = LongestName, Title = title, Help = BrandTexts.NameHelp, Problem = ProblemOfName };

    /// <summary>It stands in messages of platforms that have markup of their own.</summary>
    private static LocalText? ProblemOfName(string name) => name.AsSpan().ContainsAny(Marks) ? BrandTexts.NameMarks : null;

    private sealed record KnownLogo(long Version, LogoFile? File);
}

/// <summary>Where logos are.</summary>
internal sealed record BrandFolder(string Path);
