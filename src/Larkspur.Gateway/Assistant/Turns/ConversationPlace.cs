using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>
/// Where a person's conversation goes on. What was said in private is said in private on every platform, and nowhere else: in a group
/// others read the answers, and what only the asker may read
/// must not come up there.
/// </summary>
internal static class ConversationPlace
{
    /// <summary>Between the person and the assistant alone, on whichever platform; the web chat too.</summary>
    public const string Private = "";

    public static string Of(UnifiedMessage message) => message switch
    {
        { IsGroup: false } => Private,
        { ThreadId: { Length: > 0 } thread } => $"{OfChat(message.Platform, message.App, message.ChatId)}\n{thread}",
        _ => OfChat(message.Platform, message.App, message.ChatId),
    };

    /// <summary>Where a question is asked again. Of one that was asked before places were kept nobody knows whether others read
    /// along.</summary>
    public static string Of(Turn turn) => turn.Place ?? OfChat(turn.Platform, turn.App, turn.ChatId);

    /// <summary>A chat's id means one chat for one app.</summary>
    private static string OfChat(string platform, string app, string chat) => $"{platform}\n{app}\n{chat}";
}
