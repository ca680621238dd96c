using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Channels.Conversations;

/// <summary>What is said as a card in no platform's words, for the platform's card compiler; and its buttons back from there.</summary>
internal sealed class ResponseCards(IEnumerable<ICardCompiler> compilers)
{
    /// <summary>Under which clicks on such cards come back.</summary>
    public const string Kind = "assistant";

    private const int SummaryLength = 80;

    private readonly IReadOnlyDictionary<string, ICardCompiler> _compilers = compilers.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>The platform's card of a response.</summary>
    public CompiledCard Compile(string platform, UnifiedResponse response) =>
        _compilers[platform].Compile(MessageOf(response), new CardFace(Kind, response.Buttons is [var first, ..] ? first.Deed.Turn : ""));

    /// <summary>The same, where the platform's form is Markdown with buttons.</summary>
    public MarkdownCard Markdown(string platform, UnifiedResponse response) => MarkdownCard.Read(Compile(platform, response));

    /// <summary>A card's buttons as its channel knows them.</summary>
    /// <param name="card">As compiled.</param>
    /// <param name="response">What it was compiled of.</param>
    public static IReadOnlyList<ResponseButton> Buttons(MarkdownCard card, UnifiedResponse response) =>
        [.. card.Buttons.Select(b => AnswerDeed.TryOf(b.Id, response.Buttons[0].Deed.Turn, out var deed) ? new ResponseButton(b.Label, deed, b.IsPrimary) : null).OfType<ResponseButton>()];

    private static CardMessage MessageOf(UnifiedResponse response) => new()
    {
        Title = response.Title ?? "",
        Text = response.Kind == ResponseKind.Text ? LocalText.From(response.Content) : null,
        Markdown = response.Kind == ResponseKind.Text ? null : LocalText.From(response.Content),
        Summary = LocalText.From(Beginning(response.Title is { Length: > 0 } title ? title : response.Content)),
        Footnote = response.Note is { Length: > 0 } note ? LocalText.From(note) : null,
        Status = response.Title is { Length: > 0 } ? CardStatus.Info : CardStatus.Neutral,
        Actions = [.. response.Buttons.Select(b => new CardMessageAction { Id = b.Deed.Word, Label = b.Text, Style = b.IsPrimary ? CardActionStyle.Primary : CardActionStyle.Default, Once = false })],
    };

    /// <summary>One line for lists of chats.</summary>
    private static string Beginning(string text)
    {
        var line = string.Join(' ', text.Split((char[])['\n', '\r', '\t', ' ', '*', '#', '`'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= SummaryLength ? line.Length > 0 ? line : "…" : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[SummaryLength - 1]) ? SummaryLength - 1 : SummaryLength), "…");
    }
}
