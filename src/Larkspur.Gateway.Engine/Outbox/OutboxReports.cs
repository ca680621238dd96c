using System.Text;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Outbox;

/// <summary>Tells what became of rows: in their histories, and to those who wait.</summary>
internal sealed class OutboxReports(FailureText text, OutboxCompletions completions)
{
    /// <summary>Those who wait for a row's end.</summary>
    public OutboxOutcomes Outcomes { get; } = new();

    /// <summary>A row has ended, or somebody else works on it: who waits for it looks again.</summary>
    public void Ended(long id) => Outcomes.Ended(id);

    /// <summary>Tells whoever asked for it that the platform took it.</summary>
    public async ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, SendReceipt receipt, DateTimeOffset at)
    {
        foreach (var completion in completions.For(entry)) await completion.SentAsync(unit, entry, receipt, at);
    }

    /// <summary>Notes in the row's history why it will not be sent, and tells whoever asked for it.</summary>
    public async ValueTask DeadAsync(IUnitOfWork unit, OutboxEntry entry, string reason, string why, DateTimeOffset at, string node)
    {
        await RowHistory.AddAsync(unit, RowHistory.Outbox, entry.Id, new HistoryLine { At = at, What = HistoryLine.Dead, Who = node, Message = Clean(why, entry) });
        foreach (var completion in completions.For(entry)) await completion.DeadAsync(unit, entry, reason, Clean(why, entry), at);
    }

    /// <summary>Notes in both rows' histories that one took the other's place.</summary>
    public static async ValueTask FellBackAsync(IUnitOfWork unit, OutboxEntry refused, OutboxEntry instead, DateTimeOffset at, string node)
    {
        await RowHistory.AddAsync(unit, RowHistory.Outbox, refused.Id, new HistoryLine { At = at, What = HistoryLine.FellBack, Who = node, Message = $"row {instead.Id} says the same as {instead.Message.MessageType}" });
        await RowHistory.AddAsync(unit, RowHistory.Outbox, instead.Id, new HistoryLine { At = at, What = HistoryLine.FellBack, Who = node, Message = $"in place of row {refused.Id}, which was refused" });
    }

    /// <summary>The platform may repeat in its refusal what the message says.</summary>
    private string Clean(string why, OutboxEntry entry) => text.Sentence(why, Encoding.UTF8.GetBytes(entry.Message.Content));
}
