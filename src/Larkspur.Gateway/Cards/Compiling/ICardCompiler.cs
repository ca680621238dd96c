using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>Makes a platform's card of a <see cref="CardMessage"/>. One per platform; what the platform cannot show is degraded, and said in the notes.</summary>
public interface ICardCompiler
{
    /// <summary><c>feishu</c>…</summary>
    string Platform { get; }

    /// <summary>Compiles.</summary>
    /// <param name="message">What is said.</param>
    /// <param name="face">Which card it is, and what has become of it.</param>
    /// <exception cref="ArgumentException">The platform has no card of it, however shortened; the sentence says why.</exception>
    CompiledCard Compile(CardMessage message, CardFace face);
}

/// <summary>A card as a platform takes it.</summary>
/// <param name="Content">The platform's own content.</param>
/// <param name="Notes">What was degraded, in words; empty: nothing.</param>
/// <param name="Text">The same facts as plain text, nothing cut: Chinese, or the one language that there is.</param>
public sealed record CompiledCard(string Content, IReadOnlyList<LocalText> Notes, string Text);

/// <summary>Which card it is, and what has become of it.</summary>
/// <param name="Kind">What the clicks' handler was registered under (<c>OnCardAction</c>).</param>
/// <param name="Card">The card's own id; comes back with every click.</param>
public sealed record CardFace(string Kind, string Card)
{
    /// <summary>The member of a click's value that names the handler.</summary>
    public const string KindField = "kind";

    /// <summary>The member of a click's value that names the card.</summary>
    public const string CardField = "card";

    /// <summary>The member of a click's value that names the action.</summary>
    public const string ActionField = "action";

    /// <summary>Who did what when, the newest last.</summary>
    public IReadOnlyList<CardMark> Marks { get; init; } = [];

    /// <summary>When the card was sent; a mark of another day says its day. Null: only the time of day is said.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>It is decided: nothing more can be done on it but opening addresses.</summary>
    public bool IsResolved { get; init; }

    /// <summary>The status that shows; null: the message's own.</summary>
    public CardStatus? Status { get; init; }
}

/// <summary>Somebody did something.</summary>
/// <param name="Done">What was done, in both languages: “批准”, “Approved”.</param>
/// <param name="PersonId">The platform's id of the person.</param>
/// <param name="Name">Their name, when it may be seen.</param>
/// <param name="At">When; null: it is not said.</param>
public sealed record CardMark(LocalText Done, string PersonId, string? Name, DateTimeOffset? At)
{
    /// <summary>Says this in place of the sentence, as plain text, given how the time is written.</summary>
    public Func<string, LocalText>? Line { get; init; }

    /// <summary>A line that says what it says.</summary>
    public static CardMark Saying(LocalText line) => new(line, "", null, null) { Line = _ => line };

    /// <summary>A line with a time in it, which each platform writes as its readers understand it.</summary>
    public static CardMark Saying(Func<string, LocalText> line, DateTimeOffset at) =>
        new(new LocalText("", ""), "", null, at) { Line = line };

    /// <summary>The sentence of it; <paramref name="name"/> and <paramref name="time"/> as the place wants them.</summary>
    public LocalText Sentence(string name, string time) => Line is { } line ? line(time) : CardTexts.ByAt(Done, name, time);

    /// <summary>The sentence by the clocks of <paramref name="zone"/>, for a card that was sent at <paramref name="sentAt"/>.</summary>
    internal LocalText Sentence(string name, DateTimeOffset? sentAt, TimeZoneInfo zone) =>
        Sentence(name, At is { } at ? CardTime.Text(at, sentAt, zone) : "");
}
