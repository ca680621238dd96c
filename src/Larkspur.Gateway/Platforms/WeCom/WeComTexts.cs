using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>What the gateway itself says in WeCom.</summary>
internal static class WeComTexts
{
    public static string Thinking(Language language) => language == Language.Chinese ? "正在思考…" : "Thinking…";

    /// <summary>Below what a stream shows when its time is over and the answer is not.</summary>
    public static string Continues(Language language) => language == Language.Chinese ? "（回答较长，余下的内容写完后另发一条。）" : "(This takes longer; the rest follows in a message of its own.)";

    /// <summary>Below an answer of which no more can be sent.</summary>
    public static string Cut(Language language) => language == Language.Chinese ? "（内容过长，后面的部分已省略。）" : "(The text is too long; the rest was left out.)";

    /// <summary>The stream of a message that was given no answer.</summary>
    public const string Nothing = "（没有可以回答的内容。）";

    /// <summary>Heading of the buttons below an answer.</summary>
    public static string HowWasIt(Language language) => language == Language.Chinese ? "这个回答有帮助吗？" : "Was this helpful?";

    /// <summary>In both languages: what failed may be the very reading of the message that would tell.</summary>
    public static string Both(string key, params ReadOnlySpan<object?> values) => Language.Chinese.Get(key, values) + "\n" + Language.English.Get(key, values);
}
