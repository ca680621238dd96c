using System.Collections.Immutable;
using Larkspur.Emulator.DingTalk.Cards;

namespace Larkspur.Emulator.DingTalk.Chats;

/// <summary>A chat as one person finds it in their list.</summary>
internal sealed record ChatLine(DingTalkChat Chat, int Unread, MessageReading? Last);

/// <summary>A message as one person reads it, ready to be drawn.</summary>
/// <param name="Text">Plain, or Markdown when <see cref="IsMarkdown"/>; of a card, its main text.</param>
internal sealed record MessageReading(DingTalkMessage Message, string Title, string Text, bool IsMarkdown)
{
    public CardReading? Card { get; init; }

    /// <summary>Changes whenever anything in the message or its card does.</summary>
    public required string Version { get; init; }
}

/// <summary>A card as one person reads it.</summary>
/// <param name="Fields">Its variables for this person that hold something, without buttons, main text and workings.</param>
/// <param name="Stage"><see langword="null"/> for a card that is no AI card.</param>
internal sealed record CardReading(CardInstance Card, ImmutableArray<KeyValuePair<string, string>> Fields, ImmutableArray<CardButton> Buttons, AiCardStage? Stage)
{
    /// <summary>Its text still grows.</summary>
    public bool IsStreaming => Stage is AiCardStage.Processing or AiCardStage.Inputting or AiCardStage.Executing;
}

/// <summary>Reads chats, messages and cards as people see them, for pages and for the state view. Thread-safe; every answer is a snapshot.</summary>
internal sealed class ChatReader(DingTalkChats chats, CardInstances cards)
{
    private static readonly string[] TextKeys = [CardInstance.AiContentKey, "content", "markdown", "text", "body"];
    private static readonly string[] TitleKeys = ["title", "msgTitle"];
    private static readonly string[] Workings = [CardInstance.FlowStatusKey, "sys_full_json_obj", "config", "sys_lastMessageI18n"];

    /// <summary>Most recently active first.</summary>
    public IReadOnlyList<ChatLine> ChatsOf(string userId) =>
        [.. chats.All(userId).Select(c => new ChatLine(c, chats.Unread(userId, c.Id), chats.Messages(c.Id, 1) is [var last] ? Read(last, userId) : null))];

    /// <summary>Oldest first; the last <paramref name="limit"/> of them. A chat that the person is not in has none.</summary>
    public IReadOnlyList<MessageReading> Messages(string chatId, string userId, int limit = int.MaxValue) =>
        chats.Find(chatId) is { } chat && chat.Has(userId) ? [.. chats.Messages(chatId, limit).Select(m => Read(m, userId))] : [];

    /// <param name="userId"><see langword="null"/>: as everybody sees it.</param>
    public MessageReading Read(DingTalkMessage message, string? userId)
    {
        if (message.OutTrackId is not { } id || cards.Find(id) is not { } card) return new MessageReading(message, message.Title, message.Text, message.IsMarkdown) { Version = message.Version.ToString() };
        var reading = Read(card, userId, out var title, out var text);
        return new MessageReading(message, title, text, IsMarkdown: true) { Card = reading, Version = $"{message.Version}.{card.Version}" };
    }

    public static CardReading Read(CardInstance card, string? userId, out string title, out string text)
    {
        var data = card.DataFor(userId);
        var titleKey = TitleKeys.FirstOrDefault(data.ContainsKey);
        var textKey = card.StreamedKey is { } streamed && data.ContainsKey(streamed) ? streamed : TextKeys.FirstOrDefault(data.ContainsKey);
        (title, text) = (titleKey is null ? "" : data[titleKey], textKey is null ? "" : data[textKey]);
        return new CardReading(
            card, [.. data.Where(v => v.Key != titleKey && v.Key != textKey && !Workings.Contains(v.Key) && !IsEmpty(v.Value) && !CardButtons.IsButtons(v.Value))], CardButtons.Of(data), card.Stage);
    }

    /// <summary>Templates show nothing where nothing is.</summary>
    private static bool IsEmpty(string value) => value.AsSpan().Trim() is "" or "[]" or "{}";
}
