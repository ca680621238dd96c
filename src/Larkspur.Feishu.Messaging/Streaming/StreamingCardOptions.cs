namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>How a streaming card looks and how fast it is written.</summary>
public sealed record StreamingCardOptions
{
    /// <summary>Header of the card; null: it has none.</summary>
    public string? Title { get; init; }

    /// <summary>Header colour while it is written: <c>blue</c>, <c>grey</c>… Default <c>blue</c>.</summary>
    public string Template { get; init; } = "blue";

    /// <summary>What the card says until the first piece is there.</summary>
    public string Thinking { get; init; } = "…";

    /// <summary>What lists and notifications show while it is written; null: <see cref="Thinking"/>.</summary>
    public string? Summary { get; init; }

    /// <summary>Components below the text while it is written, each as card JSON 2.0 (a button that stops it), at most 1,000 bytes in all. The last face has those of its <see cref="StreamingCardEnd"/>.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>False: never CardKit, for an app without the scope <c>cardkit:card:write</c> that wants to save the first refusal. Default true.</summary>
    public bool UseCardKit { get; init; } = true;

    /// <summary>
    /// Least time between two frames of a card, at least 100 ms. Default 150 ms: the platform takes ten operations of a card a second, and the last ones come close upon a frame.
    /// </summary>
    public TimeSpan FrameInterval { get; init; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The same where the whole message is changed (the fall-back), at least 200 ms: the platform takes five changes of a message a second. Default 500 ms.</summary>
    public TimeSpan PatchInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Size of a card's text, by <see cref="StreamingMarkdown.Size"/>; what is longer goes on in a further card. Default 26,000: a card has 30 KB, its frame included. From 1,000 to 28,000.</summary>
    public int PageSize { get; init; } = 26_000;

    /// <summary>True: <c>&lt;at&gt;</c> and <c>&lt;person&gt;</c> in the text count. Default false: whoever wrote the text could call everybody.</summary>
    public bool AllowMentions { get; init; }

    /// <summary>How long the last frame is tried. Default 2 min.</summary>
    public TimeSpan FinalPatience { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Key under which the cards are sent, up to 40 characters: the platform shows one message per key within an hour. Null: one of its own.</summary>
    public string? IdempotencyKey { get; init; }

    /// <exception cref="ArgumentException">A value is outside of its bounds.</exception>
    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(FrameInterval, TimeSpan.FromMilliseconds(100));
        ArgumentOutOfRangeException.ThrowIfLessThan(PatchInterval, TimeSpan.FromMilliseconds(200));
        ArgumentOutOfRangeException.ThrowIfLessThan(PageSize, 1000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(PageSize, 28_000);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FinalPatience.Ticks, nameof(FinalPatience));
        if (IdempotencyKey is { } key && (key.Length is 0 or > 40)) throw new ArgumentException("A key has 1 to 40 characters.", nameof(IdempotencyKey));
        if (Components.Sum(c => StreamingMarkdown.Size(c)) > 1000) throw new ArgumentException("Components beside a text that is being written are to be short: 1,000 bytes in all.", nameof(Components));
        if (StreamingMarkdown.Size($"{Title}{Thinking}{Summary}") > 1000) throw new ArgumentException("Title, thinking text and summary are to be short: 1,000 bytes in all.");
    }
}

/// <summary>What a streamed card ends with, beside its text.</summary>
public sealed record StreamingCardEnd
{
    /// <summary>Small grey text below; null: none.</summary>
    public string? Footer { get; init; }

    /// <summary>Components below the text, each as card JSON 2.0 (a button, a column set…), at most 3,000 bytes in all.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Header colour of the finished card; null: as it was.</summary>
    public string? Template { get; init; }

    /// <summary>What lists and notifications show; null: the beginning of the text.</summary>
    public string? Summary { get; init; }

    internal int Size => StreamingMarkdown.Size(Footer) + StreamingMarkdown.Size(Summary) + Components.Sum(c => StreamingMarkdown.Size(c));
}
