using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Conversations;

/// <summary>
/// What people can do with the bot on some platforms and not on others. The conformance suite tries each on every one, and
/// docs/platforms.md prints them.
/// </summary>
internal enum ChannelCapability
{
    /// <summary>It is in groups, and answers who mentions it.</summary>
    Groups,

    /// <summary>A message that somebody points at comes along, or can be read.</summary>
    Quotes,

    /// <summary>Pictures and files that come with a question can be read.</summary>
    Files,

    /// <summary>A long answer is read while it is being written.</summary>
    GrowingAnswers,

    /// <summary>Buttons below an answer, whose clicks come back.</summary>
    AnswerButtons,

    /// <summary>Cards of commands have their buttons, whose clicks come back. Elsewhere a card's facts are said.</summary>
    CardButtons,

    /// <summary>A card has inputs, which come back with a click. Elsewhere a form is written behind its command.</summary>
    CardForms,
}

/// <summary>Where people talk with the bot: most platforms have one kind, WeCom an application and an AI bot.</summary>
/// <param name="Platform"><c>feishu</c>…</param>
/// <param name="Variant">Which of the platform's kinds; null: its only one.</param>
/// <param name="Title">For people.</param>
/// <param name="Capabilities">What people can do there.</param>
internal sealed record ChannelKind(string Platform, string? Variant, LocalText Title, IReadOnlySet<ChannelCapability> Capabilities)
{
    /// <summary><c>feishu</c>, <c>wecom bot</c>…</summary>
    public string Name => Variant is null ? Platform : $"{Platform} {Variant}";

    /// <summary>People can do that there.</summary>
    public bool Can(ChannelCapability capability) => Capabilities.Contains(capability);
}
