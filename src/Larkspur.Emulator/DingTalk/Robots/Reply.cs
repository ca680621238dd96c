using Larkspur.Emulator.DingTalk.Chats;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>The message that a person's message replies to.</summary>
internal sealed record Reply(DingTalkMessage To, ReplyDetail Detail);

/// <summary>What the person's client sends of it: clients differ.</summary>
internal enum ReplyDetail
{
    /// <summary>What it says.</summary>
    Content,
    /// <summary>Who said it, when, and of which kind.</summary>
    Head,
    /// <summary>Its id.</summary>
    Id,
}
