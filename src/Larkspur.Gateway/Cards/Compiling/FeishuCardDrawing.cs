using System.Globalization;
using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>One drawing of a message in one shape, and what was left out for it.</summary>
internal sealed class FeishuCardDrawing(CardMessage message, CardFace face, FeishuCardShape shape)
{
    /// <summary>Characters of a header that a phone shows without cutting it off in the middle of the screen.</summary>
    private const int LongestTitle = 120;

    /// <summary>A character of nobody's script, where a time will stand.</summary>
    private const string TimeHere = "\uE000";

    private readonly List<LocalText> _notes = [];

    public IReadOnlyList<LocalText> Notes => _notes;

    public string Draw()
    {
        var card = new CardBuilder();
        // What is said in a conversation needs no heading.
        if (message.Title.Chinese.Length > 0) card.Header(Text.Plain(I18n(Cut(message.Title, LongestTitle, CardTexts.ItsTitle))),
            TemplateOf(face.Status ?? message.Status));
        card.Summary(I18n(Cut(message.Summary ?? message.Title, LongestTitle, CardTexts.ItsSummary)));
        if (message.Text is { } text) card.PlainText(I18n(Cut(text, shape.Text, CardTexts.ItsText)));
        // Cut before it is made safe: a cut must not fall into an entity.
        if (message.Markdown is { } markdown) card.Markdown(I18n(Cut(markdown, shape.Text, CardTexts.ItsText).Select(SafeMarkdown.Of)));
        DrawPicture(card);
        DrawFacts(card);
        var actions = new FeishuCardActions(message, face, shape, _notes);
        if (face.Marks.Count > 0) card.Divider();
        foreach (var mark in face.Marks) card.Markdown(I18n(SentenceOf(mark).Select(sentence => $"**{sentence}**")));
        if (actions.Any && face.Marks.Count == 0) card.Divider();
        actions.Draw(card);
        if (message.Footnote is { } footnote) card.Note(I18n(footnote));
        return card.ToJson();
    }

    private void DrawPicture(CardBuilder card)
    {
        if (message.Picture is not { } picture) return;
        if (picture.Key is { } key)
        {
            card.Image(key, I18n(picture.Alt));
            return;
        }

        _notes.Add(CardTexts.ImageAsLink);
        card.Markdown(I18n(picture.Alt.Select(alt => CardMarkdown.Link(alt, picture.Url!))));
    }

    private void DrawFacts(CardBuilder card)
    {
        var shown = message.Facts.Take(shape.Facts).Select(f =>
            f with { Value = Cut(f.Value, shape.Value, CardTexts.ValueOf(f.Label)) }).ToArray();
        var pair = new List<CardFact>(2);
        foreach (var fact in shown)
        {
            if (!fact.Wide) pair.Add(fact);
            if (pair.Count == 2 || fact.Wide) Flush();
            if (fact.Wide) card.Markdown(I18n(FactOf(fact)));
        }

        Flush();
        var left = message.Facts.Count - shown.Length;
        if (left <= 0) return;
        var count = left.ToString(CultureInfo.InvariantCulture);
        _notes.Add(CardTexts.FactsLeftOut(left, message.Facts.Count));
        card.Note(I18n(CardTexts.AndMore(count)));

        void Flush()
        {
            if (pair.Count > 0)
                card.Add(new ColumnSet([.. pair.Select(fact => new Column([new MarkdownText(I18n(FactOf(fact)))]) { Width = CardLength.Weighted, Weight = 1 })]) { FlexMode = FlexMode.Bisect });
            pair.Clear();
        }
    }

    private static LocalText FactOf(CardFact fact) =>
        fact.Label.Select(label => $"**{CardMarkdown.Escape(label)}**\n") + fact.Value.Select(CardMarkdown.Escape);

    private LocalText SentenceOf(CardMark mark)
    {
        // What is said is made safe with a place for the time in it: the time is a tag, which must stay one.
        var said = mark.Line is { } line ? line(TimeHere).Select(CardMarkdown.Escape) : mark.Sentence(NameOf(mark), TimeHere);
        var time = mark.At is { } at ? CardTime.FeishuMarkdown(at, face.SentAt) : "";
        return said.Select(text => text.Replace(TimeHere, time, StringComparison.Ordinal));
    }

    /// <summary>Without a name a mention: the client shows it by name to those who may see it.</summary>
    private static string NameOf(CardMark mark) => string.IsNullOrEmpty(mark.Name) ? CardMarkdown.At(mark.PersonId) : CardMarkdown.Escape(mark.Name);

    private LocalText Cut(LocalText text, int most, LocalText what)
    {
        if (text.Chinese.Length <= most && text.English.Length <= most) return text;
        _notes.Add(CardTexts.WasCut(what, Math.Max(text.Chinese.Length, text.English.Length), most));
        return text.Select(t => CutTo(t, most));
    }

    private static string CutTo(string text, int most)
    {
        if (text.Length <= most) return text;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[most - 2]) ? most - 2 : most - 1), "…");
    }

    internal static I18nText I18n(LocalText text) => text.IsSame ? new I18nText(text.Chinese) : new I18nText(text.Chinese).In("zh_cn", text.Chinese).In("en_us", text.English);

    private static HeaderTemplate TemplateOf(CardStatus status) => status switch
    {
        CardStatus.Info => HeaderTemplate.Blue,
        CardStatus.Success => HeaderTemplate.Green,
        CardStatus.Warning => HeaderTemplate.Orange,
        CardStatus.Danger => HeaderTemplate.Red,
        CardStatus.Progress => HeaderTemplate.Wathet,
        CardStatus.Closed => HeaderTemplate.Grey,
        _ => HeaderTemplate.Default,
    };
}
