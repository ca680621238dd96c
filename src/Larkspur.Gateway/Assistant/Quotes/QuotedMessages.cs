using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Assistant.Quotes;

/// <summary>Reads the messages that questions point at, where their words did not come along. What cannot be read costs the quotation and not the question.</summary>
internal sealed partial class QuotedMessages(IEnumerable<IConversationChannel> channels, TurnStore store, TimeProvider clock,
    ILogger<QuotedMessages> logger)
{
    /// <summary>What was said so many turns ago is taken for known; before that a backend may have forgotten it.</summary>
    private const int Remembered = 5;

    /// <summary>Nobody's answer waits longer for it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyDictionary<string, IConversationChannel> _channels = channels.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>The turn with the message that it points at. Its words are put down: they belong to the conversation from here on.</summary>
    /// <returns>Without words: they cannot be had. Without the message: the conversation has it.</returns>
    /// <exception cref="Storage.StorageUnavailableException">The database is away.</exception>
    public async Task<Turn> ReadAsync(Turn turn, CancellationToken cancellation)
    {
        if (turn.Quoted is not { } quoted) return turn;
        // In a thread every message points at an earlier one. A question of nothing else is about it all the same.
        var known = turn.Question.Length > 0 ? await store.RecentAsync(turn.Conversation, turn.Id, Remembered, cancellation) : [];
        if (quoted.MessageId is { } id && known.Any(k => k.Files.Count == 0 && (k.Name == Turn.NameOf(turn.Platform, turn.App, id) || (quoted.Text is null && k.Quoted?.MessageId == id && k.Quoted.Text is not null)))) return turn with { Quoted = null };
        // It came along, or a turn that is answered again has it.
        if (quoted.Text is not null || await AskAsync(turn, quoted, cancellation) is not { } read) return turn;
        if (known.Any(k => k.Id == read.AnswerOf)) return turn with { Quoted = null };
        if (!read.IsGrowing) await store.QuotedAsync(turn.Id, read, cancellation);
        return turn with { Quoted = read };
    }

    private async Task<QuotedMessage?> AskAsync(Turn turn, QuotedMessage quoted, CancellationToken cancellation)
    {
        if (!_channels.TryGetValue(turn.Platform, out var channel)) return null;
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            var read = await channel.ReadQuotedAsync(turn.App, quoted, both.Token);
            if (string.IsNullOrWhiteSpace(read.Text) && read.Attachments.Count == 0) throw new AttachmentException(AttachmentTrouble.Gone, "It says nothing that can be read.");
            return QuotedText.Bounded(read with { Text = read.Text ?? "" });
        }
        catch (AttachmentException e)
        {
            MessageNotRead(turn.Id, e.Trouble, e.Message);
            return null;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            MessageTooSlow(turn.Id, Patience);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The message that turn {TurnId} points at was not read ({Trouble}): {Reason}")]
    private partial void MessageNotRead(long turnId, AttachmentTrouble trouble, string reason);
    [LoggerMessage(LogLevel.Warning, "The message that turn {TurnId} points at was not read within {Patience}")]
    private partial void MessageTooSlow(long turnId, TimeSpan patience);
}
