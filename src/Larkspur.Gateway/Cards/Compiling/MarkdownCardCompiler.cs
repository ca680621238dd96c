using System.Globalization;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>Makes a <see cref="MarkdownCard"/>: for platforms whose cards have fixed places, or none. Of two languages the Chinese is taken: nobody tells there which one the reader's client has.</summary>
/// <param name="platform">Which.</param>
/// <param name="mostButtons">Buttons of one card there.</param>
/// <param name="companyZone">Times are the company's: these cards know no reader's zone.</param>
internal sealed class MarkdownCardCompiler(string platform, int mostButtons, TimeZoneInfo companyZone) : ICardCompiler
{
    public string Platform => platform;

    public CompiledCard Compile(CardMessage message, CardFace face)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(face);
        var notes = new List<LocalText>();
        var callbacks = face.IsResolved ? [] : message.Actions.Where(a => a.Url is null).ToArray();
        if (callbacks.Length > mostButtons) notes.Add(CardTexts.ActionsLeftOut(callbacks.Length - mostButtons, callbacks.Length,
            mostButtons));
        if (callbacks.Any(a => a.Confirm is not null)) notes.Add(CardTexts.NothingAsked);
        if (message.Inputs.Count > 0 && !face.IsResolved) notes.Add(CardTexts.FormLeftOut);
        if (message.Status != CardStatus.Neutral || face.Status is not null) notes.Add(CardTexts.NoColour);
        var (text, isPlain) = BodyOf(message, face);
        var card = new MarkdownCard(text, isPlain)
        {
            Title = message.Title.Chinese is { Length: > 0 } title ? title : null, Note = message.Footnote?.Chinese,
            Buttons = [.. callbacks.Take(mostButtons).Select(a => new MarkdownCardButton(a.Id, a.Label.Chinese, a.Style == CardActionStyle.Primary))],
        };
        return new CompiledCard(JsonSerializer.Serialize(card), notes, CardMessageText.Of(message, face, companyZone));
    }

    private (string Text, bool IsPlain) BodyOf(CardMessage message, CardFace face)
    {
        var links = message.Actions.Where(a => a.Url is not null).ToArray();
        // Words alone stay words: as Markdown they would have to be made harmless, and look it.
        if (message.Text is { } words && message.Facts.Count == 0 && message.Picture is null && links.Length == 0 && face.Marks.Count == 0) return (words.Chinese, true);
        var body = new StringBuilder();
        if ((message.Markdown?.Chinese ?? Harmless(message.Text?.Chinese)) is { Length: > 0 } text) Paragraph(text);
        if (message.Facts.Count > 0) Paragraph(string.Join('\n', message.Facts.Select(Fact)));
        if (message.Picture is { Url: { } picture } shown) Paragraph($"[{Harmless(shown.Alt.Chinese)}]({picture})");
        if (face.Marks.Count > 0) Paragraph(string.Join('\n', face.Marks.Select(m => $"**{Harmless(m.Sentence(m.Name ?? m.PersonId, face.SentAt, companyZone).Chinese)}**")));
        if (links.Length > 0) Paragraph(string.Join("　", links.Select(a => $"[{Harmless(a.Label.Chinese)}]({a.Url})")));
        return (body.ToString(), false);

        void Paragraph(string paragraph)
        {
            if (body.Length > 0) body.Append("\n\n");
            body.Append(CultureInfo.InvariantCulture, $"{paragraph}");
        }
    }

    private static string Fact(CardFact fact) =>
        $"- **{Harmless(fact.Label.Chinese)}**{Colon(fact.Label.Chinese)}{Harmless(fact.Value.Chinese)}";

    /// <summary>As the label's script writes it: the card is in one language by now.</summary>
    private static string Colon(string label) => label.Any(c => c >= '\u2E80') ? "：" : ": ";

    /// <summary>Words within Markdown that may hold anything: tags (mentions among them) and links are broken up.</summary>
    private static string? Harmless(string? words) => words?.Replace("<", "＜", StringComparison.Ordinal).Replace("](", "]\u2060(", StringComparison.Ordinal);
}
