using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.Web.Platforms;
using Microsoft.AspNetCore.Components;

namespace Larkspur.Emulator.Web.DingTalk;

/// <summary>Makes DingTalk's messages ready to be drawn for one person.</summary>
/// <param name="viewer">The person.</param>
/// <param name="find">A message of the chat by its id; null: it is forgotten.</param>
/// <param name="writable">The person can say something there.</param>
internal sealed class DingTalkMessageRows(Viewer viewer, Func<string, MessageReading?> find, bool writable)
{
    public MessageRow Of(MessageReading reading)
    {
        var (message, texts) = (reading.Message, viewer.Texts);
        var isMine = message.SenderKind == DingTalkSender.Person && message.SenderId == viewer.Me.UserId;
        var name = NameOf(message);
        return new MessageRow
        {
            Id = message.MessageId, SenderKey = message.SenderKind == DingTalkSender.Person ? message.SenderId : $"{message.SenderKind}/{message.SenderId}", SenderName = name, Time = message.Time, IsMine = isMine, IsBot = message.SenderKind != DingTalkSender.Person,
            Tag = message.SenderKind switch { DingTalkSender.Robot => texts.Bot, DingTalkSender.GroupRobot => texts.GroupRobot, DingTalkSender.Application => texts.WorkNotices, _ => "" },
            Notice = message.Recalled ? isMine ? texts.RecalledByYou : texts.Recalled(name) : "",
            IsCard = reading.Card is not null || message.Kind is "link" or "sampleLink" or "feedCard" or "oa" || DingTalkBody.IsActionCard(message.Kind),
            IsGrowing = reading.Card is { IsStreaming: true }, Body = BodyOf(reading), Foot = [.. Foot(message, isMine)],
            Quoted = message.ReplyTo is { } id ? new QuotedRow(id, LineOf(id)) : null, Quotable = writable,
        };
    }

    private string NameOf(DingTalkMessage message) =>
        message.SenderKind == DingTalkSender.Person ? viewer.NameOf(message.SenderId) : message.SenderName == "Larkspur 助手" && viewer.Texts.Code != "zh" ? "Larkspur Assistant" : message.SenderName;

    private string LineOf(string messageId) => find(messageId) switch
    {
        null => viewer.Texts.MissingQuote,
        { Message.Recalled: true } => viewer.Texts.RecalledQuote,
        var quoted => $"{NameOf(quoted.Message)}: {DingTalkPreview.Of(quoted, viewer.Texts)}",
    };

    private RenderFragment BodyOf(MessageReading reading) => builder =>
    {
        if (reading.Card is { } card)
        {
            builder.OpenComponent<CardInstanceView>(0);
            builder.AddComponentParameter(1, nameof(CardInstanceView.Viewer), viewer);
            builder.AddComponentParameter(2, nameof(CardInstanceView.Title), reading.Title);
            builder.AddComponentParameter(3, nameof(CardInstanceView.Text), reading.Text);
            builder.AddComponentParameter(4, nameof(CardInstanceView.Fields), (IReadOnlyList<KeyValuePair<string, string>>)card.Fields);
            builder.AddComponentParameter(5, nameof(CardInstanceView.Buttons), (IReadOnlyList<CardPress>)[.. card.Buttons.Select(b => new CardPress(b.Text, b.ActionId, b.Url))]);
            builder.AddComponentParameter(6, nameof(CardInstanceView.Stage), card.Stage?.ToString());
            builder.AddComponentParameter(7, nameof(CardInstanceView.Growing), card.IsStreaming);
        }
        else
        {
            var message = reading.Message;
            builder.OpenComponent<DingTalkBody>(10);
            builder.AddComponentParameter(11, nameof(DingTalkBody.Viewer), viewer);
            builder.AddComponentParameter(12, nameof(DingTalkBody.Kind), message.Kind);
            builder.AddComponentParameter(13, nameof(DingTalkBody.Title), reading.Title);
            builder.AddComponentParameter(14, nameof(DingTalkBody.Text), reading.Text);
            builder.AddComponentParameter(15, nameof(DingTalkBody.IsMarkdown), reading.IsMarkdown);
            builder.AddComponentParameter(16, nameof(DingTalkBody.Media), message.Media);
            builder.AddComponentParameter(17, nameof(DingTalkBody.Links), (IReadOnlyList<CardPress>)[.. message.Links.Select(l => new CardPress(l.Title, "", l.Url))]);
            builder.AddComponentParameter(18, nameof(DingTalkBody.Mentions), (IReadOnlyList<string>)[.. message.At.Select(viewer.NameOf), .. message.AtAll ? [viewer.Texts.Everyone] : Array.Empty<string>()]);
            builder.AddComponentParameter(19, nameof(DingTalkBody.SideBySide), message.Kind == "sampleActionCard6" || message.Content.Contains("\"btnOrientation\":\"1\"", StringComparison.Ordinal));
            builder.AddComponentParameter(20, nameof(DingTalkBody.Status), message.Status?.Value ?? "");
            builder.AddComponentParameter(21, nameof(DingTalkBody.StatusColour), message.Status?.Colour ?? "");
        }

        builder.CloseComponent();
    };

    /// <summary>A robot reads nothing: marks make sense where other people are.</summary>
    private IEnumerable<string> Foot(DingTalkMessage message, bool isMine)
    {
        if (isMine && message.ReadBy.Count > 0) yield return viewer.Texts.ReadMark;
    }
}

/// <summary>Something to press on a card: a button with a key, or one that leads to an address.</summary>
public sealed record CardPress(string Text, string Key, string? Url);
