namespace Larkspur.Emulator.Web.Messages;

/// <summary>Reactions as drawings of our own on a 20 px grid, since not every machine has a font for them: what is filled and
/// what is a line, by colour.</summary>
internal static class EmojiDrawing
{
    private const string Round = "M18 10a8 8 0 1 1-16 0 8 8 0 0 1 16 0z";
    private const string Eyes = "M7 7.600v1.200 M13 7.600v1.200";
    private const string Smile = "M6.300 11.800a4.200 4.200 0 0 0 7.400 0";
    private const string Open = "M5.800 11h8.400a4.200 4.200 0 0 1-8.400 0z";
    private const string Tick = "M5.800 10.300l3 3 5.600-6.200";
    private const string Cross = "M6.500 6.500l7 7 M13.500 6.500l-7 7";
    private const string Square =
        "M5 2.500h10A2.500 2.500 0 0 1 17.500 5v10a2.500 2.500 0 0 1-2.500 2.500H5A2.500 2.500 0 0 1 2.500 15V5A2.500 2.500 0 0 1 5 2.500z";
    private const string HeartShape =
        "M10 17.200C4.500 13 2.200 10.300 2.200 7.200A4.100 4.100 0 0 1 10 5.500a4.100 4.100 0 0 1 7.800 1.700c0 3.100-2.300 "
            + "5.800-7.800 10z";
    private const string Hand =
        "M7 9l2.800-6.200c1.600-.2 2.600 1 2.200 2.800L11.500 8h4.300a1.800 1.800 0 0 1 1.800 2.200l-1.100 5.300A2 2 0 0 1 14.500 "
            + "17H7z M2.500 9H5v8H2.500z";
    private const string HandDown =
        "M7 11l2.800 6.200c1.600.2 2.600-1 2.200-2.800L11.500 12h4.300a1.800 1.800 0 0 0 1.800-2.200l-1.100-5.300A2 2 0 0 0 "
            + "14.500 3H7z M2.500 11H5V3H2.500z";
    private const string Tears = "M6 10.500c1 1.600 1.300 2.300 1.300 3a1.300 1.300 0 0 1-2.600 0c0-.7.300-1.400 1.300-3z";
    private const string Looking =
        "M10 10c0 3-1.400 5-3.500 5S3 13 3 10s1.400-5 3.500-5S10 7 10 10z M17 10c0 3-1.400 5-3.500 5S10 13 10 10s1.400-5 "
            + "3.500-5S17 7 17 10z";
    private const string Pupils =
        "M6.800 11.500a1.300 1.300 0 1 1-2.600 0 1.300 1.300 0 0 1 2.600 0z M13.800 11.500a1.300 1.300 0 1 1-2.600 0 1.300 1.300 "
            + "0 0 1 2.600 0z";

    private static readonly Dictionary<string, (string Colour, string Shape)[]> Drawings = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SMILE"] = Face(("line", Eyes), ("line", Smile)),
        ["BLUSH"] = Face(("pink",
            "M6.500 11.500a1.500 1.500 0 1 1-3 0 1.500 1.500 0 0 1 3 0z M16.500 11.500a1.500 1.500 0 1 1-3 0 1.500 1.500 0 0 1 3 0z"),
                ("line", Eyes), ("line", Smile)),
        ["LAUGH"] = Face(("line", Eyes), ("dark", Open)),
        ["LOL"] = Face(("line", "M5.500 6.800l2.500 1.400-2.500 1.400 M14.500 6.800L12 8.200l2.500 1.400"), ("dark", Open)),
        ["LOVE"] = Face(("red",
            "M6.800 9.800C5 8.400 4.300 7.600 4.300 6.600a1.300 1.300 0 0 1 2.500-.5 1.300 1.300 0 0 1 2.500.5c0 1-.7 1.800-2.500 "
                + "3.200z M13.200 9.800c-1.800-1.400-2.500-2.200-2.500-3.200a1.300 1.300 0 0 1 2.500-.5 1.300 1.300 0 0 1 "
                + "2.500.5c0 1-.7 1.800-2.500 3.200z"), ("line", Smile)),
        ["WINK"] = Face(("line", "M5.800 8.300h2.400 M13 7.600v1.200"), ("line", Smile)),
        ["PROUD"] = Face(("dark", "M4 7h5.200v1.200a2.600 2.600 0 0 1-5.200 0z M10.800 7H16v1.200a2.600 2.600 0 0 1-5.200 0z"),
            ("line", "M4 7h12"), ("line", Smile)),
        ["WITTY"] = Face(("line", "M5.800 8.300h2.400 M13 7.600v1.200"), ("line", Smile), ("red",
            "M8.500 13h3.200v1.500a1.600 1.600 0 0 1-3.200 0z")),
        ["SMART"] = Face(("line", "M9 8.300a2 2 0 1 1-4 0 2 2 0 0 1 4 0z M15 8.300a2 2 0 1 1-4 0 2 2 0 0 1 4 0z M9 8.300h2"), ("line",
            Smile)),
        ["SCOWL"] = Face(("line", "M5.500 6.600l2.700 1.200 M14.500 6.600l-2.700 1.200 M7 9v.6 M13 9v.6 M6.800 14a4 4 0 0 1 6.400 0")),
        ["THINKING"] = Face(("line", "M5.500 6.200l2.600-.6 M12 6.600l2.500.6 M7 8.300v1 M13 8.800v1 M8 13.300l4-.8")),
        ["CRY"] = Face(("line", Eyes), ("line", "M7 14.200a3.600 3.600 0 0 1 6 0"), ("blue", Tears)),
        ["SOB"] = Face(("line", "M5.600 8.400h2.600 M11.800 8.400h2.600"), ("dark", "M6.800 14.500a3.200 3.200 0 0 1 6.400 0z"),
            ("blue", Tears)),
        ["SURPRISED"] = Face(("line", Eyes), ("dark", "M11.800 13a1.800 2 0 1 1-3.600 0 1.800 2 0 0 1 3.600 0z")),
        ["SHOCKED"] = Face(("line", Eyes), ("dark", "M12.600 13a2.600 3 0 1 1-5.200 0 2.600 3 0 0 1 5.200 0z")),
        ["THUMBSUP"] = [("yellow", Hand)],
        ["THUMBSDOWN"] = [("yellow", HandDown)],
        ["OK"] = [("green", Round), ("white-line",
            "M9.200 10a1.900 2.600 0 1 1-3.800 0 1.900 2.600 0 0 1 3.800 0z M11.500 7.400v5.200 M14.700 7.400l-3 2.900 3 2.300")],
        ["DONE"] = [("green", Square), ("white-line", Tick)],
        ["YES"] = [("green", Square), ("white-line", Tick)],
        ["CheckMark"] = [("green-line", Tick)],
        ["CrossMark"] = [("red-line", Cross)],
        ["ERROR"] = [("red-line", Cross)],
        ["NO"] = [("red-line", "M17.500 10a7.500 7.500 0 1 1-15 0 7.500 7.500 0 0 1 15 0z M4.800 4.800l10.400 10.400")],
        ["HEART"] = [("red", HeartShape)],
        ["PARTY"] =
        [
            ("yellow", "M2.500 17.500L7 6.500l6.500 6.500z"), ("red-line",
                "M9 4.500a3 3 0 0 0 .5-2.500 M11 8.500c2-2.500 3.500-2.500 5.500-2"),
                    ("green-line", "M12.500 5v.5 M17.500 10.500h.5 M15.500 3v.5"),
            ("blue-line", "M13 10.500c1.500-.5 3 0 4 1.500"),
        ],
        ["CLAP"] = Clapping,
        ["APPLAUSE"] = Clapping,
        ["GLANCE"] = [("white", Looking), ("dark", Pupils)],
        ["EYES"] = [("white", Looking), ("dark", Pupils)],
        ["FIRE"] = [("orange",
            "M10 18.500c-3.600 0-6-2.300-6-5.600 0-2.700 1.700-4 2.600-6 1 .6 1.400 1.500 1.600 2.600C9.800 7.500 10.300 4.500 9 "
                + "1.500c4 1.500 7 6.500 7 11 0 3.500-2.400 6-6 6z")],
        ["Alarm"] = [("white", Round), ("red-line", "M10 5.500V10l3 2")],
        ["Pin"] = [("red", "M10 18.500s5.500-5.200 5.500-10a5.500 5.500 0 0 0-11 0c0 4.800 5.500 10 5.500 10z"), ("white",
            "M12 8.500a2 2 0 1 1-4 0 2 2 0 0 1 4 0z")],
    };

    private static (string Colour, string Shape)[] Clapping =>
    [
        ("yellow", "M4 8.500l3-2.800 7.500 7.300a3.800 3.800 0 0 1-5.600 5L3.500 12.500z"), ("yellow",
            "M8 5.500l2.500-1.700 6.300 6.500a4 4 0 0 1-.3 5.500z"),
                ("red-line", "M12 2.500l.6-1.500 M15 4.500l1.500-1 M16.500 7.500h1.800"),
    ];

    /// <returns>What to draw, from below to above; null for a reaction that has no drawing.</returns>
    public static IReadOnlyList<(string Colour, string Shape)>? Of(string emojiType) => Drawings.GetValueOrDefault(emojiType);

    private static (string Colour, string Shape)[] Face(params (string Colour, string Shape)[] parts) => [("yellow", Round), .. parts];
}
