using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Conversations;

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

    /// <summary>A card of its own making, which comes in place of all above; null: the words are the answer.</summary>
    public CardMessage? Card { get; init; }

    /// <summary>Whoever reads <see cref="Card"/> where a platform has one language alone (<c>zh_cn</c>, <c>en_us</c>); null: Chinese.</summary>
    public string? Locale { get; init; }

    /// <summary>Who hears of clicks on <see cref="Card"/>; null: nobody.</summary>
    public CardFace? Face { get; init; }

    /// <summary>A card as Feishu takes it (JSON 2.0), where that is more than <see cref="Card"/> can say; other platforms show the words. Null: none.</summary>
    public string? DrawnCard { get; init; }

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
/// <param name="Action">What a click on it asks for.</param>
/// <param name="IsPrimary">Drawn as the one to click.</param>
internal sealed record ResponseButton(string Text, AnswerAction Action, bool IsPrimary = false);
