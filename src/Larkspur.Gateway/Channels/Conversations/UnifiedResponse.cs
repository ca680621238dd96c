namespace Larkspur.Gateway.Channels.Conversations;

/// <summary>What is said to a person in one piece; each platform gives it the best form that it has.</summary>
/// <param name="Content">Markdown of the common kind (headings, bold, lists, links, code); text when <see cref="Kind"/> says so.</param>
internal sealed record UnifiedResponse(string Content)
{
    public ResponseKind Kind { get; init; } = ResponseKind.Markdown;

    /// <summary>Heading of a card; null: none.</summary>
    public string? Title { get; init; }

    /// <summary>Small print below; null: none.</summary>
    public string? Note { get; init; }

    /// <summary>Buttons below, where the platform has any; the words must make sense without them.</summary>
    public IReadOnlyList<ResponseButton> Buttons { get; init; } = [];

    public IReadOnlyList<UnifiedAttachment> Attachments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Plain words, which may hold anything: nothing in them is taken for markup.</summary>
    public static UnifiedResponse Text(string words) => new(words) { Kind = ResponseKind.Text };
}

/// <summary>How content is meant.</summary>
internal enum ResponseKind
{
    Text,
    Markdown,
    Card,
}

/// <summary>A button.</summary>
/// <param name="Text">What it says.</param>
/// <param name="Deed">What a click on it asks for.</param>
/// <param name="IsPrimary">Drawn as the one to click.</param>
internal sealed record ResponseButton(string Text, AnswerDeed Deed, bool IsPrimary = false);
