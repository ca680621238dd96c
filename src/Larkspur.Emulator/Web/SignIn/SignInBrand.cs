namespace Larkspur.Emulator.Web.SignIn;

/// <summary>Whose page it is.</summary>
/// <param name="Mark">One character in a coloured field.</param>
/// <param name="Colours">The custom properties <c>--title</c>, <c>--mark</c>, <c>--accent</c>, <c>--button</c>, <c>--pressed</c>.</param>
internal sealed record SignInBrand(string Zh, string En, string Mark, string Colours)
{
    public static readonly SignInBrand Feishu = new("飞书", "Feishu", "飞",
        ":root{--title:light-dark(#1f4fd1,#8fb0ff);--mark:linear-gradient(145deg,#2ec4b6,#3370ff);--accent:#3370ff"
            + ";--button:#2457d6;--pressed:#1d48b5}");

    public static readonly SignInBrand WeCom = new("企业微信", "WeCom", "企",
        ":root{--title:light-dark(#2c5a8c,#9cc0ea);--mark:linear-gradient(145deg,#4f83bd,#33597f);--accent:#4a7fbd"
            + ";--button:#2c5f99;--pressed:#234d7d}");

    public static readonly SignInBrand DingTalk = new("钉钉", "DingTalk", "钉",
        ":root{--title:light-dark(#0068d6,#6cb2ff);--mark:linear-gradient(145deg,#3aa5ff,#0072e5);--accent:#0089ff"
            + ";--button:#0068d6;--pressed:#0057b5}");
}

/// <summary>The page says this instead of asking. Texts for people, one language each.</summary>
/// <param name="Code">The platform's; <see langword="null"/>: it has none for this.</param>
internal sealed record PageProblem(int? Code, string Zh, string En);

/// <summary>Where a page is shown.</summary>
internal enum PageShape
{
    /// <summary>It has the window to itself, and stands in no frame.</summary>
    Page,
    /// <summary>In a frame of an app's page, 250 by 250.</summary>
    Square,
    /// <summary>In a frame of an app's page, as large as that makes it.</summary>
    Panel,
}
