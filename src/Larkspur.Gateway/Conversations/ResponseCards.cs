using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Conversations;

/// <summary>What is said as a card in no platform's words, for the platform's card compiler; and its buttons back from there.</summary>
internal sealed class ResponseCards(IEnumerable<ICardCompiler> compilers)
{
    /// <summary>Under which clicks on such cards come back.</summary>
    public const string Kind = CardKinds.Assistant;

    private const int SummaryLength = 80;

    private readonly IReadOnlyDictionary<string, ICardCompiler> _compilers = compilers.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>The platform's card of a response.</summary>
    public CompiledCard Compile(string platform, UnifiedResponse response) => response.Card is { } card
        ? _compilers[platform].Compile(card, response.Face ?? new CardFace("", ""))
        : _compilers[platform].Compile(MessageOf(response), new CardFace(Kind, response.Buttons is [var first, ..] ? first.Action.Turn : ""));

    /// <summary>The same, where the platform's form is Markdown with buttons. Clicks come back there on answers' buttons alone, so no others are shown.</summary>
    public MarkdownCard Markdown(string platform, UnifiedResponse response)
    {
        if (response is { Card: { } own, Locale: { } locale }) response = response with { Card = In(own, locale) };
        var card = MarkdownCard.Read(Compile(platform, response));
        return response.Buttons.Count > 0 ? card : card with { Buttons = [] };
    }

    /// <summary>A card's buttons as its channel knows them.</summary>
    /// <param name="card">As compiled.</param>
    /// <param name="response">What it was compiled of.</param>
    public static IReadOnlyList<ResponseButton> Buttons(MarkdownCard card, UnifiedResponse response) =>
        [.. card.Buttons.Select(b => AnswerAction.TryOf(b.Id, response.Buttons[0].Action.Turn, out var action) ? new ResponseButton(b.Label, action, b.IsPrimary) : null).OfType<ResponseButton>()];

    private static CardMessage MessageOf(UnifiedResponse response) => new()
    {
        Title = response.Title ?? "",
        Text = response.Kind == ResponseKind.Text ? LocalText.From(response.Content) : null,
        Markdown = response.Kind == ResponseKind.Text ? null : LocalText.From(response.Content),
        Summary = LocalText.From(Beginning(response.Title is { Length: > 0 } title ? title : response.Content)),
        Footnote = response.Note is { Length: > 0 } note ? LocalText.From(note) : null,
        Status = response.Title is { Length: > 0 } ? CardStatus.Info : CardStatus.Neutral,
        Actions = [.. response.Buttons.Select(b => new CardMessageAction { Id = b.Action.Word, Label = b.Text, Style = b.IsPrimary ? CardActionStyle.Primary : CardActionStyle.Default, Once = false })],
    };

    /// <summary>The card in one language alone: there nobody tells which one a reader's client has.</summary>
    private static CardMessage In(CardMessage card, string locale)
    {
        return card with
        {
            Title = Own(card.Title)!, Text = Own(card.Text), Markdown = Own(card.Markdown), Footnote = Own(card.Footnote),
            Facts = [.. card.Facts.Select(f => f with { Label = Own(f.Label)!, Value = Own(f.Value)! })],
            Actions = [.. card.Actions.Select(a => a with { Label = Own(a.Label)! })],
            Picture = card.Picture is { } picture ? picture with { Alt = Own(picture.Alt)! } : null,
        };

        LocalText? Own(LocalText? text) => text is null ? null : LocalText.From(text.In(locale));
    }

    /// <summary>One line for lists of chats.</summary>
    private static string Beginning(string text)
    {
        var line = string.Join(' ', text.Split((char[])['\n', '\r', '\t', ' ', '*', '#', '`'], StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= SummaryLength ? line.Length > 0 ? line : "…" : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[SummaryLength - 1]) ? SummaryLength - 1 : SummaryLength), "…");
    }
}
