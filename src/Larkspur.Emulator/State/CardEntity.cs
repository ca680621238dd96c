namespace Larkspur.Emulator.State;

public enum CardStreaming { Closed, Open, TimedOut }

/// <summary>A card that lives by itself on the platform (CardKit) and is shown by the one message that sent it. JSON 2.0 only.</summary>
public sealed record CardEntity
{
    public required string CardId { get; init; }
    /// <summary>The app that made it: the only one that may send and change it.</summary>
    public required string AppId { get; init; }
    public required string Json { get; init; }
    public required DateTimeOffset CreateTime { get; init; }
    /// <summary>Number of the last operation; the next one must have a greater one.</summary>
    public int Sequence { get; init; }
    public CardStreaming Streaming { get; init; }
    /// <summary>Since when it streams; the platform closes it 10 minutes later.</summary>
    public DateTimeOffset? StreamingSince { get; init; }
    /// <summary>The message that shows it; <see langword="null"/> until it was sent.</summary>
    public string? MessageId { get; init; }
}
