using System.Globalization;
using System.Text;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Robots;

/// <summary>What is to be said, in no platform's words: one of the three.</summary>
internal sealed record GroupMessage
{
    /// <summary>Plain words; <c>&lt;at user_id="all"&gt;&lt;/at&gt;</c> calls everybody, another id the person.</summary>
    public string? Text { get; private init; }

    /// <summary>Markdown.</summary>
    public string? Markdown { get; private init; }

    /// <summary>A card; all that can be done on it is opening addresses.</summary>
    public CardMessage? Card { get; private init; }

    /// <summary>Where the request says it.</summary>
    public required string Pointer { get; init; }

    public static GroupMessage OfText(string text, string pointer) => new() { Text = text, Pointer = pointer };

    public static GroupMessage OfMarkdown(string markdown, string pointer) => new() { Markdown = markdown, Pointer = pointer };

    /// <exception cref="RequestRefusedException">A robot hears nothing: there is something on it that would call back.</exception>
    public static GroupMessage OfCard(CardMessage card, string pointer)
    {
        for (var i = 0; i < card.Actions.Count; i++)
        {
            if (card.Actions[i].Url is null)
                throw Refused(string.Create(CultureInfo.InvariantCulture, $"{pointer}/actions/{i}/url"),
                    "A group robot hears of no click: give the action a url, or send the card to a chat.");
        }

        if (card.Inputs.Count > 0) throw Refused(pointer + "/inputs",
            "A group robot hears nothing: nobody would get what is filled in. Send the card to a chat.");
        if (card.Webhook is not null) throw Refused(pointer + "/webhook",
            "A group robot hears of no click, so no webhook is told of one. Leave it out.");
        if (card.Picture?.Key is not null) throw Refused(pointer + "/image/key",
            "An upload belongs to an app, and a group robot is none: give the image's url.");
        return new() { Card = card, Pointer = pointer };
    }

    /// <summary>What group robots cannot do.</summary>
    public static RequestRefusedException Refused(string pointer, string sentence) =>
        RequestRefusedException.Impossible("not_for_robots", pointer, sentence);

    /// <summary>Not more bytes than the platform takes.</summary>
    /// <exception cref="RequestRefusedException">There are more.</exception>
    public void DemandSize(string said, int mostBytes)
    {
        var bytes = Encoding.UTF8.GetByteCount(said);
        if (bytes <= mostBytes) return;
        throw RequestRefusedException.Impossible("content_too_large", Pointer, string.Create(CultureInfo.InvariantCulture,
            $"It has {bytes} bytes in the form in which this platform's group robots say it, and they take {mostBytes}. Shorten it."));
    }
}
