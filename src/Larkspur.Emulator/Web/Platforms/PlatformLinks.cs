namespace Larkspur.Emulator.Web.Platforms;

/// <summary>Addresses of the three platforms' pages.</summary>
public static class PlatformLinks
{
    /// <summary>Its page is the client's first one, at <c>/</c>.</summary>
    public const string Feishu = "feishu";

    public static IReadOnlyList<string> Names { get; } = [Feishu, "wecom", "dingtalk"];

    public static string Of(Viewer viewer, string platform, string? chat = null, string? asPerson = null, string? language = null)
    {
        var query = $"{(platform == Feishu ? "/" : "/" + platform)}?as={Uri.EscapeDataString(asPerson ?? viewer.Me.UserId)}";
        if (chat is not null) query += $"&chat={Uri.EscapeDataString(chat)}";
        if (language is not null) query += $"&lang={language}";
        return query;
    }
}
