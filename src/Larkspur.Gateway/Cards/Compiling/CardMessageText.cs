using System.Text;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Cards;

/// <summary>A <see cref="CardMessage"/> as plain text, in one language, nothing cut.</summary>
internal static class CardMessageText
{
    public static string Of(CardMessage message, CardFace face, TimeZoneInfo zone, string locale = "zh_cn")
    {
        var chinese = locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase);
        var text = new StringBuilder();
        Line(message.Title);
        if ((message.Text ?? message.Markdown) is { } body) Line(body);
        foreach (var fact in message.Facts) text.Append(fact.Label.In(locale)).Append(chinese ? "：" : ": ").AppendLine(fact.Value.In(locale));
        if (message.Picture is { } picture) text.Append('[').Append(picture.Alt.In(locale)).Append(']').AppendLine(picture.Url is { } url ? " " + url : "");
        foreach (var mark in face.Marks) Line(mark.Sentence(mark.Name ?? mark.PersonId, face.SentAt, zone));
        if (!face.IsResolved)
        {
            foreach (var input in message.Inputs)
                text.Append("· ").Append(input.Label.In(locale)).AppendLine(input.Required ? CardTexts.Required.In(locale) : "");
        }

        foreach (var action in message.Actions.Append(message.Submit).OfType<CardMessageAction>().Where(a => a.Url is not null || !face.IsResolved))
            text.Append('[').Append(action.Label.In(locale)).Append(']').AppendLine(action.Url is { } url ? " " + url : "");
        if (message.Footnote is { } footnote) Line(footnote);
        return text.ToString().TrimEnd().ReplaceLineEndings("\n");

        void Line(LocalText line) => text.AppendLine(line.In(locale));
    }
}
