using Larkspur.Gateway.Bots;

namespace Larkspur.Gateway.Channels.WeCom;

/// <summary>What the gateway itself says in WeCom.</summary>
internal static class WeComWords
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

    public static string Greeting(Language language) => language == Language.Chinese
        ? "你好，我是 Larkspur 助手。直接发消息提问即可，发送 /help 查看更多用法。"
        : "Hello, I am the Larkspur assistant. Just ask; send /help to see what else I can do.";

    public static string Unreadable(Language language) => language.Get("unreadable");

    public static string NoAssistant(Language language) => language.Get("echo.note");

    /// <summary>In both languages: what failed may be the very reading of the message that would tell.</summary>
    public static string Both(string key, params ReadOnlySpan<object?> values) => Language.Chinese.Get(key, values) + "\n" + Language.English.Get(key, values);
}
