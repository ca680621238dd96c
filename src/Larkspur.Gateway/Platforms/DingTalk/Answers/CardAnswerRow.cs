using System.Text.Json;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.DingTalk.Answers;

/// <summary>The end of an answer that is in a card: all that is needed to show it, whatever was shown before, by whichever process.</summary>
internal sealed record CardAnswerRow
{
    /// <summary>The card's <c>outTrackId</c>.</summary>
    public required string Card { get; init; }

    /// <summary>Markdown, all of it.</summary>
    public required string Text { get; init; }

    /// <summary>Small print.</summary>
    public string? Note { get; init; }

    /// <summary>It ends as failed.</summary>
    public bool Failed { get; init; }

    /// <summary>The card is known to be there.</summary>
    public bool Opened { get; init; }

    /// <summary>The buttons, as the card's variable has them.</summary>
    public string Buttons { get; init; } = "[]";

    /// <summary>Of our own words in it.</summary>
    public string? Language { get; init; }

    /// <summary>Where it goes, should it have to go otherwise.</summary>
    public required ReplyAddress To { get; init; }

    public OutboxMessage Message() => new()
    {
        Platform = DingTalkApps.Platform, Operation = EndOfAnswer.Definition, Lane = To.Lane, TargetType = To.TargetType, Target = To.Target, MessageType = "card",
        // Should the platform refuse the card, its text goes as messages (CardAnswerCompletion): nothing is lost that a notification would have to tell.
        Content = JsonSerializer.Serialize(this, RowJson.Options), Priority = OutboxPriority.Answer, FallsBack = false,
    };
}
