namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>One card of a stream as it has to be remembered by whoever wants to go on after a crash.</summary>
/// <param name="Number">0 for the first.</param>
public sealed record StreamedPage(int Number)
{
    /// <summary>How it is changed.</summary>
    public StreamingMode Mode { get; init; }

    /// <summary>Its CardKit entity, if it has one.</summary>
    public string? CardId { get; init; }

    /// <summary>The message that shows it; null: not known to be sent.</summary>
    public string? MessageId { get; init; }
}

/// <summary>How a card is changed.</summary>
public enum StreamingMode
{
    /// <summary>Nothing was sent yet.</summary>
    None = 0,

    /// <summary>As a CardKit entity: only the text travels, and the client types it.</summary>
    CardKit = 1,

    /// <summary>The whole message, by PATCH.</summary>
    Patch = 2,
}

/// <summary>Remembers a stream's cards.</summary>
public interface IStreamJournal
{
    /// <summary>Numbers for the operations on a page's entity.</summary>
    ICardSequence NumbersOf(int page);

    /// <summary>Remembers a page. Called before a message is sent that shows it, and when its message id is known.</summary>
    ValueTask KeepAsync(StreamedPage page, CancellationToken cancellation);
}

/// <summary>Remembers nothing beyond the process.</summary>
internal sealed class MemoryJournal : IStreamJournal
{
    private readonly Dictionary<int, CountingSequence> _numbers = [];

    public ICardSequence NumbersOf(int page)
    {
        lock (_numbers)
        {
            if (!_numbers.TryGetValue(page, out var numbers)) _numbers.Add(page, numbers = new());
            return numbers;
        }
    }

    public ValueTask KeepAsync(StreamedPage page, CancellationToken cancellation) => ValueTask.CompletedTask;
}
