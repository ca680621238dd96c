using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.DingTalk.Answers;

/// <summary>What follows the end of a card's row, in the transaction that notes it: what the card had no room for, or all of the text when the platform refused the card.</summary>
internal sealed class CardAnswerCompletion(AnswerCards cards, IOutbox outbox) : IOutboxCompletion
{
    /// <summary>So old that nobody waits for it any more; or gone, and so is its app.</summary>
    private static readonly string[] Worthless = ["expired", "app_not_configured", "unreadable_row"];

    public IReadOnlyCollection<OutboxOperation> Operations { get; } = [EndOfAnswer.Definition];

    public async ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, SendReceipt receipt, DateTimeOffset at)
    {
        if (cards.RestOf(entry) is { } rest) await QueueAsync(unit, entry, RowJson.Read<CardAnswerRow>(entry.Message.Content), rest, "rest");
    }

    public async ValueTask DeadAsync(IUnitOfWork unit, OutboxEntry entry, string reason, string message, DateTimeOffset at)
    {
        if (entry.Platform != DingTalkApps.Platform || Array.IndexOf(Worthless, reason) >= 0) return;
        var row = RowJson.Read<CardAnswerRow>(entry.Message.Content);
        await QueueAsync(unit, entry, row, AnswerCards.WithNote(row.Text, row.Note), "instead");
    }

    private ValueTask QueueAsync(IUnitOfWork unit, OutboxEntry entry, CardAnswerRow row, string text, string what) =>
        PlainParts.QueueAsync(outbox, unit, entry.App, row.To, text, DingTalkRow.Markdown, Languages.FromTag(row.Language) ?? Language.Chinese, $"{entry.IdempotencyKey} {what}", entry.Reference);
}
